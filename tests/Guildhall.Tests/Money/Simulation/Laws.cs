using System.Text.Json.Nodes;
using Guildhall.Money;
using static Guildhall.Tests.Money.Simulation.VirtualStripe;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>What must hold beside <see cref="Books"/>, at every moment of the simulation and at its end, from the rows and from what the gateway did.</summary>
internal static class Laws
{
    /// <summary>Everything that is broken now, in words.</summary>
    public static async Task<IReadOnlyList<string>> Broken(SimulationWorld world)
    {
        var broken = new List<string>();
        try { await world.Books.MustHold(); }
        catch (Xunit.Sdk.FailException problem) { broken.Add(problem.Message); }
        foreach (var (law, sql) in Always) await Check(world, law, sql, broken);
        broken.AddRange(NothingTwice(world.Gate));
        return broken;
    }

    /// <summary>What must hold too when everything has come to its end.</summary>
    public static async Task<IReadOnlyList<string>> BrokenAtTheEnd(SimulationWorld world)
    {
        var broken = new List<string>();
        foreach (var (law, sql) in Finally) await Check(world, law, sql, broken);
        // Money that was set aside, or not asked for and not told of, counts only when a person took it.
        var booked = (await world.Database.Column<string>("select gateway_payment from money.payments where state = 'captured' and gateway = 'stripe'")).ToHashSet(StringComparer.Ordinal);
        var aside = (await world.Database.Column<string>("select gateway_payment from money.quarantine where gateway_payment is not null")).ToHashSet(StringComparer.Ordinal);
        var counted = world.Gate.All("payment_intent").Select(i => (Id: Text(i, "id")!, Rogue: i["rogue"] is not null)).Where(i => booked.Contains(i.Id) || !i.Rogue && !aside.Contains(i.Id))
            .Select(i => i.Id).ToHashSet(StringComparer.Ordinal);
        await Agree("payments captured", """
            select p.id, g.captured_minor from money.payments p join money.payment_guards g on g.payment_id = p.id where p.state = 'captured' and p.gateway = 'stripe'
            """, id => new PaymentId(id).ToString(), "payment_intent", "payment_id", o => Text(o, "status") is "succeeded" && counted.Contains(Text(o, "id")!) ? Number(o, "amount_received") : 0);
        await Agree("refunds completed", """
            select r.id, r.minor from money.refunds r join money.payments p on p.id = r.payment_id where r.state = 'completed' and p.gateway = 'stripe'
            union all select id, minor from money.send_backs where state = 'completed'
            """, id => new RefundId(id).ToString(), "refund", "refund_id",
            o => Text(o, "status") is "succeeded" ? Number(o, "amount") : 0);
        await Agree("payouts completed", Payouts, id => new PayoutId(id).ToString(), "payout", "payout_id", o => Text(o, "status") is "paid" ? Number(o, "amount") : 0);
        await Agree("transfers not reversed", Payouts, id => new PayoutId(id).ToString(), "transfer", "payout_id", o => Number(o, "amount") - Number(o, "amount_reversed"));
        var disputes = await world.Database.Column<string>("select gateway_ref || ' ' || replace(state, 'accepted', 'lost') || ' ' || withdrawn_minor - reinstated_minor || ' ' || fee_minor - fee_returned_minor from money.disputes");
        Same("disputes", disputes, world.Gate.All("dispute").Select(d => $"{Text(d, "id")} {Text(d, "status")} {-Moves(d, "amount")} {Moves(d, "fee")}"));
        return broken;

        static long Moves(JsonObject dispute, string what) => ((JsonArray)dispute["balance_transactions"]!).Sum(m => Number((JsonObject)m!, what));

        async Task Agree(string what, string sql, Func<Guid, string> name, string kind, string reference, Func<JsonObject, long> moved)
        {
            Same(what, (await world.Database.Rows(sql)).Select(r => $"{name((Guid)r[0]!)} {r[1]}"),
                world.Gate.All(kind).Where(o => moved(o) != 0).Select(o => $"{Text((JsonObject)o["metadata"]!, reference)} {moved(o)}"));
        }

        void Same(string what, IEnumerable<string> here, IEnumerable<string> there)
        {
            var (ours, theirs) = (here.Order(StringComparer.Ordinal).ToArray(), there.Order(StringComparer.Ordinal).ToArray());
            if (!ours.SequenceEqual(theirs)) broken.Add($"The gateway and our {what} differ.\nonly ours: {string.Join(", ", ours.Except(theirs))}\nonly theirs: {string.Join(", ", theirs.Except(ours))}");
        }
    }

    private const string Payouts = "select p.id, w.minor from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id where p.state = 'completed' and p.gateway = 'stripe'";

    private static async Task Check(SimulationWorld world, string law, string sql, List<string> broken)
    {
        var rows = await world.Database.Rows(sql);
        if (rows.Count > 0) broken.Add($"{law}\n" + string.Join('\n', rows.Take(5).Select(r => string.Join(" | ", r))));
    }

    // No effect at the gateway twice: one object per reference of ours, and no more back than was taken.
    private static IEnumerable<string> NothingTwice(VirtualStripe gate)
    {
        foreach (var (kind, reference, counts) in new (string, string, Func<JsonObject, bool>)[]
        {
            ("payment_intent", "payment_id", o => Text(o, "status") is "succeeded" && o["rogue"] is null), ("refund", "refund_id", _ => true), ("transfer", "payout_id", _ => true), ("payout", "payout_id", _ => true),
        })
            foreach (var twice in gate.All(kind).Where(counts).GroupBy(o => Text((JsonObject)o["metadata"]!, reference), StringComparer.Ordinal).Where(g => g.Key is not null && g.Count() > 1))
                yield return $"The gateway was made to do it {twice.Count()} times: {kind} of {twice.Key}";
    }

    private static readonly (string Law, string Sql)[] Always =
    [
        ("Refunded ≤ captured ≤ authorized ≤ order.", """
            select g.*, p.amount_minor from money.payment_guards g join money.payments p on p.id = g.payment_id
            where not (0 <= g.refunded_minor and 0 <= g.disputed_minor and g.refunded_minor + g.disputed_minor <= g.captured_minor
                and g.captured_minor + g.capturing_minor <= g.authorized_minor and g.authorized_minor <= p.amount_minor)
            """),
        ("Every paid order was delivered or refused once, and no other order was.", """
            select o.id, o.state, d.order_id as delivered, r.order_id as refused from money.orders o left join simulation.delivered d on d.order_id = o.id left join simulation.refused r on r.order_id = o.id
            where (o.state = 'paid') <> (d.order_id is not null or r.order_id is not null) or (d.order_id is not null and r.order_id is not null)
            """),
        ("What could not be delivered goes back whole.", """
            select r.order_id from simulation.refused r join money.orders o on o.id = r.order_id
            where not exists (select 1 from money.refunds f where f.payment_id = o.paid_payment_id and f.reason = 'The slot is gone.')
            """),
        // A refund or dispute may have its number before the withdrawal that was faster to the balance: of debits only the withdrawals are counted.
        ("No more is ever asked for than the provider has earned.", """
            select owner_id, reference, owed from (
                select a.owner_id, j.reference, j.kind, -sum(e.minor) over (partition by e.account_id order by e.journal_id, e.no) as owed
                from money.entries e join money.accounts a on a.id = e.account_id join money.journals j on j.id = e.journal_id where a.kind = 'provider_available' and (e.minor < 0 or j.kind = 'withdrawal_requested')) b
            where b.kind = 'withdrawal_requested' and b.owed < 0
            """),
        ("Nobody has two withdrawals' worth of what was earned.", """
            select w.provider_id, w.currency from (
                select provider_id, currency, sum(minor) as minor from money.withdrawals where state not in ('rejected', 'cancelled', 'failed', 'returned') group by 1, 2) w
            where w.minor > coalesce((select -sum(e.minor) from money.entries e join money.accounts a on a.id = e.account_id join money.journals j on j.id = e.journal_id
                where a.kind = 'provider_available' and a.owner_id = w.provider_id and a.currency = w.currency and j.kind in ('release', 'refund_failed', 'reserve_released', 'dispute_freed', 'dispute_fee_back')), 0)
            """),
        ("Nothing is released while its money is disputed.", """
            select r.reference from money.journals r where r.kind = 'release' and 0 < (
                select count(*) filter (where d.kind = 'dispute_opened') - count(*) filter (where d.kind in ('dispute_freed', 'dispute_lost')) from money.journals d where d.order_id = r.order_id and d.id < r.id)
            """),
        ("Nothing is released while a complaint stands.", """
            select o.id from money.orders o join money.order_holds h on h.order_id = o.id where h.held_at < o.released_at and coalesce(h.ended_at, 'infinity') > o.released_at
            """),
        ("A payout leaves for the bank in one file, which two people made.", """
            select p.id, p.state from money.payouts p left join lateral (
                select count(*) as files, bool_and(b.built_by <> b.approved_by) as two from money.payout_batch_items i join money.payout_batches b on b.id = i.batch_id
                where i.payout_id = p.id and i.state = 'included' and b.state in ('sent', 'settled')) f on true
            where p.gateway = 'bank_file' and p.state in ('in_transit', 'completed', 'failed', 'returned') and (f.files <> 1 or not f.two)
            """),
        ("What one person proposed another approved.", "select id, kind from money.approvals where state = 'approved' and (decided_by = asked_by or decided_by is null)"),
        ("Money by hand came by a proposal that was approved.", """
            select p.id from money.payments p where p.gateway in ('cash', 'bank_transfer') and not exists (
                select 1 from money.approvals a where a.kind = 'settlement' and a.state = 'approved' and a.facts->>'document' = p.gateway_payment)
            """),
        ("An order of nothing has no payment and no journal.", """
            select o.id from money.orders o where o.total_minor = 0 and (exists (select 1 from money.payments p where p.order_id = o.id) or exists (select 1 from money.journals j where j.order_id = o.id))
            """),
        ("What was set aside goes back once, and not more than there is.", """
            select b.quarantine_id, sum(b.minor), q.minor from money.send_backs b join money.quarantine q on q.id = b.quarantine_id where b.state <> 'failed' group by b.quarantine_id, q.minor having sum(b.minor) > q.minor
            """),
        ("An event of the gateway is kept once.", "select gateway, event_id from money.webhooks group by 1, 2 having count(*) > 1"),
        ("A job lives once.", """
            select kind, payload from foundation.jobs where state in ('ready', 'running') and kind in ('send_refund', 'send_payout', 'process_webhook', 'take_back_payout') group by 1, 2 having count(*) > 1
            """),
        ("Nobody decides on their own withdrawal, and none is sent undecided.", """
            select id, state, requested_by, decided_by from money.withdrawals
            where decided_by in (requested_by, provider_id) or (decided_by is null and state in ('approved', 'processing', 'unknown', 'completed', 'returned'))
            """),
        ("Every capture is told and audited once.", """
            select p.id from money.payments p where p.state = 'captured' and (select count(*) from money.payment_events e where e.payment_id = p.id and e.kind = 'captured') <> 1
            """),
        ("The fee of an order is what the rule says, half to even, and stays.", """
            with rule as (
                select id, fee_minor, fee_tax_minor, total_minor::numeric * (fee_rule->>'basisPoints')::int / 10000 as fee,
                    fee_minor::numeric * coalesce((fee_rule->>'taxBasisPoints')::int, 0) / 10000 as tax
                from money.orders where coalesce((fee_rule->>'fixedMinor')::bigint, 0) = 0 and coalesce((fee_rule->>'minimumMinor')::bigint, 0) = 0 and fee_rule->>'maximumMinor' is null)
            select id, fee_minor, fee, fee_tax_minor, tax from rule
            where fee_minor <> case when fee - floor(fee) = 0.5 then 2 * round(fee / 2) else round(fee) end
                or fee_tax_minor <> case when tax - floor(tax) = 0.5 then 2 * round(tax / 2) else round(tax) end
            """),
        ("What a journal moves is in the currency of its order, unless it was set aside.", """
            select j.reference, o.currency, a.currency from money.journals j join money.orders o on o.id = j.order_id join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
            where a.currency <> o.currency and j.kind not in ('quarantine_received', 'send_back', 'send_back_completed', 'send_back_failed')
            """),
        ("What one person must not have less of than nothing.", """
            select a.kind, a.currency, -sum(e.minor) from money.entries e join money.accounts a on a.id = e.account_id
            where a.kind in ('escrow', 'unapplied', 'refunds_in_transit', 'payouts_in_transit', 'provider_reserved') group by a.kind, a.currency, a.owner_id having -sum(e.minor) < 0
            """),
    ];

    private static readonly (string Law, string Sql)[] Finally =
    [
        ("Every payment comes to an end.", "select id, state from money.payments where state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown')"),
        ("Every refund comes to an end.", "select id, state from money.refunds where state in ('pending', 'unknown')"),
        ("Every payout comes to an end, unless it is held or its provider owes.", """
            select p.id, p.state from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id where p.state in ('sending', 'in_transit', 'unknown')
            or (p.state = 'created' and w.held_code is null and not exists (select 1 from money.accounts a join money.balances b on b.account_id = a.id
                where a.kind = 'provider_available' and a.owner_id = w.provider_id and a.currency = w.currency and b.owed_minor < 0))
            """),
        ("Money that paid nothing goes back.", """
            select p.id from money.payments p join money.payment_guards g on g.payment_id = p.id join money.orders o on o.id = p.order_id
            where p.state = 'captured' and o.paid_payment_id is distinct from p.id and g.refunded_minor <> g.captured_minor
            and not exists (select 1 from money.refunds r where r.payment_id = p.id and r.state = 'failed') and not exists (select 1 from money.disputes d where d.payment_id = p.id)
            """),
        ("Nothing goes on being taken.", "select id, state from money.captures where state in ('pending', 'unknown')"),
        ("Every dispute is decided.", "select id, state from money.disputes where closed_at is null"),
        ("What goes back from what was set aside comes to an end.", "select id, state from money.send_backs where state in ('pending', 'unknown')"),
        ("A reserve is given free on its day.", "select id from money.reserves where released_at is null"),
        ("Nothing the gateway told is left unread or unknown.", "select id, state, type, note from money.webhooks where state not in ('done', 'ignored')"),
        ("No job is left.", "select kind, payload, last_error from foundation.jobs where state <> 'ready' and kind not like 'send_mail%'"),
    ];
}
