using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Quarantine;
using Guildhall.Operations.Health;

namespace Guildhall.Tests.Money.Payments;

public sealed class ResolveQuarantineTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task Tells(PaymentId payment, Amount amount, string intent, FactState state = FactState.Captured) =>
        world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment, state, amount, intent)));

    private Task<long> ItemOf(PaymentId payment) => world.Database.Value<long>("select max(id) from money.quarantine where payment_id = $1", payment.Value);

    private Task<Result<QuarantineView>> Decides(long item, Resolution how, int node = 0) =>
        ResolveQuarantine.Run(world.Data(node), world.Get<GatewayBook>(node), MoneyWorld.Staff, item, new(how, "Looked at the gateway's page."), default);

    // A payment in one currency that the gateway took in another amount, really there.
    private async Task<(Deal Deal, PaymentId Payment, string Intent)> PaidOddly(Amount reported)
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        var other = await world.Order(reported);
        var strange = await other.Pays(); // money that is at the gateway, under an intent of its own
        var intent = await world.Database.Value<string>("select gateway_payment from money.payments where id = $1", strange.Value);
        await world.Database.Execute("update money.payments set gateway_payment = 'another of ' || gateway_payment where id = $1", strange.Value); // it is nobody's here
        await Tells(payment.Id, reported, intent);
        return (deal, payment.Id, intent);
    }

    [Fact]
    [Covers("M-4", "money-19")]
    public async Task Money_of_a_wrong_amount_goes_back_once_through_suspense_and_the_payment_ends()
    {
        var (deal, payment, _) = await PaidOddly(new Amount(24_000, MoneyWorld.Kwd));
        var item = await ItemOf(payment);
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var both = new[] { Decides(item, Resolution.SentBack, 0), Decides(item, Resolution.SentBack, 1) };
        await gate.OpenWhenWaiting(2);
        var answers = await Task.WhenAll(both);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Single(a => !a.Granted).Refusal!.Code.ShouldBe("quarantine_resolved");
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.Failed);
        await Eventually.True(async () => await world.Database.Count("money.send_backs where quarantine_id = $1 and state = 'completed'", item) == 1, "It did not go back.");
        (await deal.Journals()).ShouldBe("quarantine_received send_back send_back_completed");
        (await deal.Owes("suspense")).ShouldBe(0);
        (await deal.Now()).State.ShouldBe(OrderState.Open);
        (await deal.Starts()).Attempt.ShouldBe(2);
    }

    [Fact]
    [Covers("M-4")]
    public async Task Money_that_could_not_go_back_lies_in_suspense_and_a_person_decides_anew()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        await Tells(payment, new Amount(25_000, MoneyWorld.Kwd), "pi_nowhere");
        var item = await ItemOf(payment);
        (await Decides(item, Resolution.SentBack)).OrThrow().Resolution.ShouldBe(Resolution.SentBack);
        await Eventually.True(async () => await world.Database.Count("money.send_backs where quarantine_id = $1 and state = 'failed'", item) == 1, "It was expected to be refused.");
        (await deal.Owes("suspense")).ShouldBe(25_000);
        await world.Books.MustHold();
        (await ListQuarantine.One(world.Data(), item, default)).OrThrow().ResolvedAt.ShouldBeNull();
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.Captured); // the true money stays
        (await Decides(item, Resolution.Accepted)).Refusal!.Code.ShouldBe("quarantine_not_acceptable");
    }

    [Fact]
    [Covers("M-4")]
    public async Task Less_than_was_asked_is_accepted_and_the_order_is_then_one_of_that()
    {
        var deal = await world.Order();
        var payment = (await deal.Starts()).Id;
        await Tells(payment, new Amount(20_000, MoneyWorld.Kwd), "pi_less");
        (await Decides(await ItemOf(payment), Resolution.Accepted)).OrThrow();
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.Captured);
        var order = await deal.Now();
        (order.State, order.TotalMinor, order.FeeMinor).ShouldBe((OrderState.Paid, 20_000, 3_000));
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    [Theory, InlineData("KWD", 26_000), InlineData("USD", 25_000)]
    [Covers("M-4", "money-19")]
    public async Task More_than_was_asked_or_another_currency_is_never_accepted(string currency, long minor)
    {
        var deal = await world.Order();
        var payment = (await deal.Starts()).Id;
        await Tells(payment, new Amount(minor, Currency.Of(currency)), "pi_more");
        var item = await ItemOf(payment);
        (await Decides(item, Resolution.Accepted)).Refusal!.Code.ShouldBe("quarantine_not_acceptable");
        (await ListQuarantine.One(world.Data(), item, default)).OrThrow().ResolvedAt.ShouldBeNull();
        (await Decides(item, Resolution.Explained)).OrThrow();
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.Failed);
        await Tells(payment, new Amount(minor, Currency.Of(currency)), "pi_more"); // told again: dealt with
        (await ListQuarantine.One(world.Data(), item, default)).OrThrow().ResolvedAt.ShouldNotBeNull();
    }

    [Fact]
    [Covers("M-4", "money-20")]
    public async Task What_paid_one_order_neither_pays_another_nor_goes_back_on_its_account()
    {
        var (paid, unpaid) = (await world.Order(), await world.Order());
        var first = await paid.Pays();
        var intent = await world.Database.Value<string>("select gateway_payment from money.payments where id = $1", first.Value);
        var second = (await unpaid.Starts()).Id;
        await Tells(second, new Amount(25_000, MoneyWorld.Kwd), intent);
        await Tells(second, new Amount(25_000, MoneyWorld.Kwd), intent, FactState.Authorized);
        ((await unpaid.Now()).State, await unpaid.Journals()).ShouldBe((OrderState.Open, ""));
        var item = await world.Database.Value<long>("select id from money.quarantine where payment_id = $1 and reason = 'pays_another' order by id limit 1", second.Value);
        var seen = (await ListQuarantine.One(world.Data(), item, default)).OrThrow();
        (seen.SendBack, seen.Accept).ShouldBe((false, false));
        (await Decides(item, Resolution.SentBack)).Refusal!.Code.ShouldBe("quarantine_not_sendable");
        (await Decides(item, Resolution.Accepted)).Refusal!.Code.ShouldBe("quarantine_not_acceptable");
        (await Decides(item, Resolution.Explained)).OrThrow();
        (await paid.Owes("escrow")).ShouldBe(25_000);
    }

    [Fact]
    [Covers("M-4", "money-19")]
    public async Task What_went_back_neither_goes_back_again_nor_is_booked_afterwards()
    {
        var (deal, payment, intent) = await PaidOddly(new Amount(24_000, MoneyWorld.Kwd));
        await Tells(payment, new Amount(23_000, MoneyWorld.Kwd), intent); // said again, and otherwise
        var items = await world.Database.Column<long>("select id from money.quarantine where payment_id = $1 order by id", payment.Value);
        (await Decides(items[0], Resolution.SentBack)).OrThrow();
        (await Decides(items[1], Resolution.SentBack)).Refusal!.Code.ShouldBe("quarantine_not_sendable");
        (await Decides(items[1], Resolution.Accepted)).Refusal!.Code.ShouldBe("quarantine_not_acceptable");
        ((await deal.Now()).State, await deal.Owes("escrow")).ShouldBe((OrderState.Open, 0));
    }

    [Fact]
    [Covers("M-4", "money-19")]
    public async Task A_proven_message_in_a_currency_we_do_not_know_is_set_aside_and_not_ignored()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        (await world.Learns(StripeEvent.Intent(payment.Id, "succeeded", 25_000, currency: "xqz"))).ShouldBe("done");
        (await world.Database.Column<string>("select reason from money.quarantine where payment_id = $1", payment.Id.Value)).ShouldBe(["unknown_currency"]);
        (await Decides(await ItemOf(payment.Id), Resolution.SentBack)).Refusal!.Code.ShouldBe("quarantine_not_sendable");
        (await Decides(await ItemOf(payment.Id), Resolution.Explained)).OrThrow();
    }

    [Fact]
    public async Task Only_who_may_resolve_does_and_with_a_reason()
    {
        var deal = await world.Order();
        var payment = (await deal.Starts()).Id;
        await Tells(payment, new Amount(1_000, MoneyWorld.Kwd), "pi_x");
        var item = await ItemOf(payment);
        (await world.As(MoneyWorld.Person("payment.view")).Post($"admin/quarantine/{item}/actions/resolve", new { how = "explained", reason = "x" })).Must(403);
        (await world.As(MoneyWorld.Person("payment.resolve")).Post($"admin/quarantine/{item}/actions/resolve", new { how = "explained", reason = "" })).MustRefuse(MoneyRefusals.ReasonMissing);
        (await world.As(MoneyWorld.Person("payment.resolve")).Post($"admin/quarantine/{item}/actions/resolve", new { how = "explained", reason = "A test card." })).Must();
        (await world.Database.Count("foundation.audit where action = 'quarantine.resolved' and subject_id = $1", item.ToString(System.Globalization.CultureInfo.InvariantCulture))).ShouldBe(1);
    }

    [Fact]
    [Covers("money-81", "money-89")]
    public async Task A_clock_that_is_ten_minutes_off_and_a_flood_of_the_unknown_are_told_by_health()
    {
        async Task<HealthLevel> Level(string name) => (await world.Get<DeepHealth>().Look(default)).Checks.Single(c => c.Name == name).Level;
        (await Level("webhooks_out_of_time")).ShouldBe(HealthLevel.Ok);
        for (var i = 0; i < 5; i++)
            (await world.Hears(StripeEvent.Of("ping", new { @object = "ping" }), age: TimeSpan.FromMinutes(i % 2 == 0 ? 10 : -10))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await Level("webhooks_out_of_time")).ShouldBe(HealthLevel.Warning);

        (await Level("unmatched_webhooks")).ShouldBe(HealthLevel.Ok);
        for (var i = 0; i < 20; i++) await world.Learns(StripeEvent.Intent(new PaymentId(Guid.CreateVersion7()), "succeeded", 25_000));
        (await Level("unmatched_webhooks")).ShouldBe(HealthLevel.Warning);
    }

    [Fact]
    [Covers("money-89")]
    public async Task A_message_that_named_nothing_is_read_again_when_asked()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Database.Execute("update money.payments set gateway = 'elsewhere' where id = $1", payment.Id.Value);
        var body = StripeEvent.Intent(payment.Id, "succeeded", 25_000, eventId: "evt_early");
        (await world.Learns(body)).ShouldBe("unmatched");
        await world.Database.Execute("update money.payments set gateway = 'stripe' where id = $1", payment.Id.Value);
        var id = await world.Database.Value<long>("select id from money.webhooks where event_id = 'evt_early'");
        (await world.As(MoneyWorld.Person("payment.resolve")).Post($"admin/webhooks-received/{id}/actions/replay")).Must(202);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await ReplayWebhook.Run(world.Data(), MoneyWorld.Staff, id, default)).Refusal!.Code.ShouldBe("webhook_not_replayable");
    }
}
