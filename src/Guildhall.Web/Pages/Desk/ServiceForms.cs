using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Providers;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Desk;

/// <summary>The forms of what a provider sells.</summary>
internal static class ServiceForms
{
    private const string Page = "/desk/services";
    private static readonly string[] Fields =
        ["name", "nameAr", "description", "kind", "category", "amount", "currency", "minutes", "bufferMinutes", "noticeMinutes", "horizonDays", "active", "perMinute"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted(Page + "/new", "AddServiceForm", Add).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Page + "/place", "PlaceForm", Place).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Page + "/{id}", "ChangeServiceForm", Change).RequiresSignIn().ChecksSessionRow();
    }

    private static async Task<IResult> Add(Posted form)
    {
        if (!Read(form).Is(out var body, out var refusal)) return form.Refused(Page + "/new", refusal, Fields);
        var added = await EditService.Add(form.Database, form.Caller, body, form.Stop);
        return added.Is(out _, out refusal) ? form.Done(Page, form.T("Added. Customers can book it now.", "أُضيفت ويمكن للعملاء حجزها الآن.")) : form.Refused(Page + "/new", refusal, Fields);
    }

    private static async Task<IResult> Change(Posted form)
    {
        var (id, page) = (form.Id<ServiceId>(), $"{Page}/{form.Id<ServiceId>()}");
        if (!Read(form).Is(out var body, out var refusal)) return form.Refused(page, refusal, Fields);
        var changed = await EditService.Change(form.Database, form.Caller, id, body, form.Stop);
        if (changed.Is(out _, out refusal)) return form.Done(page, form.T("Saved. Bookings that were sold stay as they were.", "حُفظت. تبقى الحجوزات المباعة كما كانت."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, Fields);
    }

    private static async Task<IResult> Place(Posted form)
    {
        if (!Degrees(form["latitude"], out var latitude) || !Degrees(form["longitude"], out var longitude)) return form.Refused(Page, MarketplaceRefusals.PlaceInvalid, "latitude", "longitude");
        var done = await SetPlace.Run(form.Database, form.Caller, new SetPlace.Body(latitude, longitude), form.Stop);
        return done.Is(out _, out var refusal) ? form.Done(Page, form.T("Saved.", "حُفظ.")) : form.Refused(Page, refusal, "latitude", "longitude");
    }

    private static Result<EditService.Body> Read(Posted form)
    {
        if (!Currency.TryParse(form["currency"], out var currency)) return Wrong("currency", form.T("Write the code of a currency, such as KWD.", "اكتب رمز عملة، مثل KWD."));
        if (!Amount.TryParse(form["amount"], currency, CultureInfo.InvariantCulture, out var price)) return Wrong("price", form.T("Write the price in digits, such as 12.500.", "اكتب السعر بالأرقام، مثل 12.500."));
        var kind = form["kind"] == Names.Of(ServiceKind.Visit) ? ServiceKind.Visit : ServiceKind.Consultation;
        return new EditService.Body(form["name"], form["description"], kind, Number(form["minutes"]), Number(form["bufferMinutes"]), price, Number(form["noticeMinutes"]), Number(form["horizonDays"]),
            form["nameAr"], form["category"], form["active"] == "true", form["revision"].Length > 0 ? Number(form["revision"]) : null, form["perMinute"] == "true");
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static bool Degrees(string text, out double? degrees)
    {
        degrees = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
        return degrees is not null || text.Length == 0;
    }

    private static Refusal Wrong(string field, string sentence) =>
        FoundationRefusals.InvalidInput.With(("fields", new Dictionary<string, string>(StringComparer.Ordinal) { [field] = sentence }));
}
