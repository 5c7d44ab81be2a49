namespace Guildhall.Tests.Money;

/// <summary>Laws of disputes, reserves and debts; each answers the rows that break it.</summary>
internal static class BooksOfDisputes
{
    public static readonly (string Law, string Sql)[] Laws =
    [
        ("The guard counts what disputes took and the fee in it.", """
            select g.payment_id, g.disputed_minor, g.disputed_fee_minor, g.disputed_tax_minor
            from money.payment_guards g left join money.disputes d on d.payment_id = g.payment_id
            group by g.payment_id having g.disputed_minor <> coalesce(sum(d.taken_minor), 0) or g.disputed_fee_minor <> coalesce(sum(d.taken_fee_minor), 0)
                or g.disputed_tax_minor <> coalesce(sum(d.taken_tax_minor), 0)
            """),
        ("Each dispute stands in the books as its state says, once.", """
            select id, state, position, withdrawn_minor - reinstated_minor as net, taken_minor + excess_minor from money.disputes
            where position <> case when state in ('needs_response', 'under_review') then 'held' when state in ('lost', 'accepted') and withdrawn_minor > reinstated_minor then 'lost' else 'none' end
                or (position = 'lost' and taken_minor + excess_minor <> withdrawn_minor - reinstated_minor)
            """),
        ("A provider's disputed money is the share that open disputes set aside; rolling is the reserves whose day has not come.", """
            with want as (
                select owner_id, kind, currency, sum(minor) as minor from (
                    select o.provider_id as owner_id, 'provider_disputed' as kind, d.currency, d.taken_minor - d.taken_fee_minor - d.taken_tax_minor as minor
                    from money.disputes d join money.orders o on o.id = d.order_id where d.position = 'held'
                    union all select provider_id, 'provider_rolling', currency, minor from money.reserves where released_at is null) m group by 1, 2, 3),
            booked as (
                select a.owner_id, a.kind, a.currency, -sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id
                where a.kind in ('provider_disputed', 'provider_rolling') group by 1, 2, 3)
            select coalesce(w.owner_id, b.owner_id), coalesce(w.kind, b.kind), w.minor, b.minor from want w full join booked b using (owner_id, kind, currency)
            where coalesce(w.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("Funds in dispute are what gateways took and did not give back, less what was lost; losses and fees are those of the disputes.", """
            with want as (
                select kind, currency, sum(minor) as minor from (
                    select 'disputed_funds' as kind, currency, withdrawn_minor - reinstated_minor - case position when 'lost' then taken_minor + excess_minor else 0 end as minor from money.disputes
                    union all select 'dispute_losses', currency, excess_minor from money.disputes
                    union all select 'dispute_fees', fee_currency, fee_minor - fee_returned_minor - fee_charged_minor from money.disputes where fee_minor > 0) m group by 1, 2),
            booked as (
                select a.kind, a.currency, sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id
                where a.kind in ('disputed_funds', 'dispute_losses', 'dispute_fees') group by 1, 2)
            select coalesce(w.kind, b.kind), coalesce(w.currency, b.currency), w.minor, b.minor from want w full join booked b using (kind, currency) where coalesce(w.minor, 0) <> coalesce(b.minor, 0)
            """),
        ("What was written off is what two people agreed to give up.", """
            with want as (select currency, sum(minor) as minor from money.approvals where kind = 'write_off' and state = 'approved' group by 1),
            booked as (select a.currency, sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'write_offs' group by 1)
            select coalesce(w.currency, b.currency), w.minor, b.minor from want w full join booked b on b.currency = w.currency where coalesce(w.minor, 0) <> coalesce(b.minor, 0)
            """),
    ];
}
