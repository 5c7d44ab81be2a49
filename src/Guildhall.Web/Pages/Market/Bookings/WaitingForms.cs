using System.Globalization;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Waiting;
using Guildhall.Web.Pages.Account;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>Waiting lists are joined and left by form.</summary>
internal static class WaitingForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/services/{id}/waiting", "JoinWaitlistForm", Join).ForAnyone();
        app.MapPosted("/waiting/{id}/leave", "LeaveWaitlistForm", Leave).RequiresSignIn();
    }

    private static async Task<IResult> Join(Posted form)
    {
        var page = $"/services/{form.Id<ServiceId>()}";
        if (!form.Caller.IsSignedIn) return form.Done(SignInForms.Address(page));
        if (!Day(form["waitFrom"], out var from) || !Day(form["waitUntil"], out var until)) return form.Sorry(page, MarketplaceRefusals.WaitDaysInvalid);
        var joined = await JoinWaitlist.Run(form.Database, form.Caller, form.Id<ServiceId>(), new JoinWaitlist.Body(from, until), form.Stop);
        if (joined.Is(out _, out var refusal)) return form.Done("/waiting", form.T("You are on the list. You get a message when a time becomes free.", "أنت في القائمة. تصلك رسالة عندما يصبح موعد متاحًا."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    private static async Task<IResult> Leave(Posted form)
    {
        await LeaveWaitlist.Run(form.Database, form.Caller, form.Id<WaitId>(), form.Stop);
        return form.Done("/waiting", form.T("You left the list.", "تركت القائمة."));
    }

    private static bool Day(string text, out DateOnly date) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
