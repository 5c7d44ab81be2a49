using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Methods;

/// <summary>Paying with a kept card.</summary>
public sealed class ChargeMethodTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private static PaymentId IdOf(Answer payment) => Id.TryParse<PaymentId>(payment.Word("id"), out var id) ? id : default;

    [Fact]
    [Covers("M-17", "M-15")]
    public async Task An_order_is_paid_at_once_without_a_page_after_its_risk_was_judged()
    {
        var (wallet, card) = await Wallet.With(world);
        var deal = await wallet.Order();
        var paid = (await wallet.Pays(deal, card)).Must(201);
        (paid.Word("state"), paid.Word("method.last4")).ShouldBe(("captured", "4242"));
        (await wallet.Charges(deal)).ShouldHaveSingleItem().GetProperty("status").GetString().ShouldBe("succeeded");
        (await deal.Owes("escrow")).ShouldBe(25_000);
        (await world.Database.Count("money.risk_decisions where payment_id = $1", IdOf(paid).Value)).ShouldBe(1);
        (await world.Database.Value<string>("select facts->>'last4' from money.payment_events where payment_id = $1 and kind = 'started'", IdOf(paid).Value)).ShouldBe("4242");
        await deal.Becomes(await deal.Refunded(), Guildhall.Money.Refunds.RefundState.Completed);
    }

    [Fact]
    [Covers("M-17", "M-15")]
    public async Task What_risk_blocks_is_never_sent_to_the_gateway()
    {
        var (wallet, card) = await Wallet.With(world);
        var deal = await wallet.Order();
        (await world.As(MoneyWorld.Staff).Post("admin/risk/blocks", new { kind = "customer", value = wallet.Customer.AccountId!.Value.ToString(), reason = "stolen cards" })).Status.ShouldBeInRange(200, 299);
        (await wallet.Pays(deal, card)).MustRefuse(MoneyRefusals.PaymentNotAccepted);
        (await wallet.Charges(deal)).ShouldBeEmpty();
    }

    [Fact]
    [Covers("M-17", "M-2")]
    public async Task The_bank_asks_the_customer_on_its_page_and_then_pays()
    {
        var (wallet, card) = await Wallet.With(world, asks: true);
        var deal = await wallet.Order();
        var asked = (await wallet.Pays(deal, card)).Must(201);
        asked.Word("state").ShouldBe("requires_action");
        asked.Word("redirectUrl").ShouldContain("/authenticate/pi_");
        await world.Sandbox.Post($"/sandbox/stripe/payment_intents/{await deal.SessionOf(IdOf(asked))}/authenticate");
        await deal.Becomes(IdOf(asked), PaymentState.Captured);
        (await wallet.Charges(deal)).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_customer_who_fails_before_the_bank_can_pay_in_another_way()
    {
        var (wallet, card) = await Wallet.With(world, asks: true);
        var deal = await wallet.Order();
        var asked = (await wallet.Pays(deal, card)).Must(201);
        await world.Sandbox.Post($"/sandbox/stripe/payment_intents/{await deal.SessionOf(IdOf(asked))}/authenticate", new { outcome = "fail" });
        (await deal.Becomes(IdOf(asked), PaymentState.Failed)).FailureText!.ShouldContain("failed authentication");
        await deal.Pays();
        (await wallet.Charges(deal)).Count(c => c.GetProperty("status").GetString() == "succeeded").ShouldBe(1);
    }

    [Fact]
    [Covers("M-17")]
    public async Task Leaving_the_banks_page_the_customer_starts_over_and_the_charge_is_closed_first()
    {
        var (wallet, card) = await Wallet.With(world, asks: true);
        var deal = await wallet.Order();
        var asked = (await wallet.Pays(deal, card)).Must(201);
        (await wallet.Http.Post($"payments/{asked.Word("id")}/actions/cancel")).Must().Word("state").ShouldBe("cancelled");
        (await wallet.Charges(deal)).ShouldHaveSingleItem().GetProperty("status").GetString().ShouldBe("canceled");
        await deal.Pays();
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_bank_that_insists_on_asking_leads_to_the_payment_page_and_to_one_charge()
    {
        var (wallet, card) = await Wallet.With(world);
        await world.Gateway.Faults(new { authenticateNext = 1 });
        var deal = await wallet.Order();
        var key = Guid.NewGuid().ToString();
        var page = (await wallet.Pays(deal, card, key)).Must(201);
        page.Word("redirectUrl").ShouldContain("/pay/cs_");
        page.At("attempt").GetInt32().ShouldBe(2);
        (await wallet.Pays(deal, card, key)).Must(201).Word("id").ShouldBe(page.Word("id"));
        await deal.PaysAtGateway(IdOf(page));
        await deal.Becomes(IdOf(page), PaymentState.Captured);
        (await wallet.Charges(deal)).Count(c => c.GetProperty("status").GetString() == "succeeded").ShouldBe(1);
        (await world.Database.Value<string>("select failure_code from money.payments where order_id = $1 and attempt = 1", deal.Order.Value)).ShouldBe("authentication_required");
    }

    [Fact]
    [Covers("M-17", "M-16")]
    public async Task A_declined_card_is_told_with_its_reason_and_another_way_is_open()
    {
        var (wallet, card) = await Wallet.With(world);
        await world.Gateway.DeclinesNext();
        var deal = await wallet.Order();
        var refused = (await wallet.Pays(deal, card)).MustRefuse(MoneyRefusals.SavedMethodRefused);
        refused.Word("reason").ShouldContain("declined");
        (await wallet.Cards()).Count.ShouldBe(1);
        (await wallet.Pays(deal, card)).Must(201).Word("state").ShouldBe("captured");
    }

    [Fact]
    [Covers("M-17", "money-5")]
    public async Task A_charge_whose_answer_was_lost_is_found_and_never_sent_again()
    {
        var (wallet, card) = await Wallet.With(world);
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        var deal = await wallet.Order();
        var unknown = (await wallet.Pays(deal, card)).Must(201);
        unknown.Word("state").ShouldBe("unknown");
        (await wallet.Pays(deal, card)).MustRefuse(MoneyRefusals.PaymentInProgress);
        var sent = 0;
        world.Wire.Before = http => { if (http.Request is { Method: "POST", Path.Value: "/v1/payment_intents" }) Interlocked.Increment(ref sent); return Task.FromResult(false); };
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(IdOf(unknown), PaymentState.Captured);
        sent.ShouldBe(0);
        (await wallet.Charges(deal)).ShouldHaveSingleItem();
        await deal.Becomes(await deal.Refunded(), Guildhall.Money.Refunds.RefundState.Completed);
    }

    [Fact]
    [Covers("M-17", "money-15")]
    public async Task A_charge_that_the_gateway_never_saw_fails_and_the_order_can_be_paid()
    {
        var (wallet, card) = await Wallet.With(world);
        world.Wire.Cuts("POST /v1/payment_intents");
        var deal = await wallet.Order();
        var unknown = (await wallet.Pays(deal, card)).Must(201);
        unknown.Word("state").ShouldBe("unknown");
        world.Wire.Before = null;
        await world.Clock.Passes(1.Minutes());
        await world.JobsAreDone();
        (await deal.Payment(IdOf(unknown))).State.ShouldBe(PaymentState.Unknown); // too early to be sure
        await world.Clock.Passes(4.Minutes());
        (await deal.Becomes(IdOf(unknown), PaymentState.Failed)).FailureCode.ShouldBe("not_charged");
        (await wallet.Charges(deal)).ShouldBeEmpty();
        (await wallet.Pays(deal, card)).Must(201).Word("state").ShouldBe("captured");
    }

    [Fact]
    [Covers("M-6", "M-17")]
    public async Task A_charge_that_reaches_the_gateway_after_it_was_given_up_is_found_a_day_later_though_nobody_tells()
    {
        var (deal, payment) = await ChargedTooLate();
        await world.Clock.Passes(23.Hours());
        await world.JobsAreDone();
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.Failed);
        await world.Clock.Passes(1.Hours());
        await deal.Becomes(payment, PaymentState.Captured);
        (await deal.Now()).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    [Covers("M-8", "M-17")]
    public async Task A_dispute_of_such_a_charge_finds_it_at_once()
    {
        var (deal, payment) = await ChargedTooLate();
        var charge = (await world.Sandbox.Get("/sandbox/stripe/payment_intents")).EnumerateArray().Single(i => i.GetProperty("metadata").GetProperty("payment_id").GetString() == payment.ToString()).GetProperty("id").GetString();
        await world.Sandbox.Post("/sandbox/stripe/disputes", new { charge });
        await world.Data().InTransaction(tx => LookForDisputes.Plan(tx, world.Get<Guildhall.Money.Gateways.DisputeDesks>()));
        await deal.Becomes(payment, PaymentState.Captured);
        await world.Clock.Passes(1.Minutes());
        await Eventually.True(async () => await world.Database.Count("money.disputes where payment_id = $1", payment.Value) == 1, "The dispute was not found.");
    }

    // The request was on its way for longer than anybody waits for it, and no message comes.
    private async Task<(Deal, PaymentId)> ChargedTooLate()
    {
        var (wallet, card) = await Wallet.With(world);
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var held = world.Wire.Holds("POST /v1/payment_intents");
        var deal = await wallet.Order();
        var payment = IdOf((await wallet.Pays(deal, card)).Must(201));
        world.Wire.Cuts("/v1/balance_transactions"); // the daily comparison would find it too
        await world.Clock.Passes(5.Minutes());
        await deal.Becomes(payment, PaymentState.Failed);
        (await held.Arrives()).IsSuccessStatusCode.ShouldBeTrue();
        return (deal, payment);
    }

    [Fact]
    [Covers("M-17", "money-5")]
    public async Task A_crash_before_the_answer_was_recorded_charges_once()
    {
        var (wallet, card) = await Wallet.With(world);
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var (deal, operation) = (await wallet.Order(), Guid.CreateVersion7());
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        (await deal.TriesToStart(operation: operation, method: card)).OrThrow();
        await world.Database.Execute("update money.payments set state = 'created' where id = $1", operation); // as the crash left it
        (await deal.TriesToStart(node: 1, operation: operation, method: card)).OrThrow().State.ShouldBe(PaymentState.Captured);
        (await wallet.Charges(deal)).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_retry_long_after_a_crash_does_not_send_the_charge_any_more()
    {
        var (wallet, card) = await Wallet.With(world);
        world.Wire.Cuts("/v1/payment_intents");
        var (deal, operation) = (await wallet.Order(), Guid.CreateVersion7());
        (await deal.TriesToStart(operation: operation, method: card)).OrThrow();
        await world.Clock.Passes(2.Minutes());
        await world.Database.Execute("update money.payments set state = 'created' where id = $1", operation);
        world.Wire.Before = null;
        (await deal.TriesToStart(node: 1, operation: operation, method: card)).OrThrow().State.ShouldBe(PaymentState.Created);
        (await wallet.Charges(deal)).ShouldBeEmpty();
        await world.Clock.Passes(2.Minutes());
        await deal.Becomes(new PaymentId(operation), PaymentState.Failed);
    }

    [Fact]
    [Covers("M-17")]
    public async Task Money_is_held_on_a_kept_card_and_taken_later()
    {
        var (wallet, card) = await Wallet.With(world);
        var deal = await wallet.Order(captureLater: true);
        var held = (await wallet.Pays(deal, card)).Must(201);
        held.Word("state").ShouldBe("authorized");
        (await world.As(MoneyWorld.Staff).Post($"payments/{held.Word("id")}/actions/capture", new { })).Must(202);
        await deal.Becomes(IdOf(held), PaymentState.Captured);
        (await wallet.Charges(deal)).ShouldHaveSingleItem();
    }
}
