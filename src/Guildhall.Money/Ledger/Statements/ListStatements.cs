using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Ledger.Periods;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Statements;

/// <summary>The statements a provider can read: every month since the first line of each currency, newest first, at most five years.</summary>
public static class ListStatements
{
    private const int MaxMonths = 60;

    public sealed record View(IReadOnlyList<Row> Statements);

    /// <param name="Final">Whether the month is closed.</param>
    public sealed record Row(string Period, string Currency, bool Final);

    private sealed record Begun(Currency Currency, DateTimeOffset First, DateTimeOffset? Closed);

    internal static void MapOwn(IEndpointRouteBuilder providers) => providers
        .MapGet("/me/statements", async (Caller caller, Database database, CancellationToken stop) => Results.Ok(await Run(database, caller, stop)))
        .WithName(nameof(ListStatements)).RequiresSignIn().ChecksSessionRow().Produces<View>();

    public static async Task<View> Run(Database database, Caller caller, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        var begun = await database.List<Begun>(BegunSql, new { owner = caller.AccountId }, stop);
        return new View([.. begun.SelectMany(b => Months(Period.Of(b.First), Period.Of(now)).Select(m => new Row(m.ToString(), b.Currency.Code, m.Until <= b.Closed)))
            .OrderByDescending(r => r.Period, StringComparer.Ordinal).ThenBy(r => r.Currency, StringComparer.Ordinal)]);
    }

    private static IEnumerable<Period> Months(Period first, Period last)
    {
        var month = last;
        for (var count = 0; count < MaxMonths && month.From >= first.From; count++, month = month.Previous) yield return month;
    }

    private const string BegunSql = """
        select a.currency, min(l.at) as first, (select max(c.until) from money.closings c) as closed
        from money.accounts a cross join lateral (
            select coalesce(j.counted_at, j.effective_at) as at from money.entries e join money.journals j on j.id = e.journal_id
            where e.account_id = a.id order by e.journal_id limit 1) l
        where a.owner_id = @owner group by a.currency order by a.currency limit 50
        """;
}
