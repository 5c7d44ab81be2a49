using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Guildhall.Identity.Privacy;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The forms of the data page, and the file of a copy.</summary>
internal static class DataForms
{
    private const string Page = "/account/data";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/account/data/export", "ExportForm", Export).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth);
        app.MapPosted("/account/data/erase", "EraseForm", Erase).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth);
        app.MapPosted("/account/data/keep", "KeepAccountForm", Keep).RequiresSignIn().ChecksSessionRow();
        app.MapGet("/account/data/{id}", async (ExportId id, Caller caller, Database database, CancellationToken stop) => DownloadExport.ToHttp(await DownloadExport.Run(database, caller, id, stop)))
            .WithName("ExportFile").RequiresSignIn().RequiresStepUp().NotWhileImpersonating().ExcludeFromDescription();
    }

    private static async Task<IResult> Export(Posted form)
    {
        var result = await AskForExport.Run(form.Database, form.Caller, form.Stop);
        return result.Is(out _, out var refusal) ? form.Done(Page, form.T("Your copy is being made. We write to you when it is ready.", "نسختك قيد الإعداد. سنكتب إليك عندما تجهز.")) : form.Refused(Page, refusal);
    }

    private static async Task<IResult> Erase(Posted form)
    {
        var result = await AskForErasure.Run(form.Get<IdentityParts>(), form.Get<IEnumerable<PersonalData>>(), form.Caller, new AskForErasure.Body(form.Exactly("password")), form.Stop);
        if (result.Is(out _, out var refusal)) return form.Done(Page, form.T("Noted. You can take it back for fourteen days.", "سُجّل. يمكنك التراجع خلال أربعة عشر يومًا."));
        var reasons = refusal.Details?.TryGetValue("reasons", out var found) is true && found is IReadOnlyList<string> list ? refusal.Saying(string.Join(' ', list)) : refusal;
        return form.Refused(Page, reasons);
    }

    private static async Task<IResult> Keep(Posted form)
    {
        var result = await TakeBackErasure.Run(form.Database, form.Caller, new AccountId(form.Caller.AccountId!.Value), null, form.Stop);
        return result.Is(out _, out var refusal) ? form.Done(Page, form.T("Your account stays.", "يبقى حسابك.")) : form.Sorry(Page, refusal);
    }
}
