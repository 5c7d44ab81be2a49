using System.Globalization;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Web.Pages.Account;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market;

/// <summary>Holds the chosen time. A visitor signs in first and finds the time still chosen.</summary>
internal static class HoldForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPosted("/services/{id}/hold", nameof(HoldForm), Send).ForAnyone().Idempotent();

    private static async Task<IResult> Send(Posted form)
    {
        var service = form.Id<ServiceId>();
        var start = form["start"];
        var page = $"/services/{service}?slot={Uri.EscapeDataString(start)}{From(start)}";
        if (start.Length == 0) return form.Done($"/services/{service}", form.T("Choose a time first.", "اختر وقتًا أولًا."), Components.Text.Tone.Warn);
        if (!form.Caller.IsSignedIn) return form.Done(SignInForms.Address(page));
        var held = await HoldSlot.Run(form.Database, form.Caller, new HoldSlot.Body(service, start, form["note"]), form.Stop);
        return held.Is(out var booking, out var refusal) ? form.Done($"/bookings/{booking.Id}") : form.Sorry($"/services/{service}{From(start).Replace('&', '?')}", refusal);
    }

    // The week in which the chosen time stands; the address is only shown, the use case decides.
    private static string From(string start) => start.Length >= 10 && DateOnly.TryParseExact(start[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? $"&from={day:yyyy-MM-dd}" : "";
}
