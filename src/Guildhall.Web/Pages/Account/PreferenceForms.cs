using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Preferences;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The switches of the notifications page, and the link that stops mails of a kind: pressed on its page, or by the person's mail program (RFC 8058), which has no cookie of ours,
/// follows no redirect and needs no page.</summary>
internal static class PreferenceForms
{
    private const string Page = "/account/notifications";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted(Page, "PreferencesForm", Save).RequiresSignIn();
        app.MapPosted("/unsubscribe", "UnsubscribeForm", Stop).ForAnyone().Limited(RateClass.Page);
        app.MapPost("/unsubscribe/{token}", OneClick).WithName(nameof(Unsubscribe)).ForAnyone().Limited(RateClass.Page).DisableAntiforgery().ExcludeFromDescription();
    }

    public static string Field(MessageCategory category, MessageChannel channel) => $"{Names.Of(category)}-{Names.Of(channel)}";

    // A switch that is off sends nothing, so what counts is which ones the page had.
    private static async Task<IResult> Save(Posted form)
    {
        var shown = await ReadPreferences.Run(form.Database, form.Caller, form.Stop);
        var wishes = shown.Categories.SelectMany(kind => kind.Channels.Where(c => c.CanChange).Select(c => new ChangePreferences.Wish(kind.Category, c.Channel, form[Field(kind.Category, c.Channel)].Length > 0)));
        var hours = form["quiet"].Length > 0 ? new ChangePreferences.Hours(form["from"], form["until"]) : null;
        var result = await form.Database.InTransaction(tx => ChangePreferences.Run(tx, form.Caller, new ChangePreferences.Body([.. wishes], hours)), form.Stop);
        return result.Is(out _, out var refusal) ? form.Done(Page, form.T("Saved. It counts from now on.", "حُفظ ويسري من الآن.")) : form.Refused(Page, refusal, "quiet", "from", "until");
    }

    private static async Task<IResult> Stop(Posted form)
    {
        var (token, home) = (form["token"], form.Caller.IsSignedIn ? Page : "/");
        var result = await form.Database.InTransaction(tx => Unsubscribe.Run(tx, form.Caller, token), form.Stop);
        return result.Is(out _, out var refusal) ? form.Done(home, form.T("Done. We write no more e-mails of this kind to you.", "تم. لن نرسل إليك بريدًا من هذا النوع.")) : form.Sorry(home, refusal);
    }

    private static async Task<IResult> OneClick(string token, HttpContext http, Database database, CancellationToken stop)
    {
        if (!http.Request.HasFormContentType || (await http.Request.ReadFormAsync(stop))["List-Unsubscribe"] is not ["One-Click"]) return FoundationRefusals.InvalidInput.ToHttp();
        var result = await database.InTransaction(tx => Unsubscribe.Run(tx, http.Caller(), token), stop);
        return result.Is(out _, out var refusal) ? Results.Text("Done.") : refusal.ToHttp();
    }
}
