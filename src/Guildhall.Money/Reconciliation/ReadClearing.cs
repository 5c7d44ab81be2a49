using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Reconciliation;

/// <summary>What each gateway owes us by our rows, and by its own reports; the difference is what the open exceptions and the next report explain.</summary>
public static class ReadClearing
{
    /// <param name="Books">Captured less refunded, paid out, kept as fees and sent to the bank.</param>
    /// <param name="Reported">The sum of every row that its reports had.</param>
    /// <param name="Open">Exceptions that are open.</param>
    public sealed record Gateway(string Source, Amount Captured, Amount Refunded, Amount PaidOut, Amount Fees, Amount Settled, Amount Books, Amount Reported, Amount Difference, long Open);

    private sealed record Row(string Source, Currency Currency, long Captured, long Refunded, long PaidOut, long Fees, long Settled, long Reported, long Open);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/reconciliation/clearing", async (Database database, CancellationToken stop) => TypedResults.Ok(await Run(database, stop)))
        .WithName(nameof(ReadClearing)).Requires(MoneyPermissions.ReconciliationView);

    public static async Task<IReadOnlyList<Gateway>> Run(Database database, CancellationToken stop) => [.. (await database.List<Row>(Sql, stop: stop)).Select(r =>
    {
        Amount Of(long minor) => new(minor, r.Currency);
        var books = r.Captured - r.Refunded - r.PaidOut - r.Fees - r.Settled;
        return new Gateway(r.Source, Of(r.Captured), Of(r.Refunded), Of(r.PaidOut), Of(r.Fees), Of(r.Settled), Of(books), Of(r.Reported), Of(books - r.Reported), r.Open);
    })];

    private const string Sql = """
        with moved as (
            select p.gateway as source, p.currency, g.captured_minor as captured, 0::bigint as refunded, 0::bigint as paid_out, 0::bigint as fees, 0::bigint as settled, 0::bigint as reported
                from money.payments p join money.payment_guards g on g.payment_id = p.id where g.captured_minor > 0 and p.gateway not in ('cash', 'bank_transfer')
            union all select p.gateway, r.currency, 0, r.minor, 0, 0, 0, 0
                from money.refunds r join money.payments p on p.id = r.payment_id where r.state = 'completed' and p.gateway not in ('cash', 'bank_transfer')
            union all select o.gateway, w.currency, 0, 0, w.minor, 0, 0, 0
                from money.payouts o join money.withdrawals w on w.id = o.withdrawal_id where o.state = 'completed' and exists (select 1 from money.payments p where p.gateway = o.gateway)
            union all select l.source, l.currency, 0, 0, 0, case when l.fee_journal is null then 0 when l.kind = 'fee' then -l.net_minor else l.fee_minor end, 0, l.net_minor
                from money.report_lines l where l.kind not in ('credit', 'debit')
            union all select s.source, s.currency, 0, 0, 0, 0, s.minor, 0 from money.gateway_settlements s where s.returned_at is null)
        select m.source, m.currency, sum(m.captured)::bigint as captured, sum(m.refunded)::bigint as refunded, sum(m.paid_out)::bigint as paid_out, sum(m.fees)::bigint as fees,
            sum(m.settled)::bigint as settled, sum(m.reported)::bigint as reported,
            (select count(*) from money.reconciliation_exceptions e where e.source = m.source and e.currency = m.currency and e.state = 'open') as open
        from moved m group by m.source, m.currency order by m.source, m.currency limit 200
        """;
}
