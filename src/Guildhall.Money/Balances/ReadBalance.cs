using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Balances;

/// <summary>What a provider has, per currency, each figure with what it is made of: pending (paid orders in escrow, less the frozen fee), available and
/// reserved (the ledger lines of these accounts, newest first).</summary>
public static class ReadBalance
{
    public sealed record View(IReadOnlyList<Money> Balances);

    /// <summary>All in one currency. Available is negative after a late refund and is then made up by the next earnings.</summary>
    public sealed record Money(string Currency, Amount Pending, Amount Available, Amount Reserved, IReadOnlyList<Held> PendingOrders, IReadOnlyList<Line> Lines);

    /// <summary>An order in escrow: what the customer paid and was not given back, the platform's fee on it with its tax, what the provider will earn.</summary>
    public sealed record Held(OrderId Order, string Purpose, Guid Subject, Amount Gross, Amount Fee, Amount Net, DateTimeOffset PaidAt);

    /// <summary>One ledger line: positive adds to the figure of its account.</summary>
    public sealed record Line(DateTimeOffset At, string Journal, string Reference, OrderId? Order, string Account, Amount Amount);

    private sealed record HeldRow(OrderId Id, string Purpose, Guid SubjectId, Currency Currency, long Gross, long Fee, DateTimeOffset PaidAt);
    private sealed record BalanceRow(string Kind, Currency Currency, long OwedMinor);
    private sealed record LineRow(DateTimeOffset At, string Journal, string Reference, OrderId? OrderId, string Account, Currency Currency, long Minor);

    internal static void Map(IEndpointRouteBuilder providers) => providers
        .MapGet("/me/balance", async (Caller caller, Database database, CancellationToken stop) => Results.Ok(await Run(database, caller.AccountId!.Value, stop)))
        .WithName(nameof(ReadBalance)).RequiresSignIn().ChecksSessionRow().Produces<View>();

    public static async Task<View> Run(Database database, Guid provider, CancellationToken stop)
    {
        var balances = await database.List<BalanceRow>(BalancesSql, new { provider }, stop);
        var held = await database.List<HeldRow>(HeldSql, new { provider }, stop);
        var lines = await database.List<LineRow>(LinesSql, new { provider }, stop);
        var currencies = balances.Select(b => b.Currency).Concat(held.Select(h => h.Currency)).Distinct().OrderBy(c => c.Code, StringComparer.Ordinal);
        return new View([.. currencies.Select(currency => One(currency, balances, held, lines))]);
    }

    private static Money One(Currency currency, IReadOnlyList<BalanceRow> balances, IReadOnlyList<HeldRow> held, IReadOnlyList<LineRow> lines)
    {
        Amount Of(long minor) => new(minor, currency);
        Amount Owed(string kind) => Of(balances.Where(b => b.Currency == currency && string.Equals(b.Kind, kind, StringComparison.Ordinal)).Sum(b => b.OwedMinor));
        var orders = held.Where(h => h.Currency == currency).Select(h => new Held(h.Id, h.Purpose, h.SubjectId, Of(h.Gross), Of(h.Fee), Of(h.Gross - h.Fee), h.PaidAt)).ToList();
        return new Money(currency.Code, Of(orders.Sum(o => o.Net.Minor)), Owed("provider_available"), Owed("provider_reserved"), orders,
            [.. lines.Where(l => l.Currency == currency).Select(l => new Line(l.At, l.Journal, l.Reference, l.OrderId, l.Account, Of(-l.Minor)))]);
    }

    private const string BalancesSql = """
        select a.kind, a.currency, b.owed_minor from money.accounts a join money.balances b on b.account_id = a.id where a.owner_id = @provider order by a.id limit 100
        """;

    private const string HeldSql = """
        select o.id, o.purpose, o.subject_id, o.currency, g.captured_minor - g.refunded_minor as gross, o.fee_minor + o.fee_tax_minor - g.fee_back_minor - g.fee_tax_back_minor as fee, o.paid_at
        from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id
        where o.provider_id = @provider and o.state = 'paid' and o.released_at is null and g.captured_minor > g.refunded_minor order by o.id desc limit 500
        """;

    private const string LinesSql = """
        select j.posted_at as at, j.kind as journal, j.reference, j.order_id, a.kind as account, a.currency, e.minor
        from money.accounts a join money.entries e on e.account_id = a.id join money.journals j on j.id = e.journal_id
        where a.owner_id = @provider order by e.journal_id desc, e.no limit 200
        """;
}
