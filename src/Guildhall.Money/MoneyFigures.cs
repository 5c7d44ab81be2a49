using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money;

/// <summary>Figures for dashboards, each from the rows that decide.</summary>
public static class MoneyFigures
{
    /// <summary>Payments created on a day (UTC) by the state they have now.</summary>
    public sealed record DayState(DateOnly Day, string State, long Count);

    /// <summary>A sum in one currency.</summary>
    public sealed record Sum(Amount Amount);

    /// <summary>Withdrawals waiting for a decision.</summary>
    public sealed record Waiting(long Count, DateTimeOffset? Oldest);

    private sealed record SumRow(Currency Currency, long Minor);

    public static Task<IReadOnlyList<DayState>> PaymentsByDay(Database database, DateTimeOffset since, CancellationToken stop) => database.List<DayState>("""
        select (created_at at time zone 'UTC')::date as day, state, count(*) as count from money.payments where created_at >= @since group by 1, 2 order by 1, 2 limit 1000
        """, new { since }, stop);

    /// <summary>Money in escrow per currency, from the orders that hold it.</summary>
    public static async Task<IReadOnlyList<Amount>> InEscrow(Database database, CancellationToken stop) => [.. (await database.List<SumRow>("""
        select o.currency, sum(g.captured_minor - g.refunded_minor)::bigint as minor from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id
        where o.state = 'paid' and o.released_at is null group by o.currency having sum(g.captured_minor - g.refunded_minor) > 0 order by o.currency limit 200
        """, stop: stop)).Select(r => new Amount(r.Minor, r.Currency))];

    public static async Task<Waiting> WithdrawalsWaiting(Database database, CancellationToken stop) =>
        (await database.Find<Waiting>("select count(*) as count, min(requested_at) as oldest from money.withdrawals where state = 'pending'", stop: stop))!;

    /// <summary>Payments that need a person: quarantined facts, and webhooks that named nothing of ours.</summary>
    public static Task<long> NeedsAPerson(Database database, CancellationToken stop) =>
        database.Find<long>("select (select count(*) from money.quarantine) + (select count(*) from money.webhooks where state = 'unmatched')", stop: stop);
}
