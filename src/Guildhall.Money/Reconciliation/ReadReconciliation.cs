using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Reconciliation;

/// <summary>A run: how far it is, and what became of its rows.</summary>
public sealed record RunView(ReconciliationId Id, string Source, ReportSide Side, ReportFormat Format, string Name, RunState State, DateTimeOffset? From, DateTimeOffset? To, int Rows, int DoneRows,
    int Repaired, string? Note, Guid? StartedBy, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt);

/// <summary>Runs, newest first, and one of them with its totals. Keyset: pass the last id as <c>after</c>.</summary>
public static class ReadReconciliation
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<RunView> Runs, string? Next);

    /// <param name="Currencies">What the report says of itself.</param>
    /// <param name="Totals">What became of its rows; per currency they are the report.</param>
    /// <param name="Classes">What was opened by this run.</param>
    public sealed record View(RunView Run, IReadOnlyList<Stated> Currencies, IReadOnlyList<Total> Totals, IReadOnlyList<ClassCount> Classes);

    /// <param name="AddsUp">Opening and rows make closing; null when the report does not state both.</param>
    public sealed record Stated(string Currency, long Rows, Amount Gross, Amount Fee, Amount Net, Amount? Opening, Amount? Closing, bool? AddsUp);

    public sealed record Total(string Currency, string Outcome, long Rows, Amount Net);

    public sealed record ClassCount(string Class, string State, long Count);

    private sealed record StatedRow(Currency Currency, long Rows, long GrossMinor, long FeeMinor, long NetMinor, long? OpeningMinor, long? ClosingMinor);
    private sealed record TotalRow(Currency Currency, string Outcome, long Rows, long NetMinor);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/reconciliation/runs", async (string? source, ReconciliationId? after, Database database, CancellationToken stop) => TypedResults.Ok(await List(database, source, after, stop)))
            .WithName("ListReconciliations").Requires(MoneyPermissions.ReconciliationView).Produces<Page>();
        admin.MapGet("/reconciliation/runs/{id}", async (ReconciliationId id, Database database, CancellationToken stop) => (await One(database, id, stop)).ToHttp())
            .WithName(nameof(ReadReconciliation)).Requires(MoneyPermissions.ReconciliationView).Produces<View>();
    }

    public static async Task<Page> List(Database database, string? source, ReconciliationId? after, CancellationToken stop)
    {
        var rows = await database.List<Run>($"""
            select {Runs.Columns} from money.reconciliations
            where (@source is null or source = @source) and (@after is null or id < @after) and state <> 'discarded' order by id desc limit @limit
            """, new { source, after, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize).Select(ViewOf)], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }

    public static async Task<Result<View>> One(Database database, ReconciliationId id, CancellationToken stop)
    {
        if (await Runs.Find(database, id, stop) is not { } run) return MoneyRefusals.ReconciliationNotFound;
        var stated = await database.List<StatedRow>("""
            select currency, rows, gross_minor, fee_minor, net_minor, opening_minor, closing_minor from money.reconciliation_currencies where reconciliation_id = @id order by currency limit 200
            """, new { id }, stop);
        var totals = await database.List<TotalRow>("""
            select currency, outcome, rows, net_minor from money.reconciliation_totals where reconciliation_id = @id and rows > 0 order by currency, outcome limit 1000
            """, new { id }, stop);
        var classes = await database.List<ClassCount>("""
            select class, state, count(*) as count from money.reconciliation_exceptions where reconciliation_id = @id group by class, state order by class, state limit 100
            """, new { id }, stop);
        return new View(ViewOf(run), [.. stated.Select(Of)], [.. totals.Select(t => new Total(t.Currency.Code, t.Outcome, t.Rows, new Amount(t.NetMinor, t.Currency)))], classes);
    }

    private static Stated Of(StatedRow s) => new(s.Currency.Code, s.Rows, new Amount(s.GrossMinor, s.Currency), new Amount(s.FeeMinor, s.Currency), new Amount(s.NetMinor, s.Currency),
        s.OpeningMinor is { } opening ? new Amount(opening, s.Currency) : null, s.ClosingMinor is { } closing ? new Amount(closing, s.Currency) : null,
        s.OpeningMinor + s.NetMinor is { } sum && s.ClosingMinor is { } end ? sum == end : null);

    private static RunView ViewOf(Run r) => new(r.Id, r.Source, r.Side, r.Format, r.Name, r.State, r.FromAt, r.ToAt, r.Rows, r.DoneRows, r.Repaired, r.Note, r.StartedBy, r.StartedAt, r.FinishedAt);
}
