using System.Globalization;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Series;
using Guildhall.Web.Pages.Account;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>A series is held, and the rest of one cancelled, by form.</summary>
internal static class SeriesForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/services/{id}/series", "HoldSeriesForm", Hold).ForAnyone().Idempotent();
        app.MapPosted("/series/{id}/cancel", "CancelSeriesForm", Cancel).RequiresSignIn().Idempotent();
    }

    private static async Task<IResult> Hold(Posted form)
    {
        var (service, every, count) = (form.Id<ServiceId>(), Number(form["every"]), Math.Min(Number(form["count"]), 26));
        var page = $"/services/{service}/series?start={Uri.EscapeDataString(form["start"])}&every={every}&count={count}";
        if (!form.Caller.IsSignedIn) return form.Done(SignInForms.Address(page));
        var ticked = Enumerable.Range(1, count).Where(n => form[$"no-{n}"] == "true").ToArray();
        var held = await HoldSeries.Run(form.Database, form.Caller, new HoldSeries.Body(service, form["start"], every, count, ticked.Length == count ? null : ticked, form["note"]), form.Stop);
        if (held.Is(out var series, out var refusal)) return form.Done($"/bookings/{series.Bookings[0].Id}", form.T("The times are held. Pay the first one now.", "حُجزت المواعيد. ادفع الأول الآن."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    private static async Task<IResult> Cancel(Posted form)
    {
        var page = $"/series/{form.Id<SeriesId>()}";
        long? seen = long.TryParse(form["seenRefundMinor"], NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : null;
        var done = await CancelSeries.Run(form.Database, form.Caller, form.Id<SeriesId>(), new CancelSeries.Body(Number(form["from"]), form["reason"], seen), form.Stop);
        if (done.Is(out _, out var refusal)) return form.Done(page, form.T("Cancelled.", "أُلغيت."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
