using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Calendars;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guildhall.Web.Pages.Calendars;

/// <summary>The forms of calendars. A new link is the answer to its post, so that it stands in no address and no cookie.</summary>
internal static class CalendarForms
{
    private const string Customers = "/account/calendar", Providers = "/desk/calendar";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/account/calendar/links", "CalendarLinkForm", Make).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/account/calendar/{id}/revoke", "RevokeCalendarLinkForm", Revoke).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/desk/calendar/calendars", "AddCalendarForm", Add).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/desk/calendar/{id}/remove", "RemoveCalendarForm", Remove).RequiresSignIn().ChecksSessionRow();
    }

    private static async Task<IResult> Make(Posted form)
    {
        var kind = Enum.GetValues<CalendarKind>().Cast<CalendarKind?>().FirstOrDefault(k => Names.Of(k!.Value) == form["kind"]) ?? CalendarKind.Customer;
        BookingId? booking = Id.TryParse<BookingId>(form["booking"], out var id) ? id : null;
        var page = kind == CalendarKind.Provider ? Providers : Customers;
        var made = await MakeCalendarLink.Run(form.Database, form.Get<MarketplaceOptions>(), form.Caller, new MakeCalendarLink.Body(kind, booking), form.Stop);
        return made.Is(out var link, out var refusal)
            ? new RazorComponentResult<CalendarLinkDocument>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(CalendarLinkDocument.Url)] = link.Url, [nameof(CalendarLinkDocument.Next)] = page })
            : form.Sorry(page, refusal);
    }

    private static async Task<IResult> Revoke(Posted form)
    {
        var links = (await ListCalendarLinks.Run(form.Database, form.Caller, form.Stop)).Items;
        var page = links.FirstOrDefault(l => l.Id == form.Id<CalendarLinkId>())?.Kind == CalendarKind.Provider ? Providers : Customers;
        var result = await RevokeCalendarLink.Run(form.Database, form.Caller, form.Id<CalendarLinkId>(), form.Stop);
        return result.Is(out _, out var refusal)
            ? form.Done(page, form.T("Revoked. The link shows nothing any more.", "أُلغي الرابط ولم يعد يعرض شيئًا."))
            : refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    private static async Task<IResult> Add(Posted form)
    {
        var body = new AddCalendar.Body(form["name"], form["url"]);
        var result = await AddCalendar.Run(form.Database, form.Get<PublicConnect>(), form.Get<MasterKey>(), form.Caller, body, form.Stop);
        return result.Is(out _, out var refusal)
            ? form.Done(Providers, form.T("Added. It is being read now.", "أُضيف وتجري قراءته الآن."))
            : form.Refused(Providers, refusal, "name");
    }

    private static async Task<IResult> Remove(Posted form)
    {
        var result = await RemoveCalendar.Run(form.Database, form.Caller, form.Id<ExternalCalendarId>(), form.Stop);
        return result.Is(out _, out var refusal)
            ? form.Done(Providers, form.T("Removed, and its busy times with it.", "حُذف ومعه أوقات انشغاله."))
            : refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(Providers, refusal);
    }
}
