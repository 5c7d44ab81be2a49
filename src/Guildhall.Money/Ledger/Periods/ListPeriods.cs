using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Periods;

/// <summary>The months of the books, newest first: which are closed, by whom and why, and which can be closed next.</summary>
public static class ListPeriods
{
    public sealed record View(IReadOnlyList<Row> Periods, string? CanClose);

    /// <param name="State">open, closed, or frozen once its balances are added up.</param>
    public sealed record Row(string Period, string State, DateTimeOffset? ClosedAt, Guid? ClosedBy, string? Why, long CountedLater);

    private sealed record Closing(DateTimeOffset Until, DateTimeOffset ClosedAt, Guid ClosedBy, string Why, bool Frozen, long CountedLater);

    internal static void Map(IEndpointRouteBuilder ledger) => ledger
        .MapGet("/periods", async (Database database, CancellationToken stop) => Results.Ok(await Run(database, stop)))
        .WithName(nameof(ListPeriods)).Requires(MoneyPermissions.LedgerView).Produces<View>();

    public static async Task<View> Run(Database database, CancellationToken stop)
    {
        var closings = await database.List<Closing>(ClosingsSql, stop: stop);
        var rows = closings.Select(c => new Row(Period.Of(c.Until.AddTicks(-1)).ToString(), c.Frozen ? "frozen" : "closed", c.ClosedAt, c.ClosedBy, c.Why, c.CountedLater)).ToList();
        var current = Period.Of(database.Clock.GetUtcNow());
        var first = closings.Count > 0 ? Period.Of(closings[0].Until)
            : await database.Find<DateTimeOffset?>("select posted_at from money.journals order by id limit 1", stop: stop) is { } begun ? Period.Of(begun) : current;
        if (first.From < current.From.AddMonths(-24)) first = Period.Of(current.From.AddMonths(-24));
        for (var month = first; month.From <= current.From; month = month.Next) rows.Insert(0, new Row(month.ToString(), "open", null, null, null, 0));
        return new View(rows, first.From < current.From ? first.ToString() : null);
    }

    private const string ClosingsSql = """
        select c.until, c.closed_at, c.closed_by, c.why, exists (select 1 from money.period_freezes f where f.until = c.until) as frozen,
            (select count(*) from money.journals j where j.id > c.last_journal and j.counted_at is not null
                and j.effective_at >= c.until - interval '1 month' and j.effective_at < c.until) as counted_later
        from money.closings c order by c.until desc limit 60
        """;
}
