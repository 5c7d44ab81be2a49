namespace Guildhall.Money.Reconciliation.Matching;

/// <summary>Rows of a bank: credits are what gateways sent and what people recorded; payouts are told by <see cref="BankResult"/>; anything else waits for a rule or a person.</summary>
internal static class BankSql
{
    public const string Insert = """
        with written as (
            insert into money.report_lines (reconciliation_id, no, source, external_id, kind, currency, gross_minor, fee_minor, net_minor, at, arrives_on, gateway_ref, text, about_id, state, class, how)
            select @run, s.no, @source, s.external_id, s.kind, s.currency, s.gross_minor, s.fee_minor, s.net_minor, s.at, s.arrives_on, s.gateway_ref, s.text, s.our_id, 'open',
                case when s.repeated then 'duplicate' else 'missing_here' end, 'not yet'
            from money.report_staged s
                left join lateral (select k.id from money.report_lines k where @anyKnown and k.source = @source and k.external_id = s.external_id limit 1) known on true
            where s.reconciliation_id = @run and s.no > @start and s.no <= @to and known.id is null
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

    /// <summary>A row that names transfers which two people recorded, by their documents in any case: the payments it names make its sum, or the refunds.</summary>
    public const string ByHand = """
        with named as (
            select l.id as line_id, s.kind, s.id, s.minor, s.kind = 'refund' as back,
                exists (select 1 from money.report_lines t where t.subject_id = s.id and t.subject_kind = s.kind) or exists (select 1 from money.report_links k where k.subject_id = s.id and k.subject_kind = s.kind) as taken
            from money.report_lines l cross join lateral (
                select array[upper(l.gateway_ref), upper(l.external_id)] || regexp_split_to_array(upper(coalesce(l.text, '')), '[\s,;/]+') as words) w
                cross join lateral (
                    select 'payment' as kind, p.id, g.captured_minor as minor from money.payments p join money.payment_guards g on g.payment_id = p.id
                        where l.kind = 'credit' and p.gateway = 'bank_transfer' and p.gateway_payment = any (w.words) and p.currency = l.currency and g.captured_minor > 0
                    union all
                    select 'refund', r.id, -r.minor from money.refunds r join money.payments p on p.id = r.payment_id
                        where l.kind = 'debit' and p.gateway = 'bank_transfer' and r.gateway_ref = any (w.words) and r.currency = l.currency and r.completed_at is not null) s
            where l.id = any (@lines) and l.state = 'open' and l.class = 'missing_here'),
        summed as (
            select n.line_id, min(n.kind) as kind, count(*) as count, bool_and(n.taken) as all_taken, bool_or(n.taken) as some_taken, sum(n.minor) as minor, array_agg(n.id) as ids,
                row_number() over (partition by array_agg(n.id order by n.id) order by n.line_id) as turn
            from named n group by n.line_id),
        linked as (
            insert into money.report_links (subject_kind, subject_id, line_id, minor)
            select n.kind, n.id, n.line_id, n.minor from named n join summed s on s.line_id = n.line_id join money.report_lines l on l.id = n.line_id
            where s.count > 1 and not s.some_taken and s.turn = 1 and s.minor = l.net_minor
            on conflict do nothing returning line_id)
        update money.report_lines l set
            state = case when not s.some_taken and s.turn = 1 and s.minor = l.net_minor then 'matched' else 'open' end,
            class = case when s.some_taken or s.turn > 1 then 'duplicate' when s.minor <> l.net_minor then 'different_amount' end,
            subject_kind = case when not s.some_taken and s.turn = 1 and s.count = 1 then s.kind end, subject_id = case when not s.some_taken and s.turn = 1 and s.count = 1 then s.ids[1] end,
            how = case when s.some_taken or s.turn > 1 or s.minor <> l.net_minor then 'not yet' when s.count > 1 then 'merged' else 'document' end
        from summed s where l.id = s.line_id and (select count(*) from linked k where k.line_id = l.id) in (0, s.count)
        returning l.id
        """;

    public const string Waiting = """
        select l.id from money.report_lines l where l.state = 'open' and l.subject_id is null and l.class = 'missing_here' and l.kind in ('credit', 'debit') order by l.id desc limit 5000
        """;
}
