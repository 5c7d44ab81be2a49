using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>Money that goes back by PayPal.</summary>
public sealed class PayPalRefundTests(PayPalWorld world) : IClassFixture<PayPalWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsWithPayPal();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Theory, InlineData(0), InlineData(60 * 24)]
    [Covers("money-29", "M-6")]
    public async Task A_refund_whose_answer_was_lost_is_found_and_not_made_again_even_when_paypal_has_forgotten_our_key(int hours)
    {
        var (deal, payment) = await world.PaysByPayPal();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        await world.Clock.Passes(TimeSpan.FromHours(hours) + 1.Minutes());
        await deal.Becomes(refund, RefundState.Completed);
        (await world.Parts(payment, "refunds")).ShouldHaveSingleItem();
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
    }

    [Fact]
    [Covers("M-8", "M-21")]
    public async Task All_of_it_or_a_part_goes_back_and_never_more()
    {
        var (deal, payment) = await world.PaysByPayPal();
        await deal.Becomes(await deal.Refunded(1_000), RefundState.Completed);
        (await deal.Refunds(1_501)).Granted.ShouldBeFalse();
        await deal.Becomes(await deal.Refunded(1_500), RefundState.Completed);
        (await world.Parts(payment, "refunds")).Select(r => r.GetProperty("amount").GetProperty("value").GetString()).ShouldBe(["10.00", "15.00"]);
        (await deal.Owes("escrow")).ShouldBe(0);
    }

    [Fact]
    [Covers("M-8")]
    public async Task A_refund_that_fails_after_it_was_accepted_returns_to_escrow()
    {
        var (deal, _) = await world.PaysByPayPal();
        await world.Gateway.Faults(new { failRefunds = true });
        var refund = await deal.Refunded();
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(refund, RefundState.Failed);
        (await deal.Owes("escrow")).ShouldBe(2_500);
    }

    [Fact]
    [Covers("M-8")]
    public async Task A_refund_that_paypal_refuses_has_failed_with_its_reason()
    {
        var (deal, _) = await world.PaysByPayPal();
        world.PayPalWire.Answers("/refund", 422, new { name = "UNPROCESSABLE_ENTITY", message = "?", debug_id = "1", details = new[] { new { issue = "REFUND_TIME_LIMIT_EXCEEDED", description = "Too late." } } });
        (await deal.Becomes(await deal.Refunded(), RefundState.Failed)).FailureText.ShouldBe("REFUND_TIME_LIMIT_EXCEEDED: Too late.");
        (await deal.Owes("escrow")).ShouldBe(2_500);
    }

    [Theory, InlineData(401, "AUTHENTICATION_FAILURE"), InlineData(409, "RESOURCE_CONFLICT"), InlineData(429, "RATE_LIMIT_REACHED"), InlineData(500, "INTERNAL_SERVER_ERROR"), InlineData(400, null)]
    [Covers("M-6")]
    public async Task An_answer_that_says_nothing_about_the_effect_is_asked_about_and_fails_nothing(int status, string? name)
    {
        var (deal, payment) = await world.PaysByPayPal();
        world.PayPalWire.Answers("/refund", status, new { name, message = "?" });
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        world.PayPalWire.Before = null;
        await world.Clock.Passes(10.Minutes());
        await deal.Becomes(refund, RefundState.Completed);
        (await world.Parts(payment, "refunds")).ShouldHaveSingleItem();
    }
}
