using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Providers;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Desk;

/// <summary>The forms of the hours page.</summary>
internal static class HoursForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/desk/hours", "HoursForm", Save).RequiresSignIn();
        app.MapPosted("/desk/hours/zone", "ZoneForm", Zone).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/desk/hours/exceptions", "ExceptionForm", Add).RequiresSignIn();
        app.MapPosted("/desk/hours/exceptions/{id}/remove", "RemoveExceptionForm", Remove).RequiresSignIn();
    }

    private static async Task<IResult> Save(Posted form)
    {
        var names = from day in Enumerable.Range(1, 7) from window in Enumerable.Range(0, HoursPage.Windows) select (Day: day, From: $"from-{day}-{window}", Until: $"until-{day}-{window}");
        var lines = names.Where(n => form[n.From].Length + form[n.Until].Length > 0).Select(n => new HoursLine(n.Day, form[n.From], form[n.Until])).ToList();
        var result = await SetHours.Run(form.Database, form.Caller, new SetHours.Body(lines), form.Stop);
        return result.Is(out _, out var refusal)
            ? form.Done("/desk/hours", form.T("Saved. Customers see the new hours now.", "حُفظ. يرى العملاء الأوقات الجديدة الآن."))
            : form.Refused("/desk/hours", refusal, [.. names.SelectMany(n => new[] { n.From, n.Until })]);
    }

    private static async Task<IResult> Zone(Posted form)
    {
        var result = await SetZone.Run(form.Database, form.Caller, form["zone"], form.Stop);
        return result.Is(out var view, out var refusal)
            ? form.Done("/desk/hours", form.T($"Saved. Bookings to come that stay as they were promised: {view.Bookings.Count}.", $"حُفظ. الحجوزات القادمة التي تبقى كما وُعد بها: {view.Bookings.Count}."))
            : form.Refused("/desk/hours", refusal, "zone");
    }

    private static async Task<IResult> Add(Posted form)
    {
        if (!DateOnly.TryParseExact(form["date"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return form.Refused("/desk/hours", FoundationRefusals.InvalidInput.With(("fields", Field("date", form.T("Give the date.", "اكتب التاريخ.")))), "from", "until", "note");
        var body = new AddException.Body(date, Null(form["from"]), Null(form["until"]), form["note"]);
        var result = await AddException.Run(form.Database, form.Caller, body, form.Stop);
        return result.Is(out _, out var refusal) ? form.Done("/desk/hours", form.T("Added.", "أُضيف.")) : form.Refused("/desk/hours", refusal, "date", "from", "until", "note");
    }

    private static async Task<IResult> Remove(Posted form)
    {
        var result = await RemoveException.Run(form.Database, form.Caller, form.Id<ExceptionId>(), form.Stop);
        return result.Is(out _, out var refusal) ? form.Done("/desk/hours", form.T("Removed.", "حُذف.")) : form.Sorry("/desk/hours", refusal);
    }

    private static string? Null(string text) => text.Length == 0 ? null : text;

    private static Dictionary<string, string> Field(string name, string sentence) => new(StringComparer.Ordinal) { [name] = sentence };
}
