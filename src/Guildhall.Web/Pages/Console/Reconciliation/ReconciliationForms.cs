using Guildhall.Foundation;
using Guildhall.Money;
using Guildhall.Money.Reconciliation;
using Guildhall.Web.Pages.Console.Parts;
using Microsoft.AspNetCore.Http.Metadata;

namespace Guildhall.Web.Pages.Console.Reconciliation;

/// <summary>The posts of the reconciliation pages. None needs a key: a file is known by its hash, a decision by the revision that was seen.</summary>
internal static class ReconciliationForms
{
    private const string Home = "/console/reconciliation";

    // A browser's form is kept in memory and on disk by the server; larger files go to the API, which streams them.
    private sealed record UploadLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm(Home + "/reports", "ReportForm", MoneyPermissions.ReconciliationRun, Give).WithMetadata(new UploadLimit(64L * 1024 * 1024), ReceiveReport.Time);
        app.MapForm(Home + "/windows", "WindowForm", MoneyPermissions.ReconciliationRun, Read);
        app.MapForm(Home + "/runs/{id}/start", "StartReportForm", MoneyPermissions.ReconciliationRun, Start);
        app.MapForm(Home + "/runs/{id}/discard", "DiscardReportForm", MoneyPermissions.ReconciliationRun, Discard);
        app.MapForm(Home + "/exceptions/{id}/take", "TakeExceptionForm", MoneyPermissions.ReconciliationResolve, Take);
        app.MapForm(Home + "/exceptions/{id}/comment", "CommentExceptionForm", MoneyPermissions.ReconciliationResolve, Comment);
        app.MapForm(Home + "/exceptions/{id}/explain", "ExplainExceptionForm", MoneyPermissions.ReconciliationResolve, Explain);
    }

    private static async Task<IResult> Give(PostedForm form)
    {
        if (form.File("file") is not { } file) return form.Refused(Home, MoneyRefusals.ReportEmpty, "file", "source", "format");
        ReportFormat? format = form["format"] switch { "stripe_csv" => ReportFormat.StripeCsv, "plain_csv" => ReportFormat.PlainCsv, "camt053" => ReportFormat.Camt053, _ => null };
        if (format is not { } known) return form.Refused(Home, MoneyRefusals.ReportFormatUnknown, "format", "source", "format");
        await using var stream = file.OpenReadStream();
        var given = await ReceiveReport.Run(form.Database, form.Caller, form["source"], known, Path.GetFileName(file.FileName), form["hold"].Length > 0, stream, form.Stop);
        if (!given.Is(out var run, out var refusal)) return form.Refused(Home, refusal, "file", "source", "format");
        return form.Done($"{Home}/runs/{run.Id}", run.Known ? "This file was given in before: here is its run." : $"{run.Rows} rows were read.");
    }

    private static async Task<IResult> Read(PostedForm form)
    {
        var to = form.Database.Clock.GetUtcNow();
        var asked = await ReadWindow.Run(form.Database, form.Get<IEnumerable<IGatewayReports>>(), form.Caller, new ReadWindow.Body(form["source"], to.AddDays(-1), to), form.Stop);
        return asked.Is(out var run, out var refusal) ? form.Done($"{Home}/runs/{run.Id}", "The gateway is being asked.") : form.Refused(Home, refusal);
    }

    private static async Task<IResult> Start(PostedForm form)
    {
        var id = form.Id<ReconciliationId>();
        return Answer(form, $"{Home}/runs/{id}", await StartReport.Run(form.Database, form.Caller, id, form.Stop), "Its rows are being matched.");
    }

    private static async Task<IResult> Discard(PostedForm form) =>
        Answer(form, Home, await DiscardReport.Run(form.Database, form.Caller, form.Id<ReconciliationId>(), form.Stop), "Discarded. Nothing of it was matched or booked.");

    private static async Task<IResult> Take(PostedForm form)
    {
        var id = form.Id<MismatchId>();
        return Answer(form, $"{Home}/exceptions/{id}", await AssignException.Run(form.Database, form.Caller, id, form.Caller.AccountId, null, form.Number("revision"), form.Stop), "It is yours now.");
    }

    private static async Task<IResult> Comment(PostedForm form)
    {
        var id = form.Id<MismatchId>();
        return Answer(form, $"{Home}/exceptions/{id}", await CommentException.Run(form.Database, form.Caller, id, form["text"], form.Stop), "Noted.", "text");
    }

    private static async Task<IResult> Explain(PostedForm form)
    {
        var id = form.Id<MismatchId>();
        return Answer(form, $"{Home}/exceptions/{id}", await ExplainException.Run(form.Database, form.Caller, id, form["reason"], form.Number("revision"), form.Stop), "Explained.", "reason");
    }

    private static IResult Answer(PostedForm form, string page, Result<Done> done, string said, string field = "") =>
        done.Refusal is { } refusal ? form.Refused(page, refusal, field, field) : form.Done(page, said);
}
