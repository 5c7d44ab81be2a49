using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Reconciliation;

/// <summary>A window of a gateway's own report, by its API: asked for by staff, or once a day by itself with some hours of overlap, so that what the gateway
/// wrote late is seen too. The same rows again match nothing twice.</summary>
public static class ReadWindow
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <param name="From">First moment; <c>To</c> is the first that is not in it.</param>
    public sealed record Body(string Source, DateTimeOffset From, DateTimeOffset To);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/reconciliation/windows", async (Body body, Caller caller, Database database, IEnumerable<IGatewayReports> reports, CancellationToken stop) =>
            (await Run(database, reports, caller, body, stop)).ToHttp(202))
        .WithName(nameof(ReadWindow)).Requires(MoneyPermissions.ReconciliationRun).Produces<ReceiveReport.View>(202);

    public static async Task<Result<ReceiveReport.View>> Run(Database database, IEnumerable<IGatewayReports> reports, Caller caller, Body window, CancellationToken stop)
    {
        if (!reports.Any(r => string.Equals(r.Gateway, window.Source, StringComparison.Ordinal))) return MoneyRefusals.ReportsNotOffered;
        if (window.From >= window.To || window.To > database.Clock.GetUtcNow() || window.To - window.From > Longest) return MoneyRefusals.WindowInvalid;
        return await database.InTransaction<Result<ReceiveReport.View>>(async tx =>
        {
            var run = await Open(tx, caller, window);
            await tx.Audit(caller, "reconciliation.asked", "reconciliation", run.ToString(), after: window);
            return new ReceiveReport.View(run, Names.Of(RunState.Receiving), 0, Known: false);
        }, stop);
    }

    internal static async Task<ReconciliationId> Open(Transaction tx, Caller caller, Body window)
    {
        var run = new Run(tx.NewId<ReconciliationId>(), window.Source, ReportSide.Gateway, ReportFormat.Api, $"{window.Source} {window.From:yyyy-MM-dd HH:mm} – {window.To:yyyy-MM-dd HH:mm} UTC",
            RunState.Receiving, window.From, window.To, null, 0, 0, 0, null, caller.AccountId, tx.Now, null);
        await Runs.Open(tx, run, SHA256.HashData(Encoding.UTF8.GetBytes(run.Id.ToString())));
        await tx.Enqueue(new Reconcile(run.Id), uniqueKey: run.Id.ToString());
        return run.Id;
    }

    /// <summary>One page: its rows and the place it ends at are written together, so that a crash repeats at most the question.</summary>
    internal static async Task Page(JobContext context, Run run)
    {
        var reports = ((IEnumerable<IGatewayReports>)context.Services.GetService(typeof(IEnumerable<IGatewayReports>))!).First(r => string.Equals(r.Gateway, run.Source, StringComparison.Ordinal));
        var answer = await reports.Read(run.FromAt!.Value, run.ToAt!.Value, run.CursorText, context.Stop);
        if (answer is GatewayAnswer<ReportPage>.Unknown) throw new RunAgainException(TimeSpan.FromSeconds(30));
        if (answer is not GatewayAnswer<ReportPage>.Accepted(var page)) throw new InvalidOperationException($"The gateway refused to report: {((GatewayAnswer<ReportPage>.Refused)answer).Code}.");
        var stage = new StageReport(context.Database, run);
        await context.Database.InTransaction(async tx =>
        {
            await stage.Page(tx, page.Rows);
            await tx.ChangeOne("""
                update money.reconciliations set rows = rows + @count, cursor_text = @Next, state = case when @Next is null then 'matching' else state end, changed_at = @now
                where id = @Id and state = 'receiving' and rows = @Rows and cursor_text is not distinct from @CursorText
                """, new { run.Id, count = page.Rows.Count, page.Next, run.Rows, run.CursorText, now = tx.Now });
        }, context.Stop);
    }
}
