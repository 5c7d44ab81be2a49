using Guildhall.Money;

namespace Guildhall.Tests.Money.Methods;

/// <summary>Kept cards in races.</summary>
public sealed class MethodRaceTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-17", "M-2")]
    public async Task Five_clicks_at_once_charge_the_card_once()
    {
        var (wallet, card) = await Wallet.With(world);
        var deal = await wallet.Order();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var clicks = Enumerable.Range(0, 5).Select(i => deal.TriesToStart(i % 2, method: card)).ToArray();
        await gate.OpenWhenWaiting(5);
        (await Task.WhenAll(clicks)).Count(c => c.Granted).ShouldBe(1);
        (await wallet.Charges(deal)).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-17")]
    public async Task Of_a_payment_and_the_removal_of_its_card_either_may_come_first()
    {
        var (wallet, card) = await Wallet.With(world);
        var deal = await wallet.Order();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.gateway_customers where account_id = $1 for update", wallet.Customer.AccountId!.Value);
        var paying = wallet.Pays(deal, card);
        var removing = wallet.Http.Delete($"payment-methods/{card}");
        await gate.OpenWhenWaiting(2);
        (await removing).Must(204);
        var paid = await paying;
        if (paid.Status != 201) paid.MustRefuse(MoneyRefusals.SavedMethodRemoved);
        else paid.Word("state").ShouldBe("captured");
        (await wallet.Charges(deal)).Count.ShouldBe(paid.Status == 201 ? 1 : 0);
        await world.Clock.Passes(2.Minutes());
        await Eventually.True(async () => !await wallet.GatewayKeeps(card), "The gateway was not told.");
        (await wallet.Pays(await wallet.Order(), card)).MustRefuse(MoneyRefusals.SavedMethodRemoved);
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_removal_that_comes_first_is_seen_by_the_payment_that_waited_for_it()
    {
        var (wallet, card) = await Wallet.With(world);
        var deal = await wallet.Order();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.gateway_customers where account_id = $1 for update", wallet.Customer.AccountId!.Value);
        var removing = wallet.Http.Delete($"payment-methods/{card}");
        await Eventually.True(async () => await gate.Waiting() == 1, "The removal does not wait.");
        var paying = wallet.Pays(deal, card);
        await gate.OpenWhenWaiting(2);
        (await removing).Must(204);
        (await paying).MustRefuse(MoneyRefusals.SavedMethodRemoved);
        (await wallet.Charges(deal)).ShouldBeEmpty();
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_charge_under_way_is_let_through_before_the_gateway_forgets_the_card()
    {
        var (wallet, card) = await Wallet.With(world);
        var (deal, line, arrived) = (await wallet.Order(), new TaskCompletionSource(), new TaskCompletionSource());
        world.Wire.Before = async http =>
        {
            if (http.Request is not { Method: "POST", Path.Value: "/v1/payment_intents" }) return false;
            arrived.TrySetResult();
            await line.Task;
            return false;
        };
        var paying = wallet.Pays(deal, card);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));
        (await wallet.Http.Delete($"payment-methods/{card}")).Must(204);
        await world.JobsAreDone();
        (await wallet.GatewayKeeps(card)).ShouldBeTrue();
        line.SetResult();
        (await paying).Must(201).Word("state").ShouldBe("captured");
        await world.Clock.Passes(2.Minutes());
        await Eventually.True(async () => !await wallet.GatewayKeeps(card), "The gateway was not told.");
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_card_that_the_gateway_has_let_go_is_refused_and_offered_no_more()
    {
        var (wallet, card) = await Wallet.With(world);
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        await world.Sandbox.Post($"/sandbox/stripe/payment_methods/{await wallet.TokenOf(card)}/detach");
        (await wallet.Pays(await wallet.Order(), card)).MustRefuse(MoneyRefusals.SavedMethodRefused);
        await Eventually.True(async () => (await wallet.Cards()).Count == 0, "The card is offered although the gateway has let it go.");
    }
}
