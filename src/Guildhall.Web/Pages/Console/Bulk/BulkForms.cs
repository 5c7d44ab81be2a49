using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Identity.Accounts;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Operations;
using Guildhall.Operations.JobsAdmin;
using Guildhall.Web.Components;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Parts;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guildhall.Web.Pages.Console.Bulk;

/// <summary>One act on rows chosen in a list: first what it would do to each, then doing it. A row is sent with what it was when it was shown.</summary>
internal static class BulkForms
{
    private const string OfWithdrawals = "/console/withdrawals/bulk", OfJobs = "/console/jobs/bulk";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm(OfWithdrawals + "/preview", "PreviewWithdrawalsForm", MoneyPermissions.WithdrawalDecide, form => Withdrawals(form, dryRun: true));
        app.MapForm(OfWithdrawals, "DecideWithdrawalsForm", MoneyPermissions.WithdrawalDecide, form => Withdrawals(form, dryRun: false)).Idempotent();
        app.MapForm(OfJobs + "/preview", "PreviewJobsForm", OperationsPermissions.JobReplay, form => Jobs(form, dryRun: true));
        app.MapForm(OfJobs, "ReplayJobsForm", OperationsPermissions.JobReplay, form => Jobs(form, dryRun: false));
    }

    /// <summary>A row as a checkbox sends it.</summary>
    public static string Row(WithdrawalView withdrawal) => $"{withdrawal.Id}.{withdrawal.Revision}";

    /// <inheritdoc cref="Row(WithdrawalView)"/>
    public static string Row(JobQueries.DeadJob job) => $"{job.Id}.{job.DiedAt.UtcTicks}";

    private static async Task<IResult> Withdrawals(PostedForm form, bool dryRun)
    {
        var reject = form["act"] is "reject";
        var rows = Chosen(form).Select(r => r.Split('.')).Where(r => r is [_, _])
            .Select(r => Id.TryParse<WithdrawalId>(r[0], out var id) && int.TryParse(r[1], CultureInfo.InvariantCulture, out var revision) ? new DecideWithdrawals.Row(id, revision) : null).OfType<DecideWithdrawals.Row>().ToArray();
        var body = new DecideWithdrawals.Body(reject ? DecideWithdrawals.Act.Reject : DecideWithdrawals.Act.Approve, rows, dryRun, dryRun ? null : form["reason"]);
        var answer = await DecideWithdrawals.Run(form.Database, form.Get<Rails>(), form.Caller, body, form.Stop);
        var problem = answer.Refusal;
        if (problem == MoneyRefusals.ReasonMissing) answer = await DecideWithdrawals.Run(form.Database, form.Get<Rails>(), form.Caller, body with { DryRun = true, Reason = null }, form.Stop);
        if (!answer.Is(out var done, out var refusal)) return form.Refused("/console/withdrawals", refusal);

        var known = (await ListWithdrawals.Some(form.Database, [.. rows.Select(r => r.Id)], form.Stop)).ToDictionary(w => w.Id.ToString(), StringComparer.Ordinal);
        var people = await Accounts.Summaries(form.Database, [.. known.Values.Select(w => w.ProviderId).Distinct()], form.Stop);
        var lines = done.Rows.Select(r => known.TryGetValue(r.Id, out var w) ? new BulkLine(r, $"{PersonName.Of(people, w.ProviderId)} · {w.Amount.Words()}", $"/console/withdrawals/{r.Id}") : new BulkLine(r, r.Id, null)).ToArray();
        var (title, count) = (reject ? T(form, "Reject withdrawals", "رفض طلبات سحب") : T(form, "Approve withdrawals", "الموافقة على طلبات سحب"), done.Rows.Count(r => r.Done));
        var would = rows.Where((_, i) => done.Rows[i].Done).ToArray();
        return await Shown(form, title, new(Words.Withdrawals.In(Language(form)), "/console/withdrawals"), done.DryRun, lines, OfWithdrawals,
            $"{(reject ? T(form, "Reject", "رفض") : T(form, "Approve", "موافقة"))} {count}{Total(would, known)}", [.. would.Select(r => $"{r.Id}.{r.Revision}")], new(StringComparer.Ordinal)
            {
                [nameof(BulkDocument.Act)] = reject ? "reject" : "approve", [nameof(BulkDocument.MovesMoney)] = true, [nameof(BulkDocument.NeedsReason)] = reject,
                [nameof(BulkDocument.Reason)] = form["reason"], [nameof(BulkDocument.Problem)] = problem is null ? null : RefusalWords.Say(problem, Language(form)),
            });
    }

    private static async Task<IResult> Jobs(PostedForm form, bool dryRun)
    {
        var rows = Chosen(form).Select(r => r.Split('.')).Where(r => r is [_, _])
            .Select(r => long.TryParse(r[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && long.TryParse(r[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
                ? new ReplayJobs.Row(id, new DateTimeOffset(ticks, TimeSpan.Zero)) : null).OfType<ReplayJobs.Row>().ToArray();
        if (!(await ReplayJobs.Run(form.Database, form.Caller, new(rows, dryRun), form.Stop)).Is(out var done, out var refusal)) return form.Refused("/console/jobs", refusal);

        var kinds = (await JobQueries.Some(form.Database, [.. rows.Select(r => r.Id)], form.Stop)).ToDictionary(j => j.Id.ToString(CultureInfo.InvariantCulture), j => j.Kind, StringComparer.Ordinal);
        var lines = done.Rows.Select(r => new BulkLine(r, kinds.TryGetValue(r.Id, out var kind) ? $"{JsonWords.Say(kind)} #{r.Id}" : $"#{r.Id}", null)).ToArray();
        var would = rows.Where((_, i) => done.Rows[i].Done).Select(r => $"{r.Id}.{r.DiedAt.UtcTicks}").ToArray();
        return await Shown(form, T(form, "Try jobs again", "إعادة محاولة المهام"), new(Words.Jobs.In(Language(form)), "/console/jobs"), done.DryRun, lines, OfJobs,
            $"{T(form, "Try again", "إعادة المحاولة")} ({would.Length})", would, new(StringComparer.Ordinal));
    }

    // The preview sends what it showed in one field; a list sends a field for each box that is ticked.
    private static IEnumerable<string> Chosen(PostedForm form) => form["rows"] is { Length: > 0 } rows ? rows.Split(',') : form.All("row");

    // The button says what it moves: each currency by itself.
    private static string Total(IEnumerable<DecideWithdrawals.Row> would, Dictionary<string, WithdrawalView> known)
    {
        var sums = would.Select(r => known.GetValueOrDefault(r.Id.ToString())?.Amount).OfType<Amount>().GroupBy(a => a.Currency).Select(g => g.Aggregate((sum, next) => sum + next).Words());
        return string.Join(" + ", sums) is { Length: > 0 } said ? $": {said}" : "";
    }

    private static async Task<IResult> Shown(PostedForm form, string title, Crumb list, bool dryRun, IReadOnlyList<BulkLine> lines, string action, string press, IReadOnlyList<string> would, Dictionary<string, object?> more)
    {
        await SignedInReader.Set(form.Http);
        (more[nameof(BulkDocument.Title)], more[nameof(BulkDocument.List)], more[nameof(BulkDocument.DryRun)], more[nameof(BulkDocument.Lines)]) = (title, list, dryRun, lines);
        (more[nameof(BulkDocument.Action)], more[nameof(BulkDocument.Press)], more[nameof(BulkDocument.Would)]) = (action, press, would);
        return new RazorComponentResult<BulkDocument>(more);
    }

    private static string Language(PostedForm form) => form.Get<Reader>().Language;

    private static string T(PostedForm form, string en, string ar) => Language(form) == "ar" ? ar : en;
}
