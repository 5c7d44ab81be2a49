using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Payouts;
using Guildhall.Tests.Money.Withdrawals;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>Payouts by PayPal: each is one batch of one item, under our id.</summary>
public sealed class PayPalPayoutTests(PayPalWorld world) : IClassFixture<PayPalWorld>, IAsyncLifetime
{
    private const string Create = "POST /v1/payments/payouts";
    private static readonly Amount All = new(8_500, MoneyWorld.Usd);

    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        world.PayPalWire.Before = null;
        await world.JobsAreDone();
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<Caller> Provider()
    {
        var provider = await world.ProviderAt(DestinationKind.Paypal, "omar@example.test");
        await world.Sells(provider, new Amount(10_000, MoneyWorld.Usd));
        return provider;
    }

    private async Task<JsonElement[]> AtPayPal(WithdrawalView withdrawal) =>
        [.. (await world.Sandbox.Get("/sandbox/paypal/payouts")).EnumerateArray().Where(p => p.GetProperty("sender_batch_id").GetString() == withdrawal.Payout!.Value.ToString())];

    [Fact]
    [Covers("M-14")]
    public async Task It_is_sent_to_the_address_and_completed_when_paypal_says_so()
    {
        await using var mock = await StrictMock.Of("paypal-payouts");
        world.PayPalWire.Before = mock.Sees;
        var provider = await Provider();
        var withdrawal = await world.TakesOut(provider, All);
        var done = await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        (await mock.Refused()).ShouldBeEmpty();
        (await mock.NeededBy(Create)).ShouldContain("items");
        (done.Rail, done.Destination).ShouldBe(("paypal", "PayPal o•••@example.test"));
        var payout = (await AtPayPal(withdrawal)).ShouldHaveSingleItem();
        var item = payout.GetProperty("payout_item");
        (item.GetProperty("receiver").GetString(), item.GetProperty("amount").GetProperty("value").GetString(), item.GetProperty("amount").GetProperty("currency").GetString()).ShouldBe(("omar@example.test", "85.00", "USD"));
        done.PayoutReference.ShouldBe(payout.GetProperty("payout_batch_id").GetString());
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    [Covers("M-14", "money-72")]
    public async Task One_whose_answers_are_lost_is_unknown_and_paid_once(int lost)
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = lost }, dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        await world.Later(6);
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        (await AtPayPal(withdrawal)).ShouldHaveSingleItem();
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task One_that_was_lost_on_its_way_is_asked_for_again_under_the_same_id_and_paid_once()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { payoutsLostBefore = 2 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        (await AtPayPal(withdrawal)).ShouldBeEmpty();
        await world.Later();
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        (await AtPayPal(withdrawal)).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task A_repeat_that_is_refused_says_nothing_about_the_first_request()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        world.PayPalWire.Answers(Create, 422, new { name = "INSUFFICIENT_FUNDS", message = "The first one has taken it.", debug_id = "1" });
        await world.Later();
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Unknown);
        (await world.Books.Has(provider)).ShouldBe(0);
        world.PayPalWire.Before = null;
        await world.Clock.Passes(2.Hours());
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        (await AtPayPal(withdrawal)).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task After_paypal_has_forgotten_our_id_nothing_is_sent_any_more()
    {
        var provider = await Provider();
        world.PayPalWire.Cuts(Create);
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        await world.Clock.Passes(26.Days());
        world.PayPalWire.Before = null;
        await world.Clock.Passes(2.Hours());
        await world.Later();
        (await AtPayPal(withdrawal)).ShouldBeEmpty();
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Unknown);
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task A_node_that_dies_after_the_money_left_the_reserve_has_sent_nothing_or_once()
    {
        var provider = await Provider();
        world.PayPalWire.Cuts(Create);
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        // As a node leaves it that dies between its commit and its call.
        await world.Database.Execute("update money.payouts set state = 'sending' where id = $1", withdrawal.Payout!.Value.Value);
        await world.Database.Execute("update money.withdrawals set state = 'processing' where id = $1", withdrawal.Id.Value);
        world.PayPalWire.Before = null;
        await world.Later();
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        (await AtPayPal(withdrawal)).ShouldHaveSingleItem();
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Fact]
    [Covers("M-14", "money-68")]
    public async Task Two_workers_with_the_same_payout_send_it_once()
    {
        var provider = await Provider();
        var asked = (await world.AsksFor(provider, All)).OrThrow();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.balances b join money.accounts a on a.id = b.account_id where a.owner_id = $1 for update of b", provider.AccountId!.Value);
        var approved = (await PayoutDesk.Approves(world, asked)).OrThrow();
        await world.Data(1).InTransaction(tx => tx.Enqueue(new SendPayout(approved.Payout!.Value))); // the same work, without its unique key
        await gate.OpenWhenWaiting(2);
        await world.Becomes(asked.Id, WithdrawalState.Completed);
        (await AtPayPal(approved)).ShouldHaveSingleItem();
    }
}
