using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.PayPal;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>What batches and their items say, in whatever shape they come.</summary>
[Covers("M-14", "money-88")]
public sealed class PayPalBatchesTests
{
    private static readonly PayoutId Payout = new(Guid.CreateVersion7());
    private static readonly Amount Asked = new(8_500, MoneyWorld.Usd);

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value);

    private static object Item(string? status, string value = "85.00", string currency = "USD", string? sender = null, string batch = "B1", object? errors = null) => new
    {
        payout_batch_id = batch, transaction_status = status, errors, payout_item = new { sender_item_id = sender ?? Payout.ToString(), amount = new { currency, value } },
    };

    private static JsonElement Batch(string status, string? sender = null, params object[] items) =>
        Json(new { batch_header = new { payout_batch_id = "B1", batch_status = status, sender_batch_header = new { sender_batch_id = sender ?? Payout.ToString() } }, items });

    [Theory]
    [InlineData("SUCCESS", PayoutFactState.Completed), InlineData("PENDING", PayoutFactState.InTransit), InlineData("UNCLAIMED", PayoutFactState.InTransit), InlineData("ONHOLD", PayoutFactState.InTransit)]
    [InlineData("BLOCKED", PayoutFactState.InTransit), InlineData("SOMETHING_OF_TOMORROW", PayoutFactState.InTransit), InlineData(null, PayoutFactState.InTransit), InlineData("RETURNED", PayoutFactState.Failed)]
    [InlineData("REFUNDED", PayoutFactState.Failed), InlineData("REVERSED", PayoutFactState.Failed), InlineData("FAILED", PayoutFactState.Failed), InlineData("DENIED", PayoutFactState.Failed)]
    public void An_item_is_where_its_status_says(string? status, PayoutFactState state)
    {
        var fact = PayPalBatches.Item(Json(Item(status)))!;
        (fact.Payout, fact.State, fact.Amount).ShouldBe((Payout, state, Asked));
    }

    [Theory, InlineData("RECEIVER_UNREGISTERED", "B1"), InlineData("INSUFFICIENT_FUNDS", null), InlineData("SENDER_RESTRICTED", null)]
    public void A_failure_is_the_receivers_only_when_paypal_says_so(string error, string? reference) =>
        PayPalBatches.Item(Json(Item("FAILED", errors: new { name = error, message = "Because." })))!.ShouldSatisfyAllConditions(f => f.Reference.ShouldBe(reference), f => f.Text.ShouldBe($"{error}: Because."));

    [Fact]
    public void What_names_no_payout_or_another_one_or_no_amount_says_nothing()
    {
        PayPalBatches.Item(Json(new { })).ShouldBeNull();
        PayPalBatches.Item(Json(7)).ShouldBeNull();
        PayPalBatches.Item(Json(Item("SUCCESS", sender: "item_1"))).ShouldBeNull();
        PayPalBatches.Item(Json(Item("SUCCESS")), new PayoutId(Guid.CreateVersion7())).ShouldBeNull();
        PayPalBatches.Item(Json(Item("SUCCESS", value: "85,00"))).ShouldBeNull();
        PayPalBatches.Item(Json(Item("SUCCESS", currency: "dollars"))).ShouldBeNull();
        PayPalBatches.Item(Json(Item("SUCCESS", batch: "../x"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("PENDING", PayoutFactState.InTransit), InlineData("PROCESSING", PayoutFactState.InTransit), InlineData("SUCCESS", PayoutFactState.InTransit)]
    [InlineData("DENIED", PayoutFactState.Failed), InlineData("CANCELED", PayoutFactState.Failed)]
    public void A_batch_without_items_stands_for_its_payout(string status, PayoutFactState state) => PayPalBatches.Batch(Batch(status), Payout, Asked)!.State.ShouldBe(state);

    [Fact]
    public void A_batch_counts_by_its_item_and_only_when_it_is_ours()
    {
        PayPalBatches.Batch(Batch("SUCCESS", null, Item("SUCCESS")), Payout, Asked)!.State.ShouldBe(PayoutFactState.Completed);
        PayPalBatches.Batch(Batch("DENIED", null, Item("PENDING")), Payout, Asked)!.State.ShouldBe(PayoutFactState.Failed);
        PayPalBatches.Batch(Batch("SUCCESS", "another", Item("SUCCESS")), Payout, Asked).ShouldBeNull();
        PayPalBatches.Batch(Batch("SUCCESS", null, Item("SUCCESS", sender: new PayoutId(Guid.CreateVersion7()).ToString())), Payout, Asked).ShouldBeNull();
    }

    [Theory]
    [InlineData("https://api-m.paypal.com/v1/payments/payouts/Q6K2CE4GQ36MQ", "Q6K2CE4GQ36MQ")]
    [InlineData("https://elsewhere.test/v1/payments/payouts/Q6K2CE4GQ36MQ?page=1", "Q6K2CE4GQ36MQ")] // only the name is taken from it
    [InlineData("https://api-m.paypal.com/v1/payments/payouts/", null)]
    [InlineData("https://api-m.paypal.com/v1/payments/payouts/../../v2/x", null)]
    [InlineData("https://developer.paypal.com/docs", null)]
    [InlineData(null, null)]
    public void A_refused_repeat_names_the_first_batch(string? href, string? name)
    {
        PayPalBatches.NameInRepeat(Json(new { details = new[] { new { field = "SENDER_BATCH_ID", link = new[] { new { href } } } } })).ShouldBe(name);
        PayPalBatches.NameInRepeat(Json(new { links = new[] { new { href } } })).ShouldBe(name);
    }
}
