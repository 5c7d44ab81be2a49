using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Payouts;
using Guildhall.Tests.Money.Withdrawals;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>What becomes of payouts by PayPal, whoever tells it.</summary>
public sealed class PayPalPayoutOutcomeTests(PayPalWorld world) : IClassFixture<PayPalWorld>, IAsyncLifetime
{
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

    private Task Does(WithdrawalView withdrawal, string act) => Eventually.True(async () =>
    {
        if (await AtPayPal(withdrawal) is not [var payout]) return false;
        await world.Sandbox.Post($"/sandbox/paypal/payouts/{payout.GetProperty("payout_item_id").GetString()}/{act}");
        return true;
    }, "The payout never reached PayPal.");

    private static string Event(WithdrawalView of, string status, string value = "85.00", string currency = "USD", string type = "PAYMENT.PAYOUTS-ITEM.SUCCEEDED") => PayPalEvent.Of(type, new
    {
        payout_item_id = "I00000000001", transaction_status = status, payout_batch_id = "B00000000001", sender_batch_id = of.Payout!.Value.ToString(),
        payout_item = new { recipient_type = "EMAIL", receiver = "omar@example.test", sender_item_id = of.Payout!.Value.ToString(), amount = new { currency, value } },
    });

    [Fact]
    [Covers("M-14", "money-73")]
    public async Task An_unclaimed_one_waits_and_comes_back_after_thirty_days()
    {
        var provider = await Provider();
        await world.Gateway.FailsPayouts("unclaimed");
        var withdrawal = await world.TakesOut(provider, All);
        await world.Later();
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Processing);
        await world.Clock.Passes(31.Days());
        (await world.Becomes(withdrawal.Id, WithdrawalState.Failed)).Says.ShouldContain("RECEIVER_UNREGISTERED");
        (await world.Books.Has(provider)).ShouldBe(8_500);
        (await SetDestination.Find(world.Data(), provider.AccountId!.Value, default))!.ToConfirm.ShouldBeTrue();
        (await world.AsksFor(provider, All)).Refusal!.Code.ShouldBe("destination_unconfirmed");
    }

    [Theory, InlineData("hold"), InlineData("block")]
    [Covers("M-14")]
    public async Task What_paypal_looks_at_itself_has_neither_arrived_nor_come_back(string act)
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        world.PayPalWire.Before = null;
        var withdrawal = await world.TakesOut(provider, All);
        await Does(withdrawal, act);
        await world.Later();
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Processing);
        await Does(withdrawal, "claim");
        await world.Clock.Passes(2.Hours());
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
    }

    [Fact]
    [Covers("M-14", "money-73")]
    public async Task One_that_comes_back_after_it_arrived_is_credited_once_however_often_it_is_told()
    {
        var provider = await Provider();
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        await Does(withdrawal, "return");
        await world.Becomes(withdrawal.Id, WithdrawalState.Returned);
        var back = Event(withdrawal, "REFUNDED", type: "PAYMENT.PAYOUTS-ITEM.REFUNDED");
        (await world.Learns(back)).ShouldBe("done");
        (await world.Hears(back)).Must();
        await world.Learns(Event(withdrawal, "SUCCESS")); // an older one that comes late
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Returned);
        (await world.Books.Has(provider)).ShouldBe(8_500);
        (await world.Database.Count("money.journals where reference = $1", $"payout_returned:{withdrawal.Payout}")).ShouldBe(1);
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'payout_returned'", provider.AccountId!.Value)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-14", "money-73")]
    public async Task One_that_comes_back_without_any_message_is_found_by_asking()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Later();
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        await Does(withdrawal, "return");
        await world.Clock.Passes(25.Hours());
        await world.Becomes(withdrawal.Id, WithdrawalState.Returned);
        (await world.Books.Has(provider)).ShouldBe(8_500);
    }

    [Fact]
    [Covers("M-14", "money-73")]
    public async Task An_account_that_cannot_be_paid_gives_the_money_back_and_has_to_be_confirmed()
    {
        var provider = await Provider();
        await world.Gateway.FailsPayouts();
        var withdrawal = await world.TakesOut(provider, All);
        (await world.Becomes(withdrawal.Id, WithdrawalState.Failed)).Says.ShouldContain("RECEIVER_ACCOUNT_LOCKED");
        (await world.Books.Has(provider)).ShouldBe(8_500);
        (await SetDestination.Find(world.Data(), provider.AccountId!.Value, default))!.ToConfirm.ShouldBeTrue();
    }

    [Fact]
    [Covers("M-14")]
    public async Task A_platform_without_money_there_gives_it_back_and_blames_nobody()
    {
        var provider = await Provider();
        await world.Gateway.FailsPayouts("no_money");
        var withdrawal = await world.TakesOut(provider, All);
        (await world.Becomes(withdrawal.Id, WithdrawalState.Failed)).Says.ShouldContain("INSUFFICIENT_FUNDS");
        (await world.Books.Has(provider)).ShouldBe(8_500);
        (await SetDestination.Find(world.Data(), provider.AccountId!.Value, default))!.ToConfirm.ShouldBeFalse();
        (await AtPayPal(withdrawal)).ShouldBeEmpty();
    }

    [Fact]
    [Covers("M-14")]
    public async Task A_batch_that_is_denied_gives_it_back()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await Does(withdrawal, "deny");
        var asked = 0;
        world.PayPalWire.Before = http => Task.FromResult(http.Request is { Method: "POST", Path.Value: "/v1/payments/payouts" } && Interlocked.Increment(ref asked) < 0);
        await world.Later();
        await world.Becomes(withdrawal.Id, WithdrawalState.Failed);
        await world.Later();
        (await world.Books.Has(provider)).ShouldBe(8_500);
        asked.ShouldBe(0); // what was given back is not asked for again
    }

    [Fact]
    [Covers("M-14", "money-20", "money-80")]
    public async Task A_forged_message_changes_nothing()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        await world.Gateway.FailsPayouts("unclaimed");
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Processing);
        var body = Event(withdrawal, "FAILED", type: "PAYMENT.PAYOUTS-ITEM.FAILED");
        (await world.Hears(body, tamper: b => b + " ")).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Hears(body, webhook: "WEBHOOK_ID")).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        world.PayPalWire.Before = null;
        await world.Later(1);
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Processing);
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Theory, InlineData("84.99", "USD"), InlineData("85.00", "EUR")]
    [Covers("M-14", "money-19")]
    public async Task Another_amount_or_currency_is_set_aside_and_completes_nothing(string value, string currency)
    {
        var provider = await Provider();
        await world.Gateway.FailsPayouts("unclaimed");
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Processing);
        (await world.Learns(Event(withdrawal, "SUCCESS", value, currency))).ShouldBe("done");
        (await world.Database.Value<string>("select reason from money.quarantine where payout_id = $1", withdrawal.Payout!.Value.Value)).ShouldBe("wrong_amount");
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Processing);
    }

    [Fact]
    [Covers("M-14", "money-20")]
    public async Task A_batch_of_another_payout_tells_nothing()
    {
        var (one, other) = (await Provider(), await Provider());
        var first = await world.TakesOut(one, All);
        var done = await world.Becomes(first.Id, WithdrawalState.Completed);
        await world.Gateway.FailsPayouts("unclaimed");
        var second = await world.TakesOut(other, All);
        await world.Becomes(second.Id, WithdrawalState.Processing);
        await world.Database.Execute("update money.payouts set gateway_ref = null where id = $1", first.Payout!.Value.Value);
        await world.Database.Execute("update money.payouts set gateway_ref = $2 where id = $1", second.Payout!.Value.Value, done.PayoutReference!);
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await world.Now(second.Id)).State.ShouldBe(WithdrawalState.Processing);
    }

    [Fact]
    [Covers("M-14")]
    public async Task A_currency_that_paypal_does_not_take_is_refused_before_anything_is_asked()
    {
        var provider = await world.ProviderAt(DestinationKind.Paypal, "omar@example.test");
        await world.Sells(provider, new Amount(10_000, MoneyWorld.Kwd));
        (await world.AsksFor(provider, new Amount(8_500, MoneyWorld.Kwd))).Refusal!.Code.ShouldBe("destination_other_currency");
        (await world.Books.Has(provider)).ShouldBe(8_500);
    }

    [Fact]
    [Covers("M-14", "money-76")]
    public async Task Another_address_waits_is_told_and_holds_what_was_asked_for_before()
    {
        var provider = await Provider();
        var asked = (await world.AsksFor(provider, new Amount(1_000, MoneyWorld.Usd))).OrThrow();
        (await world.Names(provider, DestinationKind.Paypal, "thief@example.test")).OrThrow();
        (await PayoutDesk.Approves(world, asked)).OrThrow();
        await world.BecomesHeld(asked.Id, Hold.DestinationChanged);
        (await world.AsksFor(provider, new Amount(1_000, MoneyWorld.Usd))).Refusal!.Code.ShouldBe("destination_cooling_off");
        (await AtPayPal(await world.Now(asked.Id))).ShouldBeEmpty();
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'destination_changed'", provider.AccountId!.Value)).ShouldBe(1);
    }
}
