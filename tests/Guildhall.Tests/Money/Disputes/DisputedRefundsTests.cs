using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Disputes;
/// <summary>Disputes beside refunds, inquiries, fees and strangers.</summary>
public sealed class DisputedRefundsTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Covers("money-37")]
    public async Task Of_an_order_refunded_in_full_nothing_more_is_lost_unless_the_gateway_really_takes_it(bool debits)
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        await deal.Becomes(await deal.Refunded(), RefundState.Completed);
        var quarrel = await deal.IsDisputed(payment, withoutDebit: !debits);
        await quarrel.Becomes(DisputeState.NeedsResponse);
        (await deal.ProviderHas("provider_disputed")).ShouldBe(0);
        await quarrel.Bank(debits ? "lost" : "lost_without_debit");
        var lost = await quarrel.Becomes(DisputeState.Lost);
        await world.JobsAreDone();
        (lost.Taken.Minor, (await quarrel.Now())!.Excess.Minor).ShouldBe((0, debits ? 25_000 : 0));
        (await deal.Owes("dispute_losses")).ShouldBe(debits ? -25_000 : 0);
        (await deal.ProviderHas()).ShouldBe(0);
        (await deal.Owes("escrow")).ShouldBe(0);
    }

    [Fact]
    [Covers("M-9", "money-27")]
    public async Task Refunds_and_disputes_never_take_more_than_was_captured()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        var quarrel = await deal.IsDisputed(payment, 15_000);
        await quarrel.Becomes(DisputeState.NeedsResponse);
        (await deal.Refunds(10_010)).Refusal!.Code.ShouldBe("refund_too_large");
        await deal.Becomes(await deal.Refunded(10_000), RefundState.Completed);
        (await deal.Refunds(10)).Refusal!.Code.ShouldBe("refund_too_large");
        (await world.Database.Value<long>("select refunded_minor + disputed_minor from money.payment_guards where payment_id = $1", payment.Value)).ShouldBe(25_000);
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.Execute("update money.payment_guards set refunded_minor = refunded_minor + 1 where payment_id = $1", payment.Value)))
            .ConstraintName.ShouldBe("payment_guards_share");
        await quarrel.Bank("won");
        await quarrel.Becomes(DisputeState.Won);
        await deal.Becomes(await deal.Refunded(), RefundState.Completed);
        (await deal.Owes("escrow")).ShouldBe(0);
    }

    [Fact]
    [Covers("M-9", "money-27")]
    public async Task A_refund_and_a_dispute_at_the_same_instant_share_what_was_captured()
    {
        foreach (var refundFirst in new[] { true, false })
        {
            var deal = await world.Order();
            var payment = await deal.Pays();
            await world.JobsAreDone(); // nothing of the sale itself waits for its order
            world.Wire.Cuts("/v1/refunds");
            await world.Gateway.Faults(new { dropWebhooks = 100 });
            var quarrel = await deal.IsDisputed(payment);
            await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
            Task<Result<RefundId>> refund = null!;
            var asked = refundFirst ? Task.CompletedTask : quarrel.Asked(1);
            if (refundFirst) refund = deal.Refunds(new Amount(10_000, MoneyWorld.Kwd));
            await Eventually.True(async () => await gate.Waiting() == 1, "The first does not wait.");
            if (refundFirst) asked = quarrel.Asked(1); else refund = deal.Refunds(new Amount(10_000, MoneyWorld.Kwd));
            await gate.OpenWhenWaiting(2);
            await asked;
            (await refund).Granted.ShouldBe(refundFirst);
            (await quarrel.Now())!.Taken.Minor.ShouldBe(refundFirst ? 15_000 : 25_000);
            await world.Books.MustHold();
            world.Wire.Before = null;
            await world.Gateway.AnswersAsUsual();
            await world.JobsAreDone();
        }
    }

    [Fact]
    [Covers("M-9")]
    public async Task A_refund_under_way_that_fails_leaves_its_money_to_the_dispute()
    {
        world.Wire.Cuts("/v1/refunds");
        var deal = await world.Order();
        var payment = await deal.Pays();
        var refund = await deal.Refunded(10_000);
        var quarrel = await deal.IsDisputed(payment);
        (await quarrel.Becomes(DisputeState.NeedsResponse)).Taken.Minor.ShouldBe(15_000);
        await world.Data().InTransaction(tx => SettleRefund.Run(tx, Caller.System("test"), new RefundFact(refund, RefundFactState.Failed, new Amount(10_000, MoneyWorld.Kwd), "", "no")));
        (await quarrel.Now())!.Taken.Minor.ShouldBe(25_000);
        (await deal.ProviderHas("provider_disputed")).ShouldBe(21_250);
        await world.Books.MustHold();
        world.Wire.Before = null;
        await quarrel.Bank("lost");
        await quarrel.Becomes(DisputeState.Lost);
        await world.JobsAreDone();
        (await deal.Owes("dispute_losses")).ShouldBe(0);
        (await deal.Owes("escrow")).ShouldBe(0);
    }

    [Fact]
    [Covers("M-9")]
    public async Task A_part_lost_in_escrow_leaves_the_rest_to_be_released_and_won_later_it_goes_to_provider_and_platform()
    {
        var deal = await world.Order();
        var quarrel = await deal.PaidAndDisputed(10_000);
        await quarrel.Bank("lost");
        await quarrel.Becomes(DisputeState.Lost);
        await world.JobsAreDone();
        (await deal.Releases()).OrThrow().Minor.ShouldBe(12_750);
        await quarrel.Bank("won");
        await quarrel.Becomes(DisputeState.Won);
        await world.JobsAreDone();
        (await deal.ProviderHas()).ShouldBe(21_250);
        (await deal.Owes("platform_fee")).ShouldBe(3_750);
    }

    [Fact]
    [Covers("M-9")]
    public async Task An_inquiry_takes_nothing_but_holds_the_release_and_may_become_a_dispute()
    {
        var deal = await world.Order();
        var quarrel = await deal.IsDisputed(await deal.Pays(), inquiry: true);
        await quarrel.Becomes(DisputeState.WarningNeedsResponse);
        (await deal.Owes("escrow")).ShouldBe(25_000);
        (await deal.Releases()).Refusal!.Code.ShouldBe("order_disputed");
        await quarrel.Bank("needs_response");
        (await quarrel.Becomes(DisputeState.NeedsResponse)).Taken.Minor.ShouldBe(25_000);

        var other = await world.Order();
        var closed = await other.IsDisputed(await other.Pays(), inquiry: true);
        await closed.Becomes(DisputeState.WarningNeedsResponse);
        await closed.Bank("warning_closed");
        await closed.Becomes(DisputeState.WarningClosed);
        (await other.Releases()).Granted.ShouldBeTrue();
    }

    [Fact]
    [Covers("M-9")]
    public async Task The_fee_of_a_lost_dispute_lies_with_whom_the_setting_named_when_it_was_opened()
    {
        var deal = await world.Order();
        var payment = await deal.PaidAndReleased();
        await world.Database.Execute("insert into foundation.settings (key, value, version, changed_at) values ('money.dispute_fee_bearer', '\"provider\"', 1, now())");
        var quarrel = await deal.IsDisputed(payment);
        await quarrel.Becomes(DisputeState.NeedsResponse);
        await world.Database.Execute("delete from foundation.settings where key = 'money.dispute_fee_bearer'");
        await quarrel.Bank("lost");
        await quarrel.Becomes(DisputeState.Lost);
        await world.JobsAreDone();
        (await deal.ProviderHas()).ShouldBe(-1_500);
        (await deal.Owes("dispute_fees")).ShouldBe(0);
        await quarrel.Bank("won");
        await quarrel.Becomes(DisputeState.Won);
        await world.JobsAreDone();
        (await deal.ProviderHas()).ShouldBe(21_250);
        (await deal.Owes("dispute_fees")).ShouldBe(-1_500);
    }

    [Fact]
    public async Task A_dispute_of_a_stranger_s_payment_is_kept_as_unmatched_and_moves_nothing()
    {
        var strange = StripeEvent.Of("charge.dispute.created", new
        {
            id = $"du_{Guid.NewGuid():n}", @object = "dispute", amount = 5_000, currency = "kwd", charge = "ch_x", payment_intent = $"pi_{Guid.NewGuid():n}", reason = "fraudulent",
            status = "needs_response", created = 1, evidence_details = new { due_by = 2 }, balance_transactions = Array.Empty<object>(),
        });
        await world.Learns(strange);
        await world.JobsAreDone();
        var id = System.Text.Json.JsonDocument.Parse(strange).RootElement.GetProperty("id").GetString()!;
        (await world.Database.Value<string>("select state from money.webhooks where event_id = $1", id)).ShouldBe("unmatched");
    }
}
