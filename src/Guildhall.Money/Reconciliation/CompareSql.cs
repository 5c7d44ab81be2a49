namespace Guildhall.Money.Reconciliation;

internal static class CompareSql
{
    public const string PlacePayment = """
        select p.captured_at as at, p.id from money.payments p
        where p.gateway = @source and p.captured_at is not null and (p.captured_at, p.id) > (@at, @id) and p.captured_at <= @to order by p.captured_at, p.id offset @Batch limit 1
        """;

    public const string Payments = """
        insert into money.reconciliation_exceptions
            (id, reconciliation_id, source, class, subject_kind, subject_id, currency, expected_minor, reported_minor, happened_at, team, due_at, opened_at)
        select gen_random_uuid(), @run, @source, case when p.captured_at > @LateFrom then 'late' else 'missing_there' end, 'payment', p.id, p.currency, g.captured_minor, 0, p.captured_at,
            @Team, @Due, @now
        from (
            select p.id, p.currency, p.captured_at from money.payments p
            where p.gateway = @source and p.captured_at is not null and (p.captured_at, p.id) > (@at, @id) and (p.captured_at, p.id) <= (@end, @endId)
                and not exists (select 1 from money.report_lines l where l.subject_id = p.id and l.subject_kind = 'payment') offset 0) p
            join money.payment_guards g on g.payment_id = p.id
        where g.captured_minor > 0
            and not exists (select 1 from money.report_links k where k.subject_id = p.id and k.subject_kind = 'payment')
            and not exists (select 1 from money.reconciliation_exceptions e where e.subject_id = p.id and e.subject_kind = 'payment' and e.line_id is null and e.state <> 'resolved')
        on conflict do nothing
        """;

    public const string PlaceRefund = """
        select r.completed_at as at, r.id from money.refunds r join money.payments p on p.id = r.payment_id
        where p.gateway = @source and r.completed_at is not null and (r.completed_at, r.id) > (@at, @id) and r.completed_at <= @to order by r.completed_at, r.id offset @Batch limit 1
        """;

    public const string Refunds = """
        insert into money.reconciliation_exceptions
            (id, reconciliation_id, source, class, subject_kind, subject_id, currency, expected_minor, reported_minor, happened_at, team, due_at, opened_at)
        select gen_random_uuid(), @run, @source, case when r.completed_at > @LateFrom then 'late' else 'missing_there' end, 'refund', r.id, r.currency, -r.minor, 0, r.completed_at,
            @Team, @Due, @now
        from money.refunds r join money.payments p on p.id = r.payment_id
        where p.gateway = @source and r.completed_at is not null and (r.completed_at, r.id) > (@at, @id) and (r.completed_at, r.id) <= (@end, @endId)
            and not exists (select 1 from money.report_lines l where l.subject_id = r.id and l.subject_kind = 'refund')
            and not exists (select 1 from money.reconciliation_exceptions e where e.subject_id = r.id and e.subject_kind = 'refund' and e.line_id is null and e.state <> 'resolved')
        on conflict do nothing
        """;

    public const string PlacePayout = """
        select o.completed_at as at, o.id from money.payouts o
        where o.gateway = @source and o.completed_at is not null and (o.completed_at, o.id) > (@at, @id) and o.completed_at <= @to order by o.completed_at, o.id offset @Batch limit 1
        """;

    public const string Payouts = """
        insert into money.reconciliation_exceptions
            (id, reconciliation_id, source, class, subject_kind, subject_id, currency, expected_minor, reported_minor, happened_at, team, due_at, opened_at)
        select gen_random_uuid(), @run, @source, case when o.completed_at > @LateFrom then 'late' else 'missing_there' end, 'payout', o.id, w.currency, w.fee_minor - w.minor, 0, o.completed_at,
            @Team, @Due, @now
        from money.payouts o join money.withdrawals w on w.id = o.withdrawal_id
        where o.gateway = @source and o.completed_at is not null and (o.completed_at, o.id) > (@at, @id) and (o.completed_at, o.id) <= (@end, @endId)
            and not exists (select 1 from money.report_lines l where l.subject_id = o.id and l.subject_kind = 'payout')
            and not exists (select 1 from money.reconciliation_exceptions e where e.subject_id = o.id and e.subject_kind = 'payout' and e.line_id is null and e.state <> 'resolved')
        on conflict do nothing
        """;

    public const string PlaceDispute = """
        select d.withdrawn_at as at, d.id from money.disputes d
        where d.gateway = @source and d.withdrawn_at is not null and (d.withdrawn_at, d.id) > (@at, @id) and d.withdrawn_at <= @to order by d.withdrawn_at, d.id offset @Batch limit 1
        """;

    public const string Disputes = """
        insert into money.reconciliation_exceptions
            (id, reconciliation_id, source, class, subject_kind, subject_id, currency, expected_minor, reported_minor, happened_at, team, due_at, opened_at)
        select gen_random_uuid(), @run, @source, case when d.withdrawn_at > @LateFrom then 'late' else 'missing_there' end, 'dispute', d.id, d.currency, -d.withdrawn_minor, 0, d.withdrawn_at,
            @Team, @Due, @now
        from money.disputes d
        where d.gateway = @source and d.withdrawn_at is not null and (d.withdrawn_at, d.id) > (@at, @id) and (d.withdrawn_at, d.id) <= (@end, @endId)
            and not exists (select 1 from money.report_lines l where l.subject_id = d.id and l.subject_kind = 'dispute')
            and not exists (select 1 from money.reconciliation_exceptions e where e.subject_id = d.id and e.subject_kind = 'dispute' and e.line_id is null and e.state <> 'resolved')
        on conflict do nothing
        """;

    public const string PlaceDisputeBack = """
        select d.reinstated_at as at, d.id from money.disputes d
        where d.gateway = @source and d.reinstated_at is not null and (d.reinstated_at, d.id) > (@at, @id) and d.reinstated_at <= @to order by d.reinstated_at, d.id offset @Batch limit 1
        """;

    public const string DisputesBack = """
        insert into money.reconciliation_exceptions
            (id, reconciliation_id, source, class, subject_kind, subject_id, currency, expected_minor, reported_minor, happened_at, team, due_at, opened_at)
        select gen_random_uuid(), @run, @source, case when d.reinstated_at > @LateFrom then 'late' else 'missing_there' end, 'dispute_back', d.id, d.currency, d.reinstated_minor, 0, d.reinstated_at,
            @Team, @Due, @now
        from money.disputes d
        where d.gateway = @source and d.reinstated_at is not null and (d.reinstated_at, d.id) > (@at, @id) and (d.reinstated_at, d.id) <= (@end, @endId)
            and not exists (select 1 from money.report_lines l where l.subject_id = d.id and l.subject_kind = 'dispute_back')
            and not exists (select 1 from money.reconciliation_exceptions e where e.subject_id = d.id and e.subject_kind = 'dispute_back' and e.line_id is null and e.state <> 'resolved')
        on conflict do nothing
        """;

    /// <summary>What was missing there has come in a row of a later report.</summary>
    public const string Arrived = """
        update money.reconciliation_exceptions e set state = 'resolved', closed_at = @now, reason = 'A later report has it.', revision = revision + 1
        where e.source = @Source and e.state = 'open' and e.line_id is null and e.subject_id is not null and e.subject_kind <> 'settlement'
            and (exists (select 1 from money.report_lines l where l.subject_id = e.subject_id and l.subject_kind = e.subject_kind)
                or exists (select 1 from money.report_links k where k.subject_id = e.subject_id and k.subject_kind = e.subject_kind))
        """;

    public const string NoLongerLate = """
        update money.reconciliation_exceptions set class = 'missing_there', revision = revision + 1 where source = @Source and state = 'open' and class = 'late' and happened_at <= @LateFrom
        """;

    /// <summary>A row that is too much by exactly what is missing elsewhere, and by nothing else: two of ours became one there. Both stay open.</summary>
    public const string Merged = """
        with pair as (
            select a.id as of_row, b.id as of_missing, count(*) over (partition by a.id) as rows, count(*) over (partition by b.id) as missing
            from money.reconciliation_exceptions a join money.reconciliation_exceptions b
                on b.reconciliation_id = a.reconciliation_id and b.currency = a.currency and b.expected_minor = a.reported_minor - a.expected_minor
            where a.reconciliation_id = @run and a.class = 'different_amount' and a.subject_kind = 'payment' and a.state = 'open' and a.line_id is not null
                and b.class in ('missing_there', 'late') and b.subject_kind = 'payment' and b.state = 'open')
        update money.reconciliation_exceptions e set class = 'merged', revision = revision + 1 from pair p where p.rows = 1 and p.missing = 1 and e.id in (p.of_row, p.of_missing)
        """;

    public const string MergedLines = """
        update money.report_lines l set class = 'merged' from money.reconciliation_exceptions e
        where e.reconciliation_id = @run and e.class = 'merged' and e.state = 'open' and l.id = e.line_id and l.class = 'different_amount'
        """;

    public const string Stated = """
        select c.currency, c.rows, c.net_minor, c.opening_minor, c.closing_minor, coalesce(sum(t.rows), 0)::bigint as sorted, coalesce(sum(t.net_minor), 0)::bigint as sorted_net
        from money.reconciliation_currencies c left join money.reconciliation_totals t on t.reconciliation_id = c.reconciliation_id and t.currency = c.currency
        where c.reconciliation_id = @run group by c.currency, c.rows, c.net_minor, c.opening_minor, c.closing_minor order by c.currency limit 200
        """;

    public const string DoesNotAddUp = """
        insert into money.reconciliation_exceptions (id, reconciliation_id, source, class, currency, expected_minor, reported_minor, team, due_at, opened_at)
        values (gen_random_uuid(), @run, @Source, 'totals', @Currency, @expected, @reported, @team, @due, @now)
        """;

    /// <summary>What a gateway promised and no statement of a bank has shown in time.</summary>
    public const string NotAtBank = """
        insert into money.reconciliation_exceptions
            (id, reconciliation_id, source, class, subject_kind, subject_id, currency, expected_minor, reported_minor, happened_at, team, due_at, opened_at)
        select gen_random_uuid(), @run, s.source, 'missing_there', 'settlement', s.id, s.currency, s.minor, 0, s.sent_at, @team, @due, @now
        from money.gateway_settlements s where s.bank_line_id is null and s.returned_at is null and s.arrives_on < @day
            and exists (select 1 from money.reconciliation_currencies c where c.reconciliation_id = @run and c.currency = s.currency)
            and not exists (select 1 from money.reconciliation_exceptions e where e.subject_id = s.id and e.subject_kind = 'settlement' and e.line_id is null and e.state <> 'resolved')
        on conflict do nothing
        """;

    public const string AtBankAfterAll = """
        update money.reconciliation_exceptions e set state = 'resolved', closed_at = @now, reason = 'The bank has it.', revision = revision + 1
        from money.gateway_settlements s where e.subject_kind = 'settlement' and e.subject_id = s.id and e.state = 'open' and e.line_id is null and (s.bank_line_id is not null or s.returned_at is not null)
        """;
}
