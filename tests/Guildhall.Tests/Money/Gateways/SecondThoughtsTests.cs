using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Disputes;

namespace Guildhall.Tests.Money.Gateways;

/// <summary>What a gateway takes back after it was completed, when every message about it is lost.</summary>
public sealed class SecondThoughtsTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<Deal> Paid()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await deal.PaysAtGateway(payment.Id);
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        return deal;
    }

    private async Task<RefundId> Refunded(Deal deal)
    {
        var refund = await deal.Refunded(10_000);
        await deal.Becomes(refund, RefundState.Completed);
        await world.JobsAreDone(); // what completed it ends today: days later it would count as a question
        return refund;
    }

    private async Task<string> AtGateway(string kind, string reference, string id) => (await world.Gateway.Did(kind))
        .First(r => r.GetProperty("metadata").TryGetProperty(reference, out var ours) && string.Equals(ours.GetString(), id, StringComparison.Ordinal)).GetProperty("id").GetString()!;

    private async Task Days(double days)
    {
        await world.Clock.Passes(TimeSpan.FromDays(days) + 1.Minutes());
        await world.JobsAreDone();
    }

    private Task Fails(string refund) => world.Sandbox.Post($"/sandbox/stripe/refunds/{refund}/fail");

    [Theory, InlineData(0, 1), InlineData(3, 7), InlineData(29, 30)]
    [Covers("M-8", "money-29")]
    public async Task A_completed_refund_that_fails_is_found_failed_though_nobody_tells(int after, int foundAfter)
    {
        var deal = await Paid();
        var refund = await Refunded(deal);
        if (after > 0) await Days(after);
        await Fails(await AtGateway("refunds", "refund_id", refund.ToString()));
        await Days(foundAfter - after);
        await deal.Becomes(refund, RefundState.Failed);
        (await deal.Journals()).ShouldBe("capture refund refund_completed refund_failed");
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Fact]
    public async Task The_gateway_is_asked_six_times_in_thirty_days_and_then_never_again()
    {
        var deal = await Paid();
        var refund = await Refunded(deal);
        var asked = 0;
        var payment = await world.Database.Value<string>("select p.gateway_payment from money.payments p join money.refunds r on r.payment_id = p.id where r.id = $1", refund.Value);
        world.Wire.Before = http =>
        {
            if (http.Request.Path == "/v1/refunds" && http.Request.QueryString.Value!.Contains(payment, StringComparison.Ordinal)) asked++;
            return Task.FromResult(false);
        };
        foreach (var days in new[] { 1.05, 1.15, 2.4, 5, 10.4, 10.5, 30 }) await Days(days);
        asked.ShouldBe(6);
        (await deal.Becomes(refund, RefundState.Completed)).ShouldNotBeNull();
        (await world.Database.Count("foundation.jobs where kind = 'send_refund' and payload::text like $1", $"%{refund}%")).ShouldBe(0);
    }

    [Fact]
    public async Task A_gateway_that_cannot_be_asked_in_the_end_is_asked_until_it_answers()
    {
        var deal = await Paid();
        var refund = await Refunded(deal);
        await Days(16);
        await Fails(await AtGateway("refunds", "refund_id", refund.ToString()));
        world.Wire.Cuts("GET /v1/refunds");
        foreach (var days in new[] { 10, 10, 10 }) await Days(days);
        (await deal.Becomes(refund, RefundState.Completed)).ShouldNotBeNull();
        world.Wire.Before = null;
        await Days(2);
        await deal.Becomes(refund, RefundState.Failed);
    }

    [Fact]
    public async Task A_completed_refund_that_the_gateway_does_not_find_any_more_is_not_sent_again()
    {
        var deal = await Paid();
        var refund = await Refunded(deal);
        world.Wire.Answers("GET /v1/refunds", 200, new { @object = "list", has_more = false, data = Array.Empty<object>() });
        await Days(1);
        world.Wire.Before = null;
        await Days(1);
        (await deal.Becomes(refund, RefundState.Completed)).ShouldNotBeNull();
        (await world.Gateway.Did("refunds")).Count(r => r.GetProperty("metadata").GetProperty("refund_id").GetString() == refund.ToString()).ShouldBe(1);
    }

    [Theory, InlineData(1), InlineData(8)]
    [Covers("M-13", "money-73")]
    public async Task A_completed_payout_that_comes_back_is_credited_again_though_nobody_tells(int after)
    {
        var deal = await Paid();
        (await deal.Releases()).OrThrow();
        var withdrawal = await world.Withdraws(deal.Provider, 21_250);
        await Settles(withdrawal);
        await Days(after);
        var payout = await world.Database.Value<Guid>("select id from money.payouts where withdrawal_id = $1", withdrawal.Value);
        await world.Sandbox.Post($"/sandbox/stripe/payouts/{await AtGateway("payouts", "payout_id", new PayoutId(payout).ToString())}/return");
        await Days(after + 1);
        await world.Becomes(withdrawal, WithdrawalState.Returned);
        (await deal.ProviderHas()).ShouldBe(21_250);
    }

    private async Task Settles(WithdrawalId withdrawal)
    {
        for (var i = 0; i < 3; i++)
        {
            await world.JobsAreDone();
            await world.Clock.Passes(5.Minutes());
        }
        await world.Becomes(withdrawal, WithdrawalState.Completed);
    }

    [Fact]
    [Covers("M-9")]
    public async Task A_dispute_of_which_nobody_tells_is_found_open_and_found_decided()
    {
        var deal = await Paid();
        var quarrel = await deal.IsDisputed(new PaymentId((await deal.Now()).PaidPaymentId!.Value));
        await Looks();
        (await quarrel.Becomes(DisputeState.NeedsResponse)).Withdrawn.Minor.ShouldBe(25_000);
        await quarrel.Bank("lost");
        await Looks();
        await quarrel.Becomes(DisputeState.Lost);
        await Days(100);
        await quarrel.Bank("won");
        await Looks();
        await quarrel.Becomes(DisputeState.Won);
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Fact]
    public async Task What_stands_at_the_gateway_as_it_stands_here_is_not_asked_about()
    {
        var deal = await Paid();
        var quarrel = await deal.IsDisputed(new PaymentId((await deal.Now()).PaidPaymentId!.Value));
        await Looks();
        await quarrel.Becomes(DisputeState.NeedsResponse);
        var asked = 0;
        world.Wire.Before = http =>
        {
            if (http.Request.Path.Value!.Contains(quarrel.Reference, StringComparison.Ordinal)) asked++;
            return Task.FromResult(false);
        };
        await Looks();
        asked.ShouldBe(0);
    }

    private async Task Looks()
    {
        await world.JobsAreDone(); // a look that is under way would stand for this one
        await world.Data().InTransaction(tx => LookForDisputes.Plan(tx, world.Get<Guildhall.Money.Gateways.DisputeDesks>()));
        await world.JobsAreDone();
    }
}
