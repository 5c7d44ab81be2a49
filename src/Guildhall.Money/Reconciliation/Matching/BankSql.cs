namespace Guildhall.Money.Reconciliation.Matching;

/// <summary>Rows of a bank: credits are what gateways sent, debits what we paid out; anything else waits for a rule or a person.</summary>
internal static class BankSql
{
    public const string Insert = """
        with written as (
            insert into money.report_lines (reconciliation_id, no, source, external_id, kind, currency, gross_minor, fee_minor, net_minor, at, arrives_on, gateway_ref, text, about_id, state, class, how)
            select @run, s.no, @source, s.external_id, s.kind, s.currency, s.gross_minor, s.fee_minor, s.net_minor, s.at, s.arrives_on, s.gateway_ref, s.text, s.our_id, 'open',
                case when s.repeated then 'duplicate' else 'missing_here' end, 'not yet'
            from money.report_staged s
                left join lateral (select k.id from money.report_lines k where k.source = @source and k.external_id = s.external_id limit 1) known on true
            where s.reconciliation_id = @run and s.no > @start and s.no <= @to and @journal is not null and known.id is null
            order by s.no
            returning currency, state, gross_minor, fee_minor, net_minor)
        select currency, state, count(*) as rows, sum(gross_minor)::bigint as gross_minor, sum(fee_minor)::bigint as fee_minor, sum(net_minor)::bigint as net_minor,
            0::bigint as cost_minor, 0::bigint as expected_minor
        from written group by currency, state order by currency, state limit 1000
        """;

    public const string OpenOfRun = """
        select id from money.report_lines where reconciliation_id = @run and no > @start and no <= @to and state = 'open' and class = 'missing_here' order by no limit 100000
        """;

    /// <summary>A settlement of this amount, named by the row or the only one that can be meant, and meant by no other row.</summary>
    public const string OneToOne = """
        with candidate as (
            select l.id as line_id, s.id as settlement_id, (s.reference = l.gateway_ref or position(s.reference in coalesce(l.text, '')) > 0) as named
            from money.report_lines l join money.gateway_settlements s on s.currency = l.currency and s.minor = l.net_minor and s.bank_line_id is null and s.returned_at is null
            where l.id = any (@lines) and l.kind = 'credit' and l.state = 'open' and l.class = 'missing_here'
                and l.at >= s.sent_at - interval '1 day' and l.at < (s.arrives_on + @days::int)::timestamp at time zone 'UTC' + interval '1 day'),
        best as (
            select c.line_id, c.settlement_id, c.named, bool_or(c.named) over (partition by c.line_id) as line_named, bool_or(c.named) over (partition by c.settlement_id) as settlement_named from candidate c),
        counted as (
            select b.line_id, b.settlement_id, count(*) over (partition by b.line_id) as of_line, count(*) over (partition by b.settlement_id) as of_settlement
            from best b where b.named or not b.line_named and not b.settlement_named),
        pair as (select c.line_id, c.settlement_id from counted c where c.of_line = 1 and c.of_settlement = 1),
        taken as (
            update money.gateway_settlements s set bank_line_id = p.line_id from pair p where s.id = p.settlement_id and s.bank_line_id is null returning s.id, s.bank_line_id)
        update money.report_lines l set state = 'matched', class = null, subject_kind = 'settlement', subject_id = t.id, how = 'settlement'
        from taken t where l.id = t.bank_line_id
        returning l.id
        """;

    /// <summary>All that one gateway promised for one day, as one row.</summary>
    public const string ManyToOne = """
        with day as (
            select s.source, s.currency, s.arrives_on, sum(s.minor)::bigint as minor, min(s.sent_at) as sent_at
            from money.gateway_settlements s where s.bank_line_id is null and s.returned_at is null group by s.source, s.currency, s.arrives_on having count(*) > 1),
        candidate as (
            select l.id as line_id, d.source, d.currency, d.arrives_on, count(*) over (partition by l.id) as of_line, count(*) over (partition by d.source, d.currency, d.arrives_on) as of_day
            from money.report_lines l join day d on d.currency = l.currency and d.minor = l.net_minor
            where l.id = any (@lines) and l.kind = 'credit' and l.state = 'open' and l.class = 'missing_here'
                and l.at >= d.sent_at - interval '1 day' and l.at < (d.arrives_on + @days::int)::timestamp at time zone 'UTC' + interval '1 day'),
        taken as (
            update money.gateway_settlements s set bank_line_id = c.line_id from candidate c
            where c.of_line = 1 and c.of_day = 1 and s.source = c.source and s.currency = c.currency and s.arrives_on = c.arrives_on and s.bank_line_id is null and s.returned_at is null
            returning s.bank_line_id),
        line as (select distinct t.bank_line_id as id from taken t)
        update money.report_lines l set state = 'matched', class = null, how = 'merged' from line where l.id = line.id
        returning l.id
        """;

    /// <summary>A row that names a settlement and has another amount.</summary>
    public const string OtherAmount = """
        update money.report_lines l set class = 'different_amount', about_id = s.id
        from money.gateway_settlements s
        where l.id = any (@lines) and l.kind = 'credit' and l.state = 'open' and l.class = 'missing_here' and s.currency = l.currency and s.reference = l.gateway_ref and s.bank_line_id is null
        """;

    /// <summary>What we paid out over a bank, by the end-to-end id that is our payout's.</summary>
    public const string PaidOut = """
        with ours as (
            select l.id, o.id as payout_id, w.currency, w.minor, row_number() over (partition by o.id order by l.id) as turn
            from money.report_lines l join money.payouts o on o.id = l.about_id join money.withdrawals w on w.id = o.withdrawal_id
            where l.id = any (@lines) and l.kind = 'debit' and l.state = 'open' and l.class = 'missing_here' and o.state = 'completed'
                and not exists (select 1 from money.report_lines t where t.subject_id = o.id and t.subject_kind = 'payout'))
        update money.report_lines l set
            state = case when o.turn = 1 and o.currency = l.currency and o.minor = -l.net_minor then 'matched' else 'open' end,
            class = case when o.turn > 1 then 'duplicate' when o.currency <> l.currency then 'different_currency' when o.minor <> -l.net_minor then 'different_amount' end,
            subject_kind = case when o.turn = 1 then 'payout' end, subject_id = case when o.turn = 1 then o.payout_id end, how = case when o.turn = 1 then 'reference' else 'not yet' end
        from ours o where l.id = o.id
        returning l.id
        """;

    public const string Waiting = """
        select l.id from money.report_lines l where l.state = 'open' and l.subject_id is null and l.class = 'missing_here' and l.kind in ('credit', 'debit') order by l.id limit 1000
        """;
}
