using Guildhall.Money;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Methods;

/// <summary>Keeping a card, and what its owner does with it.</summary>
public sealed class KeepMethodTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-17")]
    public async Task A_card_that_was_kept_with_consent_is_shown_by_brand_last_digits_and_expiry_to_its_owner_alone()
    {
        var (wallet, card) = await Wallet.With(world);
        var shown = (await wallet.Cards()).ShouldHaveSingleItem();
        (shown.GetProperty("brand").GetString(), shown.GetProperty("last4").GetString(), shown.GetProperty("expMonth").GetInt32(), shown.GetProperty("expYear").GetInt32())
            .ShouldBe(("visa", "4242", 12, 2034));
        shown.GetProperty("default").GetBoolean().ShouldBeTrue();
        shown.EnumerateObject().Select(p => p.Name).ShouldNotContain("token");
        (await new Wallet(world, MoneyWorld.Person()).Cards()).ShouldBeEmpty();
        (await world.Database.Count("foundation.audit where action = 'payment_method.saved' and subject_id = $1", card.ToString())).ShouldBe(1);
        (await world.Database.Count("money.saved_methods m where m::text like '%4242424242424242%'")).ShouldBe(0);
    }

    [Theory, InlineData("success", false), InlineData("decline", true), InlineData("abandon", true)]
    [Covers("M-17")]
    public async Task Nothing_is_kept_without_consent_or_without_a_payment(string outcome, bool keep)
    {
        var wallet = new Wallet(world, MoneyWorld.Person());
        var deal = await wallet.Order();
        var payment = (await deal.TriesToStart(keep: keep)).OrThrow();
        await deal.PaysAtGateway(payment.Id, outcome);
        await world.JobsAreDone();
        (await wallet.Cards()).ShouldBeEmpty();
        if (!keep) (await world.Gateway.Did("payment_intents")).Single(i => i.GetProperty("metadata").GetProperty("payment_id").GetString() == payment.Id.ToString()).GetProperty("customer").ValueKind
            .ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_card_is_kept_also_when_every_message_is_lost()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var wallet = new Wallet(world, MoneyWorld.Person());
        var deal = await wallet.Order();
        var payment = (await deal.TriesToStart(keep: true)).OrThrow();
        await deal.PaysAtGateway(payment.Id);
        await world.Clock.Passes(2.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        await Eventually.True(async () => (await wallet.Cards()).Count == 1, "The card was not kept.");
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_lost_answer_about_the_customer_makes_no_second_one()
    {
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var wallet = new Wallet(world, MoneyWorld.Person());
        var deal = await wallet.Order();
        var payment = (await deal.TriesToStart(keep: true)).OrThrow();
        payment.State.ShouldBe(PaymentState.Unknown);
        await world.Clock.Passes(1.Minutes());
        (await deal.Becomes(payment.Id, PaymentState.RequiresAction)).RedirectUrl.ShouldNotBeNull();
        (await world.Gateway.Did("customers")).Count(c => c.GetProperty("metadata").GetProperty("account_id").GetString() == wallet.Customer.AccountId!.Value.ToString()).ShouldBe(1);
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_card_of_another_customer_of_the_gateway_is_never_kept()
    {
        var wallet = new Wallet(world, MoneyWorld.Person());
        var deal = await wallet.Order();
        var payment = (await deal.TriesToStart(keep: true)).OrThrow();
        await world.Database.Execute("update money.gateway_customers set reference = 'cus_of_somebody' where account_id = $1", wallet.Customer.AccountId!.Value);
        await deal.PaysAtGateway(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        await world.JobsAreDone();
        (await wallet.Cards()).ShouldBeEmpty();
        (await world.Database.Count("money.payment_events where payment_id = $1 and kind = 'method_not_kept'", payment.Id.Value)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-17")]
    public async Task The_same_card_typed_in_again_takes_the_place_of_the_first()
    {
        var (wallet, first) = await Wallet.With(world);
        var asks = await wallet.Keeps(asks: true);
        var second = await wallet.Keeps();
        (await wallet.Cards()).Select(c => (c.GetProperty("id").GetString(), c.GetProperty("default").GetBoolean()))
            .ShouldBe([(second.ToString(), true), (asks.ToString(), false)]);
        await world.JobsAreDone();
        (await wallet.GatewayKeeps(first)).ShouldBeFalse();
        (await wallet.GatewayKeeps(second)).ShouldBeTrue();
    }

    [Fact]
    [Covers("M-17")]
    public async Task The_owner_chooses_the_default_and_the_newest_follows_when_it_is_removed()
    {
        var (wallet, first) = await Wallet.With(world);
        var second = await wallet.Keeps(asks: true);
        (await Default(wallet)).ShouldBe(first.ToString());
        (await wallet.Http.Post($"payment-methods/{second}/actions/choose")).Must(204);
        (await Default(wallet)).ShouldBe(second.ToString());
        (await wallet.Http.Delete($"payment-methods/{second}")).Must(204);
        (await Default(wallet)).ShouldBe(first.ToString());
        (await wallet.Http.Post($"payment-methods/{second}/actions/choose")).MustRefuse(MoneyRefusals.SavedMethodRemoved);
        (await wallet.Http.Delete($"payment-methods/{first}")).Must(204);
        (await wallet.Cards()).ShouldBeEmpty();
    }

    [Fact]
    [Covers("M-17", "money-100")]
    public async Task Of_somebody_elses_card_nobody_learns_anything()
    {
        var (_, card) = await Wallet.With(world);
        var stranger = new Wallet(world, MoneyWorld.Person("*"));
        (await stranger.Http.Delete($"payment-methods/{card}")).MustRefuse(MoneyRefusals.SavedMethodNotFound);
        (await stranger.Http.Post($"payment-methods/{card}/actions/choose")).MustRefuse(MoneyRefusals.SavedMethodNotFound);
        var deal = await stranger.Order();
        (await stranger.Pays(deal, card)).MustRefuse(MoneyRefusals.SavedMethodNotFound);
        (await stranger.Charges(deal)).ShouldBeEmpty();
        (await world.Database.Value<bool>("select removed_at is null from money.saved_methods where id = $1", card.Value)).ShouldBeTrue();
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_removed_card_is_gone_at_once_and_forgotten_by_the_gateway_when_it_answers_again()
    {
        var (wallet, card) = await Wallet.With(world);
        world.Wire.Cuts("/detach");
        (await wallet.Http.Delete($"payment-methods/{card}")).Must(204);
        (await wallet.Http.Delete($"payment-methods/{card}")).Must(204);
        (await wallet.Cards()).ShouldBeEmpty();
        (await wallet.Pays(await wallet.Order(), card)).MustRefuse(MoneyRefusals.SavedMethodRemoved);
        await world.JobsAreDone();
        (await wallet.GatewayKeeps(card)).ShouldBeTrue();
        world.Wire.Before = null;
        await world.Clock.Passes(11.Minutes());
        await Eventually.True(async () => !await wallet.GatewayKeeps(card), "The gateway was not told.");
        await world.JobsAreDone();
        (await world.Database.Value<bool>("select forgotten_at is not null from money.saved_methods where id = $1", card.Value)).ShouldBeTrue();
        (await world.Database.Count("foundation.audit where action = 'payment_method.removed' and subject_id = $1", card.ToString())).ShouldBe(1);
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_detachment_whose_answer_was_lost_is_looked_at_and_done()
    {
        var (wallet, card) = await Wallet.With(world);
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        (await wallet.Http.Delete($"payment-methods/{card}")).Must(204);
        await Eventually.True(async () => !await wallet.GatewayKeeps(card), "The gateway was not told.");
        await world.JobsAreDone(); // the answer is given up
        await world.Clock.Passes(25.Hours()); // the gateway has forgotten our key
        await Eventually.True(() => world.Database.Value<bool>("select forgotten_at is not null from money.saved_methods where id = $1", card.Value), "It is not known to be forgotten.");
    }

    [Fact]
    [Covers("M-17")]
    public async Task What_the_gateway_tells_about_a_card_is_asked_and_followed()
    {
        var (wallet, card) = await Wallet.With(world);
        var token = await wallet.TokenOf(card);
        await world.Sandbox.Post($"/sandbox/stripe/payment_methods/{token}/renew", new { expMonth = 1, expYear = 2020 });
        await Eventually.True(async () => (await wallet.Cards())[0].GetProperty("expired").GetBoolean(), "The new expiry is not known.");
        (await wallet.Pays(await wallet.Order(), card)).MustRefuse(MoneyRefusals.SavedMethodExpired);
        await world.Sandbox.Post($"/sandbox/stripe/payment_methods/{token}/renew", new { expMonth = 1, expYear = 2040 });
        await Eventually.True(async () => !(await wallet.Cards())[0].GetProperty("expired").GetBoolean(), "The new expiry is not known.");
        (await wallet.Pays(await wallet.Order(), card)).Must(201);
        await world.Sandbox.Post($"/sandbox/stripe/payment_methods/{token}/detach");
        await Eventually.True(async () => (await wallet.Cards()).Count == 0, "The card is offered although the gateway has let it go.");
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_card_works_to_the_end_of_its_month()
    {
        var (wallet, card) = await Wallet.With(world);
        var now = world.Clock.Now.UtcDateTime;
        await world.Database.Execute("update money.saved_methods set exp_month = $2, exp_year = $3 where id = $1", card.Value, now.Month, now.Year);
        (await wallet.Cards())[0].GetProperty("expired").GetBoolean().ShouldBeFalse();
        var last = now.AddMonths(-1);
        await world.Database.Execute("update money.saved_methods set exp_month = $2, exp_year = $3 where id = $1", card.Value, last.Month, last.Year);
        (await wallet.Cards())[0].GetProperty("expired").GetBoolean().ShouldBeTrue();
    }

    private static async Task<string> Default(Wallet wallet) => (await wallet.Cards()).Single(c => c.GetProperty("default").GetBoolean()).GetProperty("id").GetString()!;
}
