using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Operations.JobsAdmin;

namespace Guildhall.Tests.Money.Gateways;

public sealed class ProcessWebhookTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("money-13")]
    public async Task A_message_that_comes_before_the_opening_was_recorded_is_matched_and_the_opening_changes_nothing_after_it()
    {
        var deal = await world.Order();
        var paid = new TaskCompletionSource();
        world.Wire.Before = async http =>
        {
            if (http.Request.Path != "/v1/checkout/sessions") return false;
            await paid.Task;
            return false;
        };
        var start = deal.Starts();
        var id = await Eventually.Get(() => world.Database.Value<Guid>("select id from money.payments where order_id = $1", deal.Order.Value), found => found != default, "The payment was not begun.");
        (await world.Learns(StripeEvent.Intent(new Guildhall.Money.PaymentId(id), "succeeded", 25_000))).ShouldBe("done");
        paid.SetResult();
        (await start).State.ShouldBe(PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-6", "money-85")]
    public async Task A_reaction_that_throws_undoes_everything_and_the_message_is_kept_tried_again_buried_and_replayed()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var tries = 0;
        world.WhenPaid = async (tx, fact) =>
        {
            Interlocked.Increment(ref tries);
            await tx.ChangeOne("update money.orders set cancel_reason = 'half of the work' where id = @Order", new { fact.Order });
            await tx.Flush();
            throw new InvalidOperationException("planted");
        };
        var body = StripeEvent.Intent(payment.Id, "succeeded", 25_000, eventId: "evt_buried");
        (await world.Hears(body)).Must();
        await Eventually.True(() => Task.FromResult(tries >= 2), "It was not tried again.");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Now()).State.ShouldBe(OrderState.Open);
        (await deal.Journals()).ShouldBe("");

        const string Dead = "foundation.jobs j join money.webhooks w on w.id = (j.payload ->> 'webhook')::bigint where j.state = 'dead' and w.event_id = 'evt_buried'";
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(15.Minutes());
            return await world.Database.Count(Dead) == 1;
        }, "It was not given up.", TimeSpan.FromSeconds(60));
        tries.ShouldBeGreaterThanOrEqualTo(12);
        (await world.Database.Value<string>("select state from money.webhooks where event_id = 'evt_buried'")).ShouldBe("received");

        world.WhenPaid = null;
        var dead = await world.Database.Value<long>("select j.id from " + Dead);
        (await world.Data().InTransaction(tx => ReplayJob.Run(tx, MoneyWorld.Staff, dead))).OrThrow();
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        await Eventually.True(() => Task.FromResult(world.Paid.Any(o => o == deal.Order)), "Nobody heard of it.");
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    private static readonly string[] Told = ["authorized", "captured", "cancelled", "declined"];

    [Fact]
    [Covers("money-84")]
    public async Task What_is_told_of_a_payment_in_any_order_ends_the_same()
    {
        foreach (var order in Orders([.. Told]))
        {
            var deal = await world.Order();
            var payment = await deal.Starts();
            foreach (var told in order)
                await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment.Id, told switch
                {
                    "authorized" => FactState.Authorized, "captured" => FactState.Captured, "cancelled" => FactState.Cancelled, _ => FactState.Open,
                }, new Amount(25_000, MoneyWorld.Kwd), "pi_" + payment.Id, Declined: told is "declined")));
            (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.Captured, string.Join(' ', order));
            (await deal.Now()).State.ShouldBe(OrderState.Paid);
            (await deal.Journals()).ShouldBe("capture");
        }
    }

    private static IEnumerable<List<string>> Orders(List<string> of) =>
        of.Count == 0 ? [[]] : of.SelectMany(first => Orders([.. of.Where(x => !string.Equals(x, first, StringComparison.Ordinal))]).Select(rest => (List<string>)[first, .. rest]));

    [Fact]
    [Covers("money-83")]
    public async Task Two_nodes_with_the_same_message_deal_with_it_once()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        (await world.Hears(StripeEvent.Intent(payment.Id, "succeeded", 25_000, eventId: "evt_twice"))).Must();
        await world.Database.Execute("""
            insert into foundation.jobs (kind, payload, run_at, created_at, max_attempts) select kind, payload, run_at, created_at, max_attempts from foundation.jobs
            where kind = 'process_webhook' and payload ->> 'webhook' = (select id::text from money.webhooks where event_id = 'evt_twice')
            """);
        await gate.OpenWhenWaiting(2);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }
}
