namespace Guildhall.Tests.Money.Simulation;

/// <summary>A bug put into the running product: words of its SQL exchanged on their way to PostgreSQL, of the functions in the database, or a constraint
/// taken away. The source stays as it is.</summary>
/// <param name="Statements">In every statement that has the first text, the second stands for it.</param>
/// <param name="Function">A function of the ledger and what is exchanged in it.</param>
/// <param name="Schema">Done to the database before, such as dropping what would stop the bug early.</param>
internal sealed record Plant(string Name, (string Find, string Put)[]? Statements = null, (string Name, string Find, string Put)? Function = null, string? Schema = null, bool LosesReactions = false)
{
    private int _hits;

    /// <summary>Whether the product came across it.</summary>
    public bool WasMet => _hits > 0 || Function is not null || LosesReactions;

    public async Task Put(SimulationWorld world)
    {
        if (Schema is not null) await world.Database.Execute(Schema);
        if (Function is var (name, find, put))
        {
            var text = await world.Database.Value<string>("select pg_get_functiondef(('money.' || $1)::regproc)", name);
            text.ShouldContain(find, customMessage: $"{Name}: the function has changed.");
            await world.Database.Execute(text.Replace(find, put, StringComparison.Ordinal));
        }
        world.LosesReactions = LosesReactions;
        world.Rewrite = Exchange;
    }

    private string Exchange(string sql)
    {
        foreach (var (find, put) in Statements ?? [])
        {
            if (!sql.Contains(find, StringComparison.Ordinal)) continue;
            Interlocked.Increment(ref _hits);
            sql = sql.Replace(find, put, StringComparison.Ordinal);
        }
        return sql;
    }

    private const string LockOrder = "from money.orders o where o.id = @id for update";
    private const string LockRefund = "and p.id = coalesce(@payment, o.paid_payment_id) for update of o, p, g";
    private const string NoLimits = """
        do $$ declare c record; begin
            for c in select conname from pg_constraint where conrelid = 'money.payment_guards'::regclass and contype = 'c' loop
                execute format('alter table money.payment_guards drop constraint %I', c.conname);
            end loop;
        end $$
        """;
    private const string Queue = "values (@kind, @payload, @runAt, @uniqueKey, @now, @maxAttempts)";

    private static (string, string, string) NotPosted(string kind) => ("post_journal", "\nbegin\n", $"\nbegin\n    if p_kind = '{kind}' then return 0; end if;\n");

    public static IReadOnlyList<Plant> All { get; } =
    [
        new("Refunds lock nothing", [(LockOrder, LockOrder.Replace(" for update", "", StringComparison.Ordinal)), (LockRefund, "and p.id = coalesce(@payment, o.paid_payment_id)")]),
        new("Refunds do not count what was refunded before", [("g.captured_minor, g.refunded_minor, g.fee_back_minor", "g.captured_minor, 0::bigint as refunded_minor, g.fee_back_minor")], Schema: NoLimits),
        new("Settling locks nothing", [("where p.id = @id for update of o, p, g", "where p.id = @id")]),
        new("Settling does not see that the payment was captured", [("select p.id, p.order_id, p.state, p.currency", "select p.id, p.order_id, 'requires_action' as state, p.currency")]),
        new("A webhook that comes twice is kept twice", [("on conflict (gateway, event_id) do nothing", "")],
            Schema: "alter table money.webhooks drop constraint webhooks_gateway_event_id_key"),
        new("A job is queued twice", [(Queue, "select @kind, @payload, @runAt, null, @now, @maxAttempts from generate_series(1, 2)")]),
        new("The job that sends a refund is lost", [(Queue, "select @kind, @payload, @runAt, @uniqueKey, @now, @maxAttempts where @kind <> 'send_refund'")]),
        new("Nobody hears that an order was paid", LosesReactions: true),
        new("The fee at the release is today's", [("o.fee_minor, o.fee_tax_minor, o.state",
            "o.total_minor * coalesce((select (value #>> '{}')::int from foundation.settings where key = 'money.platform_fee_basis_points'), 1500) / 10000 as fee_minor, o.fee_tax_minor, o.state")]),
        new("A refund does not give the fee back", [("fee_back_minor = fee_back_minor + @fee,", "fee_back_minor = fee_back_minor + 0 * @fee,"), ("@minor, @fee, @tax, @source", "@minor, 0 * @fee, @tax, @source")]),
        new("The fee is a unit short", [("@rule, @fee, @tax", "@rule, greatest(@fee - 1, 0), @tax")]),
        new("The legs of every journal are swapped", Function: ("post_journal", "select v_journal, e.no, e.account, e.minor from", "select v_journal, e.no, e.account, -e.minor from")),
        new("Balances are not kept", Function: ("post_journal", "owed_minor = b.owed_minor - v_sum::bigint", "owed_minor = b.owed_minor")),
        new("The balance is read without its lock", Function: ("lock_balance", "where b.account_id = v_id for update", "where b.account_id = v_id")),
        new("Every entry is in dinars", Function: ("post_journal", "p_currencies[i]", "'KWD'")),
        new("Journals forget their order", Function: ("post_journal", "select p_reference, p_kind, p_order,", "select p_reference, p_kind, null::uuid,")),
        new("A withdrawal reserves nothing", Function: NotPosted("withdrawal_requested")),
        new("A rejected withdrawal is not given back", Function: NotPosted("withdrawal_given_back")),
        new("A completed refund is not booked", Function: NotPosted("refund_completed")),
        new("A refund that was not answered has failed", [("set state = 'unknown' where id = @Id and state = 'pending'", "set state = 'failed' where id = @Id and state = 'pending'")]),
        new("A refund is sent again without asking", [("update money.refunds set checks = checks + 1 where", "update money.refunds set checks = checks + 0 where")]),
        new("A failed refund stays counted", [("refunded_minor = refunded_minor - @Minor", "refunded_minor = refunded_minor - 0 * @Minor")]),
        new("Late money does not pay a cancelled order", [("where id = @OrderId and state in ('open', 'cancelled')", "where id = @OrderId and state = 'open'")]),
        new("A second payment may be started beside the first", [("where p.order_id = @id order by p.attempt desc limit 50",
            "where p.order_id = @id and p.state not in ('created', 'requires_action', 'unknown') order by p.attempt desc limit 50")],
            Schema: "drop index money.payments_one_live; alter table money.payments drop constraint payments_order_id_attempt_key"),
        new("Idempotency keys are not remembered", [("values (@scope, @key, @operationId", "values (@scope || clock_timestamp()::text, @key, @operationId")]),
        new("Providers may approve their own withdrawals", [("for update of w", "for update of w /* own */"), ("w.requested_by", "gen_random_uuid() as requested_by"), ("w.provider_id,", "gen_random_uuid() as provider_id,")],
            Schema: "alter table money.withdrawals drop constraint withdrawals_check"),
        new("An open dispute does not stop the release", [("money.disputes where order_id = @id and closed_at is null", "money.disputes where order_id = @id and closed_at is null and false")]),
        new("A complaint does not stop the release", [("select id from money.order_holds where order_id = @id and ended_at is null", "select id from money.order_holds where order_id = @id and ended_at is null and false")]),
        new("A dispute sets nothing aside", Function: NotPosted("dispute_opened")),
        new("What a dispute took is not booked", Function: NotPosted("dispute_withdrawn")),
        new("The fee of a dispute is forgotten", Function: NotPosted("dispute_fee")),
        new("A lost dispute is not booked", Function: NotPosted("dispute_lost")),
        new("Nobody looks for disputes", [(Queue, "select @kind, @payload, @runAt, @uniqueKey, @now, @maxAttempts where @kind not in ('look_for_disputes', 'check_dispute')")]),
        new("A completed refund is never asked about again", [("r.checks, r.completed_at from", "r.checks, r.completed_at - interval '60 days' as completed_at from")]),
        new("A reserve is never given free", Function: NotPosted("reserve_released")),
        new("A part that is captured counts as all", [("captured_minor = @minor, capturing_minor = 0", "captured_minor = greatest(authorized_minor, @minor), capturing_minor = 0")]),
        new("Who proposed it may approve it", 
            [("from money.approvals a where a.id = @id for update",
                "from (select id, kind, subject, facts, currency, minor, reason, state, gen_random_uuid() as asked_by, asked_at, decided_by, decided_at, said from money.approvals where id = @id) a")],
            Schema: "alter table money.approvals drop constraint approvals_check3"),
        new("What was set aside is not booked", Function: NotPosted("quarantine_received")),
        new("A payout is not booked when it leaves", Function: NotPosted("payout_sent")),
        new("Captures are not told", [("values (@payment, @now, @kind, @actor, @facts)", "select @payment, @now, @kind, @actor, @facts where @kind <> 'captured'")]),
    ];
}
