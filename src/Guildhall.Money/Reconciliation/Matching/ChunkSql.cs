namespace Guildhall.Money.Reconciliation.Matching;

/// <summary>What follows from the rows of a chunk, whichever side they are of.</summary>
internal static class ChunkSql
{
    /// <summary>One chunk of one source at a time, whichever run and node: two overlapping files cannot match the same row.</summary>
    public const string Turn = "select pg_advisory_xact_lock(hashtextextended('reconciliation ' || @source, 0))";

    public const string Staged = "select count(*) from money.report_staged where reconciliation_id = @run and no > @start and no <= @to";

    public const string Total = """
        insert into money.reconciliation_totals as t (reconciliation_id, currency, outcome, rows, gross_minor, fee_minor, net_minor)
        values (@run, @Currency, @outcome, @Rows, @GrossMinor, @FeeMinor, @NetMinor)
        on conflict (reconciliation_id, currency, outcome) do update set rows = t.rows + excluded.rows, gross_minor = t.gross_minor + excluded.gross_minor,
            fee_minor = t.fee_minor + excluded.fee_minor, net_minor = t.net_minor + excluded.net_minor
        """;

    // What we have for a line: of a changed fee the fee, else the amount.
    private const string Expected = """
        coalesce(case when l.class = 'changed_fee' then l.expected_fee_minor
            when l.subject_kind = 'payment' then (select g.captured_minor from money.payment_guards g where g.payment_id = l.subject_id)
            when l.subject_kind in ('refund', 'refund_back') then (select case l.subject_kind when 'refund' then -r.minor else r.minor end from money.refunds r where r.id = l.subject_id)
            when l.subject_kind in ('payout', 'payout_back') then (select (w.minor - w.fee_minor) * case l.subject_kind when 'payout' then -1 else 1 end
                from money.payouts o join money.withdrawals w on w.id = o.withdrawal_id where o.id = l.subject_id)
            when l.subject_kind in ('dispute', 'dispute_back') then (select case l.subject_kind when 'dispute' then -d.withdrawn_minor else d.reinstated_minor end from money.disputes d where d.id = l.subject_id)
            when l.kind = 'credit' then (select s.minor from money.gateway_settlements s where s.id = l.about_id) end, 0)
        """;

    /// <summary>Every open row is an exception with an owner and a day it is due.</summary>
    public const string Except = $"""
        insert into money.reconciliation_exceptions (id, reconciliation_id, source, class, line_id, subject_kind, subject_id, currency, expected_minor, reported_minor, team, due_at, opened_at)
        select gen_random_uuid(), l.reconciliation_id, l.source, l.class, l.id, l.subject_kind, l.subject_id, l.currency, {Expected},
            case when l.class = 'changed_fee' then l.fee_minor else l.gross_minor end, @team, @due, @now
        from money.report_lines l where l.reconciliation_id = @run and l.no > @start and l.no <= @to and l.state = 'open'
        on conflict do nothing
        """;

    /// <summary>What the gateway sent to our bank. Its journal is posted with it.</summary>
    public const string Settle = """
        insert into money.gateway_settlements (id, source, reference, line_id, currency, minor, sent_at, arrives_on)
        select gen_random_uuid(), l.source, coalesce(l.gateway_ref, l.external_id), l.id, l.currency, -l.net_minor, l.at, coalesce(l.arrives_on, (l.at at time zone 'UTC')::date)
        from money.report_lines l
        where l.reconciliation_id = @run and l.no > @start and l.no <= @to and l.kind = 'settlement' and l.state = 'explained' and l.net_minor < 0
        on conflict do nothing returning id, reference, currency, minor
        """;

    /// <summary>What came back from our bank to the gateway.</summary>
    public const string SettledBack = """
        update money.gateway_settlements s set returned_at = l.at from money.report_lines l
        where l.reconciliation_id = @run and l.no > @start and l.no <= @to and l.kind = 'settlement_back' and l.state = 'explained' and s.source = l.source
            and s.reference = l.gateway_ref and s.currency = l.currency and s.minor = l.net_minor and s.returned_at is null
        returning s.id, s.reference, s.currency, s.minor
        """;

    /// <summary>Rows that are several of ours: all captured, none taken, the same sum to the minor unit; else they stay open as merged.</summary>
    public const string Merged = """
        select s.no, s.currency, s.gross_minor, s.fee_minor, s.net_minor, s.others, l.id from money.report_staged s
            cross join lateral (select l.id from money.report_lines l where l.reconciliation_id = @run and l.no = s.no and l.state = 'open' and l.class = 'merged' limit 1) l
        where s.reconciliation_id = @run and s.no > @start and s.no <= @to and s.others is not null order by s.no limit 20000
        """;

    public const string PartsOfMerged = """
        select count(*) as count, coalesce(sum(g.captured_minor), 0)::bigint as minor
        from money.payments p join money.payment_guards g on g.payment_id = p.id
        where p.id = any (@others) and p.gateway = @source and p.currency = @currency and g.captured_minor > 0
            and not exists (select 1 from money.report_lines l where l.subject_id = p.id and l.subject_kind = 'payment')
            and not exists (select 1 from money.report_links k where k.subject_id = p.id and k.subject_kind = 'payment')
        """;

    public const string LinkMerged = """
        insert into money.report_links (subject_kind, subject_id, line_id, minor)
        select 'payment', g.payment_id, @id, g.captured_minor from money.payment_guards g where g.payment_id = any (@others)
        """;

    public const string TakeMerged = """
        update money.report_lines set state = 'matched', class = null, how = 'merged', fee_journal = case when fee_minor <> 0 then @journal || currency end where id = @id and state = 'open' and class = 'merged'
        """;

    public const string Forget = "delete from money.report_staged where reconciliation_id = @run and no > @start and no <= @to";

    public const string Progress = """
        update money.reconciliations set done_rows = @to, changed_at = @now where id = @run and state = 'matching' and done_rows = @start
        """;

    /// <summary>Lines leave one outcome of their run for another, with their sums.</summary>
    public const string Leave = """
        with moved as (
            select l.reconciliation_id, l.currency, count(*) as rows, sum(l.gross_minor)::bigint as gross, sum(l.fee_minor)::bigint as fee, sum(l.net_minor)::bigint as net
            from money.report_lines l where l.id = any (@lines) group by l.reconciliation_id, l.currency)
        update money.reconciliation_totals t set rows = t.rows - m.rows, gross_minor = t.gross_minor - m.gross, fee_minor = t.fee_minor - m.fee, net_minor = t.net_minor - m.net
        from moved m where t.reconciliation_id = m.reconciliation_id and t.currency = m.currency and t.outcome = 'open'
        """;

    public const string Join = """
        insert into money.reconciliation_totals as t (reconciliation_id, currency, outcome, rows, gross_minor, fee_minor, net_minor)
        select l.reconciliation_id, l.currency, l.state, count(*), sum(l.gross_minor)::bigint, sum(l.fee_minor)::bigint, sum(l.net_minor)::bigint
        from money.report_lines l where l.id = any (@lines) group by l.reconciliation_id, l.currency, l.state order by l.reconciliation_id, l.currency, l.state
        on conflict (reconciliation_id, currency, outcome) do update set rows = t.rows + excluded.rows, gross_minor = t.gross_minor + excluded.gross_minor,
            fee_minor = t.fee_minor + excluded.fee_minor, net_minor = t.net_minor + excluded.net_minor
        """;

    /// <summary>An open line that is open for another reason now.</summary>
    public const string Follow = $"""
        update money.reconciliation_exceptions e set class = l.class, subject_kind = l.subject_kind, subject_id = l.subject_id, expected_minor = {Expected},
            reported_minor = case when l.class = 'changed_fee' then l.fee_minor else l.gross_minor end, revision = revision + 1
        from money.report_lines l where e.line_id = any (@lines) and l.id = e.line_id and l.state = 'open' and e.state = 'open' and e.class <> l.class
        """;

    /// <summary>The exceptions of lines that are no longer open are resolved; of those that are open for another reason the class follows.</summary>
    public const string Resolve = """
        update money.reconciliation_exceptions e set state = 'resolved', closed_at = @now, reason = @reason, revision = revision + 1
        from money.report_lines l where e.line_id = any (@lines) and l.id = e.line_id and l.state <> 'open' and e.state = 'open'
        """;
}
