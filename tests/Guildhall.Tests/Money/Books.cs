using Guildhall.Foundation.Security;

namespace Guildhall.Tests.Money;

/// <summary>Proves the ledger from the rows of orders, payments, refunds, withdrawals and payouts, without any code of the product.</summary>
internal readonly record struct Books(TestDatabase Database)
{
    public Task<long> Has(Caller provider, string account = "provider_available") => Database.Value<long>("""
        select coalesce(sum(b.owed_minor), 0)::bigint from money.balances b join money.accounts a on a.id = b.account_id where a.owner_id = $1 and a.kind = $2
        """, provider.AccountId!.Value, account);

    public async Task MustHold()
    {
        foreach (var (law, sql) in Laws)
        {
            var broken = await Database.Rows(sql);
            if (broken.Count > 0) Assert.Fail($"{law}\n" + string.Join('\n', broken.Select(row => string.Join(" | ", row))));
        }
    }

    // Each answers the rows that break the law.
    private static readonly (string Law, string Sql)[] Laws =
    [
        ("Every journal sums to zero per currency.", """
            select e.journal_id, a.currency, sum(e.minor) from money.entries e join money.accounts a on a.id = e.account_id
            group by 1, 2 having sum(e.minor) <> 0
            """),
        ("A balance is minus the sum of the entries of its account, and every provider account has one.", """
            select a.id, a.kind, b.owed_minor, sum(e.minor) from money.accounts a left join money.balances b on b.account_id = a.id left join money.entries e on e.account_id = a.id
            where a.owner_id is not null group by a.id, a.kind, b.owed_minor having b.owed_minor is distinct from -coalesce(sum(e.minor), 0)
            """),
        ("The guard counts the refunds that have not failed, and their fees.", """
            select g.payment_id, g.refunded_minor, g.fee_back_minor, sum(r.minor), sum(r.fee_minor), g.fee_tax_back_minor, sum(r.fee_tax_minor)
            from money.payment_guards g left join money.refunds r on r.payment_id = g.payment_id and r.state <> 'failed'
            group by g.payment_id having g.refunded_minor <> coalesce(sum(r.minor), 0) or g.fee_back_minor <> coalesce(sum(r.fee_minor), 0) or g.fee_tax_back_minor <> coalesce(sum(r.fee_tax_minor), 0)
            """),
        ("Only a captured payment has captured money: all of it, or what its captures took, or what a person accepted.", """
            select p.id, p.state, p.amount_minor, g.captured_minor, c.minor, q.minor from money.payments p join money.payment_guards g on g.payment_id = p.id
                left join lateral (select sum(minor) as minor from money.captures where payment_id = p.id and state = 'completed') c on true
                left join lateral (select sum(minor) as minor from money.quarantine where payment_id = p.id and resolution = 'accepted') q on true
            where g.captured_minor <> case when p.state = 'captured' then coalesce(c.minor, q.minor, p.amount_minor) else 0 end
            """),
        ("What the gateway is being asked to take stands on the guard, and only of a payment that is held or was taken in part.", """
            select p.id, p.state, g.capturing_minor, c.minor from money.payments p join money.payment_guards g on g.payment_id = p.id
                left join lateral (select sum(minor) as minor from money.captures where payment_id = p.id and state in ('pending', 'unknown')) c on true
            where g.capturing_minor <> coalesce(c.minor, 0) or c.minor is not null and p.state not in ('capturing', 'captured')
            """),
        ("A paid order is one of what was captured for it; one of nothing has no payment and no journal.", """
            select o.id, o.total_minor, g.captured_minor from money.orders o left join money.payment_guards g on g.payment_id = o.paid_payment_id
            where o.state = 'paid' and (o.total_minor <> coalesce(g.captured_minor, 0) or o.total_minor = 0 and exists (select 1 from money.journals j where j.order_id = o.id))
            """),
        ("The escrow of an order is what its payment holds until the release, and nothing after.", """
            with held as (
                select o.id, coalesce(sum(g.captured_minor - g.refunded_minor - g.parted_minor - coalesce(d.minor, 0)) filter (where o.state = 'paid' and o.released_at is null), 0) as minor
                from money.orders o left join money.payment_guards g on g.payment_id = o.paid_payment_id
                    left join (select payment_id, sum(taken_minor - case position when 'held' then taken_fee_minor + taken_tax_minor else 0 end) as minor from money.disputes group by 1) d
                        on d.payment_id = o.paid_payment_id
                group by o.id),
            booked as (
                select j.order_id, -sum(e.minor) as minor from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
                where a.kind = 'escrow' group by 1)
            select h.id, h.minor as held, b.minor as booked from held h left join booked b on b.order_id = h.id where h.minor <> coalesce(b.minor, 0)
            """),
        ("Unapplied money is what was captured by payments that pay no order.", """
            with held as (
                select o.id, coalesce(sum(g.captured_minor - g.refunded_minor - coalesce(d.minor, 0)), 0) as minor from money.orders o
                left join (money.payments p join money.payment_guards g on g.payment_id = p.id
                    left join (select payment_id, sum(taken_minor) as minor from money.disputes where position = 'lost' group by 1) d on d.payment_id = p.id)
                    on p.order_id = o.id and p.id is distinct from o.paid_payment_id group by o.id),
            booked as (
                select j.order_id, -sum(e.minor) as minor from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
                where a.kind = 'unapplied' group by 1)
            select h.id, h.minor as held, b.minor as booked from held h left join booked b on b.order_id = h.id where h.minor <> coalesce(b.minor, 0)
            """),
        ("Refunds in transit are the refunds that have not ended.", """
            with open as (select order_id, sum(minor) as minor from (
                    select order_id, minor from money.refunds where state in ('pending', 'unknown') union all select order_id, minor from money.send_backs where state in ('pending', 'unknown')) r group by 1),
            booked as (
                select j.order_id, -sum(e.minor) as minor from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
                where a.kind = 'refunds_in_transit' group by 1)
            select b.order_id, o.minor as open, b.minor as booked from booked b full join open o on o.order_id = b.order_id where coalesce(o.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("A provider's available money is what was earned less what was withdrawn.", """
            with earned as (
                select provider_id, currency, sum(minor) as minor from (
                    select o.provider_id, o.currency, g.captured_minor - g.refunded_minor - o.fee_minor + g.fee_back_minor - o.fee_tax_minor + g.fee_tax_back_minor
                        - g.disputed_minor + g.disputed_fee_minor + g.disputed_tax_minor as minor
                    from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id where o.released_at is not null
                    union all select o.provider_id, o.currency, g.parted_minor - g.parted_fee_minor - g.parted_tax_minor from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id
                    union all select provider_id, currency, -minor from money.reserves where released_at is null
                    union all select (facts ->> 'provider')::uuid, currency, minor from money.approvals where kind = 'write_off' and state = 'approved'
                    union all select o.provider_id, d.currency, -d.fee_charged_minor from money.disputes d join money.orders o on o.id = d.order_id where d.fee_charged_minor > 0) m group by 1, 2),
            gone as (select provider_id, currency, sum(minor) as minor from money.withdrawals where state not in ('rejected', 'cancelled', 'failed', 'returned') group by 1, 2),
            booked as (
                select a.owner_id, a.currency, -sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'provider_available' group by 1, 2)
            select coalesce(e.provider_id, b.owner_id), e.minor as earned, g.minor as gone, b.minor as booked
            from earned e full join booked b on b.owner_id = e.provider_id and b.currency = e.currency
                left join gone g on g.provider_id = coalesce(e.provider_id, b.owner_id) and g.currency = coalesce(e.currency, b.currency)
            where coalesce(e.minor, 0) - coalesce(g.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("Reserved is what was asked for and not sent; in transit is what was sent and has not ended.", """
            with want as (
                select w.currency, coalesce(sum(w.minor) filter (where w.state in ('pending', 'approved')), 0) as reserved,
                    coalesce(sum(w.minor - w.fee_minor) filter (where p.state in ('sending', 'in_transit', 'unknown')), 0) as moving
                from money.withdrawals w left join money.payouts p on p.withdrawal_id = w.id group by 1),
            booked as (
                select a.currency, coalesce(-sum(e.minor) filter (where a.kind = 'provider_reserved'), 0) as reserved,
                    coalesce(-sum(e.minor) filter (where a.kind = 'payouts_in_transit'), 0) as moving
                from money.entries e join money.accounts a on a.id = e.account_id group by 1)
            select b.*, w.* from booked b left join want w on w.currency = b.currency where b.reserved <> coalesce(w.reserved, 0) or b.moving <> coalesce(w.moving, 0)
            """),
        ("The platform earned the fee of every released order, less what was given back.", """
            with earned as (
                select o.currency, sum(case when o.released_at is null then g.parted_fee_minor else o.fee_minor - g.fee_back_minor - coalesce(d.minor, 0) end) as minor
                from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id
                    left join (select payment_id, sum(taken_fee_minor) as minor from money.disputes where position = 'lost' group by 1) d on d.payment_id = o.paid_payment_id
                group by 1),
            booked as (select a.currency, -sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'platform_fee' group by 1)
            select b.currency, e.minor, b.minor from booked b full join earned e on e.currency = b.currency where coalesce(e.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("The tax office is owed the tax on the fee of every released order, less what was given back.", """
            with taken as (
                select o.currency, sum(case when o.released_at is null then g.parted_tax_minor else o.fee_tax_minor - g.fee_tax_back_minor - coalesce(d.minor, 0) end) as minor
                from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id
                    left join (select payment_id, sum(taken_tax_minor) as minor from money.disputes where position = 'lost' group by 1) d on d.payment_id = o.paid_payment_id
                group by 1),
            booked as (select a.currency, -sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'fee_tax' group by 1)
            select coalesce(b.currency, t.currency), t.minor, b.minor from booked b full join taken t on t.currency = b.currency where coalesce(t.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("In suspense lies what was set aside and could not go back.", """
            with held as (
                select order_id, sum(minor) as minor from (
                    select order_id, max(minor) as minor from money.send_backs group by order_id, quarantine_id having bool_and(state = 'failed')) s group by 1),
            booked as (
                select j.order_id, -sum(e.minor) as minor from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
                where a.kind = 'suspense' and j.kind in ('quarantine_received', 'send_back', 'send_back_completed', 'send_back_failed') group by 1)
            select coalesce(h.order_id, b.order_id), h.minor, b.minor from held h full join booked b on b.order_id = h.order_id where coalesce(h.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("The gateway, the till and the bank hold what was captured less what was refunded, paid out, kept as fees and sent on to the bank.", """
            with want as (
                select kind, currency, sum(minor) as minor from (
                    select case p.gateway when 'cash' then 'cash' when 'bank_transfer' then 'bank' else 'gateway_clearing' end as kind, p.currency, g.captured_minor as minor
                        from money.payments p join money.payment_guards g on g.payment_id = p.id
                    union all select case p.gateway when 'cash' then 'cash' when 'bank_transfer' then 'bank' else 'gateway_clearing' end, r.currency, -r.minor
                        from money.refunds r join money.payments p on p.id = r.payment_id where r.state = 'completed'
                    union all select 'gateway_clearing', currency, reinstated_minor - withdrawn_minor from money.disputes
                    union all select 'gateway_clearing', fee_currency, fee_returned_minor - fee_minor from money.disputes where fee_minor > 0
                    union all select 'gateway_clearing', currency, max(minor) from money.send_backs group by quarantine_id, currency
                    union all select 'gateway_clearing', currency, -minor from money.send_backs where state = 'completed'
                    union all select case p.gateway when 'bank_file' then 'bank' else 'gateway_clearing' end, w.currency, w.fee_minor - w.minor
                        from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id where p.state = 'completed'
                    union all select 'gateway_clearing', currency, -case when kind = 'fee' then -net_minor else fee_minor end from money.report_lines where fee_journal is not null
                    union all select 'gateway_clearing', currency, -minor from money.gateway_settlements where returned_at is null
                    union all select 'bank', currency, minor from money.gateway_settlements where returned_at is null
                    union all select from_kind, from_currency, -from_minor from money.conversions
                    union all select to_kind, to_currency, to_minor from money.conversions) m group by 1, 2),
            booked as (
                select a.kind, a.currency, sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id
                where a.kind in ('gateway_clearing', 'cash', 'bank') group by 1, 2)
            select coalesce(b.kind, w.kind), coalesce(b.currency, w.currency), w.minor, b.minor from booked b full join want w on w.kind = b.kind and w.currency = b.currency
            where coalesce(w.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("What gateways kept is what the matched rows of their reports say, by the journal they name.", """
            with said as (select fee_journal as reference, sum(case when kind = 'fee' then -net_minor else fee_minor end) as minor from money.report_lines where fee_journal is not null group by 1),
            booked as (
                select j.reference, sum(e.minor) as minor from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
                where j.kind = 'gateway_fee' and a.kind in ('gateway_fees', 'fee_variance') group by 1)
            select coalesce(s.reference, b.reference), s.minor, b.minor from said s full join booked b on b.reference = s.reference where coalesce(s.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("What the bank was sent is what the gateways' payouts come to.", """
            with said as (select currency, sum(minor) as minor from money.gateway_settlements where returned_at is null group by 1),
            booked as (select a.currency, sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id join money.journals j on j.id = e.journal_id
                where a.kind = 'bank' and j.kind in ('gateway_settled', 'gateway_settled_back') group by 1)
            select coalesce(s.currency, b.currency), s.minor, b.minor from said s full join booked b on b.currency = s.currency where coalesce(s.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("The rows of a report that was matched are matched, explained, open or known, to the minor unit.", """
            with sorted as (select reconciliation_id, currency, sum(rows) as rows, sum(gross_minor) as gross, sum(net_minor) as net from money.reconciliation_totals group by 1, 2)
            select c.reconciliation_id, c.currency, c.rows, s.rows, c.net_minor, s.net from money.reconciliation_currencies c
            join money.reconciliations r on r.id = c.reconciliation_id and r.state = 'done'
            left join sorted s on s.reconciliation_id = c.reconciliation_id and s.currency = c.currency
            where (c.rows, c.gross_minor, c.net_minor) is distinct from (coalesce(s.rows, 0), coalesce(s.gross, 0), coalesce(s.net, 0))
            """),
        ("The outcomes of a report are what its rows are.", """
            with real as (select reconciliation_id, currency, state as outcome, count(*) as rows, sum(net_minor) as net from money.report_lines group by 1, 2, 3)
            select coalesce(t.reconciliation_id, r.reconciliation_id), coalesce(t.outcome, r.outcome), t.rows, r.rows from money.reconciliation_totals t
            full join real r on r.reconciliation_id = t.reconciliation_id and r.currency = t.currency and r.outcome = t.outcome
            where t.outcome is distinct from 'known' and (coalesce(t.rows, 0), coalesce(t.net_minor, 0)) <> (coalesce(r.rows, 0), coalesce(r.net, 0))
            """),
        ("Every open row is one open exception with an owner and a day it is due.", """
            select l.id, l.class from money.report_lines l left join money.reconciliation_exceptions e on e.line_id = l.id and e.state = 'open'
            where l.state = 'open' and (e.id is null or e.class <> l.class or e.due_at is null)
            """),
        ("The exchange account of a currency is what was sold of it less what was bought.", """
            with said as (
                select currency, sum(minor) as minor from (
                    select from_currency as currency, from_minor as minor from money.conversions union all select to_currency, -to_minor from money.conversions) c group by 1),
            booked as (select a.currency, sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'fx_position' group by 1)
            select coalesce(s.currency, b.currency), s.minor, b.minor from said s full join booked b on b.currency = s.currency where coalesce(s.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("What left the providers for payouts is what went to banks and the fees: of those that are under way or arrived, and of no other.", """
            with want as (select w.currency, sum(w.fee_minor) as fee from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id
                where p.state in ('sending', 'in_transit', 'unknown', 'completed') group by 1),
            booked as (select a.currency, -sum(e.minor) as fee from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'payout_fee' group by 1)
            select coalesce(b.currency, w.currency), w.fee, b.fee from booked b full join want w on w.currency = b.currency where coalesce(w.fee, 0) <> coalesce(b.fee, 0)
            """),
        ("A payout is in one batch at most, and one that left by file is in a file.", """
            select p.id, p.state, count(i.*) from money.payouts p left join money.payout_batch_items i on i.payout_id = p.id and i.state = 'included'
                left join money.payout_batches b on b.id = i.batch_id
            group by p.id having count(i.*) > 1 or (count(i.*) = 1 and p.gateway <> 'bank_file')
                or (p.gateway = 'bank_file' and p.sent_at is not null and (count(i.*) <> 1 or not bool_and(b.state in ('sent', 'settled'))))
            """),
        ("No payment outlives its order's other attempts: one live attempt at most.", """
            select order_id from money.payments where state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown') group by 1 having count(*) > 1
            """),
        .. BooksOfDisputes.Laws,
    ];
}
