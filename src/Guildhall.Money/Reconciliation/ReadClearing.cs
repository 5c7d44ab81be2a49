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
    /// <param name="Books">Captured less refunded, paid out, kept as fees, taken by disputes with their fees, and sent to the bank; and what was set aside and lies there.</param>
    /// <param name="Reported">The sum of every row that its reports had.</param>
    /// <param name="Open">Exceptions that are open.</param>
    public sealed record Gateway(string Source, Amount Captured, Amount Refunded, Amount PaidOut, Amount Fees, Amount Disputed, Amount SetAside, Amount Settled, Amount Books, Amount Reported, Amount Difference, long Open);

    private sealed record Row(string Source, Currency Currency, long Captured, long Refunded, long PaidOut, long Fees, long Disputed, long SetAside, long Settled, long Reported, long Open);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/reconciliation/clearing", async (Database database, CancellationToken stop) => TypedResults.Ok(await Run(database, stop)))
        .WithName(nameof(ReadClearing)).Requires(MoneyPermissions.ReconciliationView);

    public static async Task<IReadOnlyList<Gateway>> Run(Database database, CancellationToken stop) => [.. (await database.List<Row>(Sql, stop: stop)).Select(r =>
    {
        Amount Of(long minor) => new(minor, r.Currency);
        var books = r.Captured - r.Refunded - r.PaidOut - r.Fees - r.Disputed + r.SetAside - r.Settled;
        return new Gateway(r.Source, Of(r.Captured), Of(r.Refunded), Of(r.PaidOut), Of(r.Fees), Of(r.Disputed), Of(r.SetAside), Of(r.Settled), Of(books), Of(r.Reported), Of(books - r.Reported), r.Open);
    })];

    private const string Sql = """
        with moved as (
            select p.gateway as source, p.currency, 'captured' as what, g.captured_minor as minor
                from money.payments p join money.payment_guards g on g.payment_id = p.id where g.captured_minor > 0 and p.gateway not in ('cash', 'bank_transfer')
            union all select p.gateway, r.currency, 'refunded', r.minor
                from money.refunds r join money.payments p on p.id = r.payment_id where r.state = 'completed' and p.gateway not in ('cash', 'bank_transfer')
            union all select o.gateway, w.currency, 'paid_out', w.minor - w.fee_minor
                from money.payouts o join money.withdrawals w on w.id = o.withdrawal_id where o.state = 'completed' and o.gateway <> 'bank_file'
            union all select d.gateway, d.currency, 'disputed', d.withdrawn_minor - d.reinstated_minor from money.disputes d
            union all select d.gateway, d.fee_currency, 'disputed', d.fee_minor - d.fee_returned_minor from money.disputes d where d.fee_minor > 0
            union all select b.gateway, b.currency, 'set_aside', max(b.minor) - coalesce(max(b.minor) filter (where b.state = 'completed'), 0)
                from money.send_backs b group by b.gateway, b.currency, b.quarantine_id
            union all select l.source, l.currency, 'fees', case when l.kind = 'fee' then -l.net_minor else l.fee_minor end from money.report_lines l where l.fee_journal is not null
            union all select l.source, l.currency, 'reported', l.net_minor from money.report_lines l where l.kind not in ('credit', 'debit')
            union all select s.source, s.currency, 'settled', s.minor from money.gateway_settlements s where s.returned_at is null)
        select m.source, m.currency, coalesce(sum(m.minor) filter (where m.what = 'captured'), 0)::bigint as captured, coalesce(sum(m.minor) filter (where m.what = 'refunded'), 0)::bigint as refunded,
            coalesce(sum(m.minor) filter (where m.what = 'paid_out'), 0)::bigint as paid_out, coalesce(sum(m.minor) filter (where m.what = 'fees'), 0)::bigint as fees,
            coalesce(sum(m.minor) filter (where m.what = 'disputed'), 0)::bigint as disputed, coalesce(sum(m.minor) filter (where m.what = 'set_aside'), 0)::bigint as set_aside,
            coalesce(sum(m.minor) filter (where m.what = 'settled'), 0)::bigint as settled, coalesce(sum(m.minor) filter (where m.what = 'reported'), 0)::bigint as reported,
            (select count(*) from money.reconciliation_exceptions e where e.source = m.source and e.currency = m.currency and e.state = 'open') as open
        from moved m group by m.source, m.currency order by m.source, m.currency limit 200
        """;
}
