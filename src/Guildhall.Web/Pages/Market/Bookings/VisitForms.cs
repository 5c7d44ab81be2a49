using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Visits;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>What both sides of a visit do by form.</summary>
internal static class VisitForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/bookings/{id}/visit/address", "VisitAddressForm", Address).RequiresSignIn();
        app.MapPosted("/bookings/{id}/visit/renew-code", "RenewVisitCodeForm", Renew).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/visit/on-my-way", "OnMyWayForm", Leave).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/visit/check-in", "CheckInForm", Arrive).RequiresSignIn().Idempotent();
    }

    private static async Task<IResult> Address(Posted form)
    {
        var page = $"/bookings/{form.Id<BookingId>()}";
        var point = MapPoint.Read(form["point"]);
        if (form["point"].Length > 0 && point is null)
            return form.Refused(page + "#visit", FoundationRefusals.InvalidInput.With(("fields", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["point"] = form.T("Write it as latitude, longitude, such as 29.3759, 47.9774, or leave it empty.", "اكتبها خط العرض ثم خط الطول، مثل 29.3759, 47.9774، أو اتركها فارغة."),
            })), "address", "door", "point");
        var body = new VisitAddress(form["address"], form["door"], point?.Latitude, point?.Longitude);
        var result = await SetVisitAddress.Run(form.Database, form.Caller, form.Id<BookingId>(), body, form.Stop);
        if (result.Is(out _, out var refusal)) return form.Done(page + "#visit", form.T("Saved.", "حُفظ."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page + "#visit", refusal, "address", "door", "point");
    }

    private static async Task<IResult> Renew(Posted form) =>
        Shown(form, $"/bookings/{form.Id<BookingId>()}#visit", await RenewVisitCode.Run(form.Database, form.Caller, form.Id<BookingId>(), form.Stop), form.T("Here is your new code.", "هذا رمزك الجديد."));

    private static async Task<IResult> Leave(Posted form)
    {
        var minutes = int.TryParse(form[$"minutes-{form.Id<BookingId>()}"], NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;
        return Shown(form, Back(form), await StartTravel.Run(form.Database, form.Caller, form.Id<BookingId>(), new StartTravel.Body(minutes), form.Stop), form.T("The customer knows that you are on your way.", "يعلم العميل أنك في الطريق."));
    }

    private static async Task<IResult> Arrive(Posted form) =>
        Shown(form, Back(form), await CheckIn.Run(form.Database, form.Caller, form.Id<BookingId>(), new CheckIn.Body(form[$"code-{form.Id<BookingId>()}"]), form.Stop), form.T("Checked in.", "سُجّل وصولك."));

    // From the page of a day back to that day, else to the booking.
    private static string Back(Posted form) => DateOnly.TryParseExact(form["date"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? string.Create(CultureInfo.InvariantCulture, $"/desk/visits?date={day:yyyy-MM-dd}#{form.Id<BookingId>()}") : $"/desk/bookings/{form.Id<BookingId>()}#visit";

    private static IResult Shown(Posted form, string page, Result<VisitView> result, string said)
    {
        if (result.Is(out _, out var refusal)) return form.Done(page, said);
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }
}
