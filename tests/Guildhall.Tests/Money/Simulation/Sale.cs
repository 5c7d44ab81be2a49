using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Escrow;
using Guildhall.Money.Orders;
using static Guildhall.Tests.Money.Simulation.VirtualStripe;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>One order with its people, moved from state to state by requests and jobs of a chosen node.</summary>
internal sealed partial class Sale(CrashWorld world, OrderId order, Guid subject, Caller customer, Caller provider)
{
    private readonly Caller _staff = MoneyWorld.Person("*");
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private string? _payment, _withdrawal;
    private int _actors;

    public static async Task<Sale> Placed(CrashWorld world)
    {
        var (customer, provider, subject) = (MoneyWorld.Person(), await world.Provider(), Guid.NewGuid());
        var order = await world.Data(1).InTransaction(tx => PlaceOrder.Run(tx, customer,
            new NewOrder(customer.AccountId!.Value, provider.AccountId!.Value, "test", subject, [new OrderLine("A session", new Amount(25_000, MoneyWorld.Kwd))], tx.Now.AddMinutes(30))));
        return new Sale(world, order, subject, customer, provider);
    }

    public void IsGone() => world.Gone.Add(subject);

    public async Task Starts(int node)
    {
        if (await Post(customer, $"orders/{order}/payments", null, node) is { Status: 201 } answer) _payment = answer.Json.GetProperty("id").GetString();
    }

    public Task Cancels(int node) => Post(customer, $"payments/{_payment}/actions/cancel", null, node);

    public Task Refunds(int node) => Post(_staff, $"payments/{_payment}/refunds", new { reason = "Asked for.", amount = new { minor = 10_000, currency = "KWD" } }, node);

    // A timer or a person does it again when it was not done; the second time is refused.
    public Task Releases(int node) => world.Data(node).InTransaction(tx => ReleaseEscrow.Run(tx, Caller.System("test"), order));

    public Task ReleasesAPart(int node) => world.Data(node).InTransaction(tx => ReleasePart.Run(tx, Caller.System("test"), order, "a session", new Amount(5_000, MoneyWorld.Kwd)));

    public Task TakesThePartBack(int node) => world.Data(node).InTransaction(async tx => await ReleasePart.TakeBack(tx, (await Orders.Lock(tx, order))!, "a session"));

    public async Task Withdraws(int node)
    {
        if (await Post(provider, "withdrawals", new { amount = new { minor = 21_250, currency = "KWD" } }, node) is { Status: 201 } answer) _withdrawal = answer.Json.GetProperty("id").GetString();
    }

    public Task Approves(int node) => Post(_staff, $"admin/withdrawals/{_withdrawal}/actions/approve", new { revision = 1 }, node);

    public Task Rejects(int node) => Post(_staff, $"admin/withdrawals/{_withdrawal}/actions/reject", new { revision = 1, reason = "No." }, node);

    public Task TakesBack(int node) => Post(provider, $"withdrawals/{_withdrawal}/actions/cancel", null, node);

    public async Task OnPage()
    {
        await Does(() => Starts(0));
        world.Gate.Pays(world.Gate.All("checkout.session")[^1], declined: false);
    }

    public async Task Paid()
    {
        await OnPage();
        await Settles("send_refund");
    }

    public async Task Released()
    {
        await Paid();
        await Releases(0);
    }

    public async Task Asked()
    {
        await Released();
        await Does(() => Withdraws(0));
    }

    public async Task InTransit()
    {
        await Asked();
        await Does(() => Approves(0));
        await Does(() => Job(0, "send_payout"));
        world.Gate.Events.Clear();
    }

    /// <summary>A webhook of this type is delivered and read. The gateway repeats one that was not answered with 200.</summary>
    public async Task Webhook(int node, string type)
    {
        if (world.Gate.Events.FirstOrDefault(e => Text(JsonNode.Parse(e)!.AsObject(), "type") == type) is { } body)
        {
            var visitor = world.As(MoneyWorld.Person());
            visitor.OnlyNode = node;
            var answer = await visitor.Send(HttpMethod.Post, "webhooks/stripe", StripeEvent.Json(System.Text.Encoding.UTF8.GetBytes(body)),
                ("Stripe-Signature", StripeEvent.Sign(body, World.WebhookSecret, world.Time.GetUtcNow())), Header);
            if (answer.Status != 200) return;
            world.Gate.Events.Remove(body);
        }
        await Job(node, "process_webhook");
    }

    /// <summary>Runs the job of this kind that waits, though its time has not come.</summary>
    // The newest is this sale's: a payout or refund of an earlier one is asked about again for days.
    public async Task Job(int node, string kind)
    {
        if (await world.Database.Value<long?>("select id from foundation.jobs where kind = $1 and state = 'ready' order by id desc limit 1", kind) is { } id)
            await world.Jobs.Run(new JobDriver.Due(id, kind), node);
    }

    /// <summary>Delivers and runs all there is, but jobs of this kind.</summary>
    public async Task Settles(string but = "")
    {
        while (world.Gate.Events.Count > 0) await Does(() => Webhook(1, Text(JsonNode.Parse(world.Gate.Events[0])!.AsObject(), "type")!));
        foreach (var job in await world.Jobs.Ready())
            if (job.Kind != but) await Does(() => world.Jobs.Run(job, 1));
    }

    /// <summary>As an actor, so that its round trips are seen.</summary>
    public async Task Does(Func<Task> work)
    {
        world.Scheduler.Switching = 0;
        var actor = new Actor(++_actors, "", 0);
        await world.Scheduler.Start(actor, work);
        world.Scheduler.Ended();
        if (actor.Problem is { } problem) throw problem;
    }

    /// <summary>The first node is gone: leases run out, the client asks again, the jobs go on at the other node until nothing moves.</summary>
    public async Task Recovers(Func<Task>? again)
    {
        await world.Jobs.LeasesEnd();
        await world.Database.Execute("update foundation.idempotency set lease_until = clock_timestamp() - interval '1 second' where state = 'started'");
        if (again is not null) await Does(again);
        for (var round = 0; round < 12; round++)
        {
            world.Time.Passes(TimeSpan.FromMinutes(30));
            world.Gate.Expiries();
            foreach (var refund in world.Gate.All("refund").Where(r => Text(r, "status") is "pending").ToArray()) world.Gate.Becomes(refund, "succeeded");
            foreach (var payout in world.Gate.All("payout").Where(p => Text(p, "status") is "pending").ToArray()) world.Gate.Becomes(payout, "paid");
            await Settles();
            if (await world.Database.Count("""
                foundation.jobs where run_at <= $1 and kind in ('check_payment', 'close_at_gateway', 'send_refund', 'send_payout', 'take_back_payout', 'process_webhook', 'send_capture', 'send_back', 'check_dispute',
                    'send_evidence', 'close_dispute', 'reconcile', 'keep_method', 'forget_method', 'ask_about_method', 'pay_invoice_by_itself')
                """, world.Time.GetUtcNow().AddHours(2)) == 0) return;
        }
    }

    /// <summary>Where it has come to, in words.</summary>
    public async Task<string> Now() => string.Join(' ', (await world.Database.Column<string>("""
        select concat_ws(' ', o.state, (select string_agg(p.state, ' ' order by p.attempt) from money.payments p where p.order_id = o.id), case when o.released_at is not null then 'released' end,
            (select string_agg('refund ' || r.state, ' ') from money.refunds r where r.order_id = o.id), case when o.state = 'paid' and o.total_minor not in (0, 25000) then 'of ' || o.total_minor end,
            (select string_agg(case when m.removed_at is null then 'card kept' || case when m.exp_year = 2040 then ' anew' else '' end when m.forgotten_at is null then 'card removed' else 'card forgotten' end, ' ')
                from money.saved_methods m where m.account_id = o.customer_id),
            (select string_agg('dispute ' || d.state, ' ') from money.disputes d where d.order_id = o.id),
            (select string_agg('withdrawal ' || w.state, ' ') from money.withdrawals w where w.provider_id = o.provider_id),
            (select string_agg('batch ' || b.state, ' ') from money.payout_batches b where b.id in (
                select i.batch_id from money.payout_batch_items i join money.payouts p on p.id = i.payout_id join money.withdrawals w on w.id = p.withdrawal_id where w.provider_id = o.provider_id))) from money.orders o where o.id = $1
        """, order.Value)));

    private (string, string) Header => (SimulationWorld.ActorHeader, (Actor.Current.Value?.No ?? 0).ToString(CultureInfo.InvariantCulture));

    private async Task<Answer> Post(Caller by, string path, object? body, int node)
    {
        if (!_keys.TryGetValue(path, out var key)) _keys[path] = key = Guid.NewGuid().ToString();
        var visitor = world.As(by);
        visitor.OnlyNode = node;
        return await visitor.Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), ("Idempotency-Key", key), Header);
    }
}
