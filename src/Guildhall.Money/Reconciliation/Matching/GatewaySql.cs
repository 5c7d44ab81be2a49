namespace Guildhall.Money.Reconciliation.Matching;

/// <summary>How a row of a gateway is judged, set by set. The same text judges rows that are new (<c>given</c> from the staging table) and rows that found
/// nothing of ours before (<c>given</c> from the lines).</summary>
internal static class GatewaySql
{
    /// <summary>Plans must not change with statistics that lag behind a file of a million rows: every step is a look-up by index, for one row, and says so
    /// by a lateral subquery with a limit, which the planner cannot turn into a join of its own.</summary>
    public const string Steady = """
        select set_config('enable_seqscan', 'off', true) || set_config('enable_hashjoin', 'off', true) || set_config('enable_mergejoin', 'off', true)
            || set_config('enable_material', 'off', true) || set_config('enable_memoize', 'off', true) || set_config('work_mem', '32MB', true) || set_config('jit', 'off', true) || set_config('plan_cache_mode', 'force_custom_plan', true)
        """;

    private const string Given = """
        given as materialized (
            select s.no, s.external_id, s.repeated, s.kind, s.currency, s.gross_minor, s.fee_minor, s.net_minor, s.at, s.arrives_on, s.our_id, s.others, s.gateway_ref, s.batch_ref, s.text
            from money.report_staged s
                left join lateral (select k.id from money.report_lines k where @anyKnown and k.source = @source and k.external_id = s.external_id limit 1) known on true
            where s.reconciliation_id = @run and s.no > @start and s.no <= @to and known.id is null)
        """;

    private const string Again = """
        given as materialized (
            select l.no, l.external_id, false as repeated, l.kind, l.currency, l.gross_minor, l.fee_minor, l.net_minor, l.at, l.arrives_on, l.about_id as our_id, null::uuid[] as others,
                l.gateway_ref, l.batch_ref, l.text
            from money.report_lines l where l.id = any (@lines) and l.state = 'open' and l.class = 'missing_here' and l.subject_id is null)
        """;

    // Ours: what we have for the row, signed as the report signs it. Turn: the first row of a subject is it, any later one a duplicate. A dispute
    // may be taken and given back more than once: its rows agree while they are no more than what we have, and are judged for good once the gateway was asked.
    private const string Judge = """
        named as (
            select g.no, g.external_id, g.repeated, g.kind, g.currency, g.gross_minor, g.fee_minor, g.net_minor, g.at, g.arrives_on, g.others, g.gateway_ref, g.batch_ref, g.text,
                coalesce(g.our_id, o.id) as about_id, case g.kind when 'charge' then 'payment' else g.kind end as subject_kind, g.kind in ('dispute', 'dispute_back') as in_parts,
                o.currency as our_currency, o.minor as our_minor, o.done, o.part_minor, o.fee_minor as our_fee_minor
            from given g
                left join lateral (
                    (select p.id, p.currency, c.captured_minor as minor, c.captured_minor > 0 as done, null::bigint as part_minor, null::bigint as fee_minor
                        from money.payments p join money.payment_guards c on c.payment_id = p.id
                        where g.kind = 'charge' and g.our_id is null and p.gateway_payment = g.gateway_ref and p.gateway = @source limit 1)
                    union all
                    (select p.id, p.currency, c.captured_minor, c.captured_minor > 0, null, null
                        from money.payments p join money.payment_guards c on c.payment_id = p.id where g.kind = 'charge' and p.id = g.our_id and p.gateway = @source limit 1)
                    union all
                    (select r.id, r.currency, case g.kind when 'refund' then -r.minor else r.minor end,
                            case g.kind when 'refund' then r.completed_at is not null or r.state = 'completed' else r.state = 'failed' end, null, null
                        from money.refunds r join money.payments p on p.id = r.payment_id
                        where g.kind in ('refund', 'refund_back') and p.gateway = @source
                            and r.id = coalesce(g.our_id, (select k.id from money.refunds k where k.gateway_ref = g.gateway_ref limit 1)) limit 1)
                    union all
                    (select t.id, w.currency, (w.minor - w.fee_minor) * case g.kind when 'payout' then -1 else 1 end,
                            case g.kind when 'payout' then t.state in ('in_transit', 'completed', 'returned') or t.state = 'failed' and t.transfer_ref is not null else t.state in ('failed', 'returned') end, null, null
                        from money.payouts t join money.withdrawals w on w.id = t.withdrawal_id
                        where g.kind in ('payout', 'payout_back') and t.gateway = @source
                            and t.id = coalesce(g.our_id, (select k.id from money.payouts k where k.transfer_ref = g.gateway_ref limit 1)) limit 1)
                    union all
                    (select d.id, d.currency, case g.kind when 'dispute' then -d.withdrawn_minor else d.reinstated_minor end, case g.kind when 'dispute' then d.withdrawn_minor else d.reinstated_minor end > 0, d.minor,
                            case when d.fee_currency = g.currency then case g.kind when 'dispute' then d.fee_minor else -d.fee_returned_minor end else 0 end
                        from money.disputes d where g.kind in ('dispute', 'dispute_back') and d.gateway = @source
                            and d.id = coalesce(g.our_id, (select k.id from money.disputes k where k.gateway = @source and k.gateway_ref = g.gateway_ref limit 1)) limit 1)) o on true),
        ours as (
            select n.no, n.external_id, n.repeated, n.kind, n.currency, n.gross_minor, n.fee_minor, n.net_minor, n.at, n.arrives_on, n.others, n.gateway_ref, n.batch_ref, n.text, n.about_id,
                case when n.kind not in ('fee', 'settlement', 'settlement_back', 'other') then n.subject_kind end as subject_kind,
                n.in_parts, n.our_currency, n.our_minor, coalesce(n.done, false) as done, taken.part is not null or linked.yes is not null as taken,
                row_number() over subject as turn, coalesce(taken.part, 0) as parts,
                coalesce(taken.gross, 0) + sum(n.gross_minor) filter (where not n.repeated) over subject as so_far, n.part_minor,
                case when n.kind = 'charge' then div(n.gross_minor::numeric * f.basis_points + 5000, 10000)::bigint + f.fixed_minor
                    when n.in_parts and coalesce(taken.gross, 0) + sum(n.gross_minor) filter (where not n.repeated) over subject = n.our_minor
                        then (n.our_fee_minor - coalesce(taken.fee, 0) - sum(n.fee_minor) filter (where not n.repeated) over subject + n.fee_minor)::bigint end as expected_fee_minor
            from named n
                left join lateral (select max(l.subject_part) as part, sum(l.gross_minor) as gross, sum(l.fee_minor)::bigint as fee
                    from money.report_lines l where l.subject_id = n.about_id and l.subject_kind = n.subject_kind) taken on true
                left join lateral (select 1 as yes from money.report_links k where k.subject_id = n.about_id and k.subject_kind = n.subject_kind limit 1) linked on true
                left join lateral (
                    select r.basis_points, r.fixed_minor from money.gateway_fee_rules r
                    where n.kind = 'charge' and r.gateway = @source and (r.currency = n.currency or r.currency is null) and r.from_at <= n.at
                    order by r.currency nulls last, r.from_at desc, r.id desc limit 1) f on true
            window subject as (partition by n.subject_kind, n.about_id order by n.repeated, n.no)),
        judged as (
            select o.no, o.external_id, o.kind, o.currency, o.gross_minor, o.fee_minor, o.net_minor, o.at, o.arrives_on, o.others, o.gateway_ref, o.batch_ref, o.text, o.about_id, o.subject_kind,
                o.expected_fee_minor, o.in_parts, case when o.in_parts then o.parts + o.turn else 1 end as part,
                case when o.repeated then 'duplicate' when o.kind in ('fee', 'settlement', 'settlement_back') then null when o.others is not null then 'merged' when not o.done then 'missing_here'
                    when o.in_parts and o.our_currency = o.currency and o.so_far <> o.our_minor and not (abs(o.gross_minor) = o.part_minor and abs(o.so_far) < abs(o.our_minor))
                        then case when not @asked then 'missing_here' when abs(o.so_far - o.gross_minor) >= abs(o.our_minor) then 'duplicate' else 'different_amount' end
                    when not o.in_parts and (o.taken or o.turn > 1) then 'duplicate' when o.our_currency <> o.currency then 'different_currency'
                    when not o.in_parts and o.our_minor <> o.gross_minor then 'different_amount' when o.expected_fee_minor <> o.fee_minor then 'changed_fee' end as class
            from ours o),
        linked as (
            select j.no, j.external_id, j.kind, j.currency, j.gross_minor, j.fee_minor, j.net_minor, j.at, j.arrives_on, j.gateway_ref, j.batch_ref, j.text, j.about_id, j.expected_fee_minor, j.class, j.part,
                j.others is null and j.subject_kind is not null and (j.class is null or j.class in ('different_amount', 'different_currency', 'changed_fee')) as is_it, j.subject_kind,
                case when j.in_parts then 0 when j.kind = 'fee' and j.class is null then -j.net_minor when j.kind <> 'fee' then j.fee_minor else 0 end as cost
            from judged j)
        """;

    // Fees of rows that are ours are costs at once, also when the amount beside them is in doubt; those of other rows wait. Fees of disputes are booked
    // with the dispute.
    private const string Booked = "(case when d.cost <> 0 and (d.is_it and d.class is distinct from 'different_currency' or d.kind = 'fee' and d.class is null) then @journal || d.currency end)";

    private const string How = """
        (case when d.class is not null then 'not yet' when d.kind = 'fee' then 'fee' when d.kind in ('settlement', 'settlement_back') then 'to our bank' else 'reference' end)
        """;

    private const string State = "(case when d.class is not null then 'open' when d.kind in ('fee', 'settlement', 'settlement_back') then 'explained' else 'matched' end)";

    private const string Sums = """
        select currency, state, count(*) as rows, sum(gross_minor)::bigint as gross_minor, sum(fee_minor)::bigint as fee_minor, sum(net_minor)::bigint as net_minor,
            coalesce(sum(cost) filter (where fee_journal is not null), 0)::bigint as cost_minor,
            coalesce(sum(coalesce(expected_fee_minor, cost)) filter (where fee_journal is not null), 0)::bigint as expected_minor
        """;

    /// <summary>Writes the rows that are new and answers, per currency and state, what they come to.</summary>
    public const string Insert = $"""
        with {Given}, {Judge},
        written as (
            insert into money.report_lines (reconciliation_id, no, source, external_id, kind, currency, gross_minor, fee_minor, net_minor, at, arrives_on, gateway_ref, batch_ref, text, about_id,
                subject_kind, subject_id, subject_part, state, class, how, expected_fee_minor, fee_journal)
            select @run, d.no, @source, d.external_id, d.kind, d.currency, d.gross_minor, d.fee_minor, d.net_minor, d.at, d.arrives_on, d.gateway_ref, d.batch_ref, d.text, d.about_id,
                case when d.is_it then d.subject_kind end, case when d.is_it then d.about_id end, case when d.is_it then d.part else 1 end, {State}, d.class, {How}, d.expected_fee_minor, {Booked}
            from linked d order by d.no
            returning currency, state, gross_minor, fee_minor, net_minor, fee_journal, expected_fee_minor, case when kind = 'fee' then -net_minor else fee_minor end as cost)
        {Sums} from written group by currency, state order by currency, state limit 1000
        """;

    /// <summary>Judges rows again that found nothing of ours; answers what came of those that did, with the run they belong to.</summary>
    public const string Update = $"""
        with {Again}, {Judge},
        written as (
            update money.report_lines l set subject_kind = case when d.is_it then d.subject_kind end, subject_id = case when d.is_it then d.about_id end,
                subject_part = case when d.is_it then d.part else 1 end, about_id = d.about_id,
                state = {State}, class = d.class, how = {How}, expected_fee_minor = d.expected_fee_minor, fee_journal = {Booked}
            from linked d where l.source = @source and l.external_id = d.external_id and l.id = any (@lines) and d.class is distinct from 'missing_here'
            returning l.id, l.reconciliation_id, l.currency, l.state, l.gross_minor, l.fee_minor, l.net_minor, l.fee_journal, l.expected_fee_minor,
                case when l.kind = 'fee' then -l.net_minor else l.fee_minor end as cost)
        select id, reconciliation_id, currency, state, gross_minor, fee_minor, net_minor, case when fee_journal is null then 0 else cost end as cost_minor,
            case when fee_journal is null then 0 else coalesce(expected_fee_minor, cost) end as expected_minor
        from written order by id limit 1000
        """;

    /// <summary>Rows that stood in an earlier report already, and what they come to.</summary>
    public const string Known = """
        select s.currency, count(*) as rows, sum(s.gross_minor)::bigint as gross_minor, sum(s.fee_minor)::bigint as fee_minor, sum(s.net_minor)::bigint as net_minor
        from money.report_staged s
            cross join lateral (select l.id from money.report_lines l where l.source = @source and l.external_id = s.external_id limit 1) k
        where s.reconciliation_id = @run and s.no > @start and s.no <= @to
        group by s.currency order by s.currency limit 200
        """;

    /// <summary>Rows that stood in an earlier report with other figures: the gateway contradicts itself.</summary>
    public const string Changed = """
        insert into money.reconciliation_exceptions (id, reconciliation_id, source, class, line_id, subject_kind, subject_id, currency, expected_minor, reported_minor, team, due_at, opened_at)
        select gen_random_uuid(), @run, @source,
            case when s.currency <> k.currency then 'different_currency' when s.gross_minor <> k.gross_minor then 'different_amount' else 'changed_fee' end,
            k.id, k.subject_kind, k.subject_id, k.currency,
            case when s.gross_minor <> k.gross_minor or s.currency <> k.currency then k.gross_minor else k.fee_minor end,
            case when s.gross_minor <> k.gross_minor or s.currency <> k.currency then s.gross_minor else s.fee_minor end, @team, @due, @now
        from money.report_staged s cross join lateral (
            select l.id, l.subject_kind, l.subject_id, l.currency, l.gross_minor, l.fee_minor from money.report_lines l where l.source = @source and l.external_id = s.external_id limit 1) k
        where s.reconciliation_id = @run and s.no > @start and s.no <= @to and (s.currency, s.gross_minor, s.fee_minor) <> (k.currency, k.gross_minor, k.fee_minor)
            and not exists (select 1 from money.reconciliation_exceptions e where e.line_id = k.id and e.reported_minor in (s.gross_minor, s.fee_minor))
        on conflict do nothing
        """;
}
