using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Money.Ledger;

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

    /// <summary>An amount of one day.</summary>
    public sealed record DayAmount(DateOnly Day, Amount Amount);

    private sealed record DayRow(DateOnly Day, Currency Currency, long Minor);
    private sealed record SumRow(Currency Currency, long Minor);

    public static Task<IReadOnlyList<DayState>> PaymentsByDay(Database database, DateTimeOffset since, CancellationToken stop) => database.List<DayState>("""
        select (created_at at time zone 'UTC')::date as day, state, count(*) as count from money.payments where created_at >= @since group by 1, 2 order by 1, 2 limit 1000
        """, new { since }, stop);

    /// <summary>Money in escrow per currency, from the orders that hold it.</summary>
    public static async Task<IReadOnlyList<Amount>> InEscrow(Database database, CancellationToken stop) => [.. (await database.List<SumRow>("""
        select o.currency, sum(g.captured_minor - g.refunded_minor - g.disputed_minor - g.parted_minor)::bigint as minor from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id
        where o.state = 'paid' and o.released_at is null group by o.currency having sum(g.captured_minor - g.refunded_minor - g.disputed_minor - g.parted_minor) > 0 order by o.currency limit 200
        """, stop: stop)).Select(r => new Amount(r.Minor, r.Currency))];

    public static async Task<Waiting> WithdrawalsWaiting(Database database, CancellationToken stop) =>
        (await database.Find<Waiting>("select count(*) as count, min(requested_at) as oldest from money.withdrawals where state = 'pending'", stop: stop))!;

    /// <summary>What was captured on each day (UTC), per currency.</summary>
    public static async Task<IReadOnlyList<DayAmount>> CapturedByDay(Database database, DateTimeOffset since, CancellationToken stop) =>
        [.. (await CapturedByGateway(database, since, stop)).GroupBy(c => (c.Day, c.Currency), (key, all) => new DayAmount(key.Day, new Amount(all.Sum(c => c.Minor), key.Currency)))];

    /// <summary>The same for each gateway. A payment counts on the day it was captured, whenever it began (held money is taken weeks later): found by the index of each gateway that ever captured one.</summary>
    internal static Task<IReadOnlyList<Captured>> CapturedByGateway(Database database, DateTimeOffset since, CancellationToken stop) => database.List<Captured>("""
        with recursive gateway as (
            (select gateway as name from money.payments where captured_at is not null order by gateway limit 1)
            union all select (select p.gateway from money.payments p where p.captured_at is not null and p.gateway > g.name order by p.gateway limit 1) from gateway g where g.name is not null)
        select (p.captured_at at time zone 'UTC')::date as day, p.gateway, p.currency, sum(c.captured_minor)::bigint as minor
        from gateway g join money.payments p on p.gateway = g.name and p.captured_at >= @since join money.payment_guards c on c.payment_id = p.id group by 1, 2, 3 order by 1, 2, 3 limit 5000
        """, new { since }, stop);

    internal sealed record Captured(DateOnly Day, string Gateway, Currency Currency, long Minor);

    /// <summary>What came into escrow less what left it on each day (UTC), per currency, from the ledger.</summary>
    public static Task<IReadOnlyList<DayAmount>> EscrowMovesByDay(Database database, DateTimeOffset since, CancellationToken stop) => CreditedByDay(database, AccountKind.Escrow, since, stop);

    /// <summary>The platform's fee earned less what went back with refunds on each day (UTC), per currency, from the ledger.</summary>
    public static Task<IReadOnlyList<DayAmount>> FeesByDay(Database database, DateTimeOffset since, CancellationToken stop) => CreditedByDay(database, AccountKind.PlatformFee, since, stop);

    /// <summary>Payments begun in the time that are over, by gateway.</summary>
    /// <param name="Refused">By the bank or the gateway.</param>
    /// <param name="GivenUp">By the customer: cancelled or run out.</param>
    public sealed record GatewayEnds(string Gateway, long Paid, long Refused, long GivenUp);

    public static Task<IReadOnlyList<GatewayEnds>> EndsByGateway(Database database, DateTimeOffset since, CancellationToken stop) => database.List<GatewayEnds>("""
        select gateway, count(*) filter (where state = 'captured') as paid, count(*) filter (where state = 'failed') as refused, count(*) filter (where state in ('cancelled', 'expired')) as given_up
        from money.payments where created_at >= @since and state in ('captured', 'failed', 'cancelled', 'expired') group by gateway order by gateway limit 50
        """, new { since }, stop);

    private static async Task<IReadOnlyList<DayAmount>> CreditedByDay(Database database, AccountKind kind, DateTimeOffset since, CancellationToken stop) => Amounts(await database.List<DayRow>("""
        select (j.posted_at at time zone 'UTC')::date as day, a.currency, -sum(e.minor)::bigint as minor
        from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
        where j.posted_at >= @since and a.kind = @kind group by 1, 2 order by 1, 2 limit 5000
        """, new { since, kind }, stop));

    /// <summary>Payments whose answer from the gateway was lost and is still being asked for.</summary>
    public static Task<long> Unknown(Database database, CancellationToken stop) =>
        database.Find<long>("select count(*) from money.payments where state = 'unknown'", stop: stop);

    /// <summary>Payments whose latest refund failed, the oldest first, at most 100: they wait for somebody to give the money back another way.</summary>
    public static Task<IReadOnlyList<PaymentId>> FailedRefunds(Database database, CancellationToken stop) => database.List<PaymentId>($"select r.payment_id {FailedRefund} order by r.id limit 100", stop: stop);

    /// <summary>What gateways told and could not be booked: set aside, or naming nothing of ours.</summary>
    public static Task<long> NotBooked(Database database, CancellationToken stop) => database.Find<long>($"select {NotBookedSql}", stop: stop);

    private const string FailedRefund = "from money.refunds r where r.state = 'failed' and not exists (select 1 from money.refunds later where later.payment_id = r.payment_id and later.id > r.id)";

    private const string NotBookedSql = """
        (select count(*) from money.quarantine where resolved_at is null) + (select count(*) from money.webhooks where state = 'unmatched' and proof = 'proven')
        """;

    private static IReadOnlyList<DayAmount> Amounts(IReadOnlyList<DayRow> rows) => [.. rows.Select(r => new DayAmount(r.Day, new Amount(r.Minor, r.Currency)))];

    /// <summary>What needs a person: quarantined facts, webhooks that named nothing of ours, refunds that failed and were not asked for again.</summary>
    public static Task<long> NeedsAPerson(Database database, CancellationToken stop) =>
        database.Find<long>($"select {NotBookedSql} + (select count(*) {FailedRefund})", stop: stop);
}
