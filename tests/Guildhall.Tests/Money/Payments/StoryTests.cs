using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Payments;

public sealed class StoryTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    public async Task A_payment_is_captured_once_pays_the_order_and_is_booked()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        payment.State.ShouldBe(PaymentState.RequiresAction);
        payment.RedirectUrl.ShouldNotBeNull();
        await deal.PaysAtGateway(payment.Id);
        (await deal.Becomes(payment.Id, PaymentState.Captured)).CapturedAt.ShouldNotBeNull();
        await world.SettlesDown();
        (await deal.Now()).State.ShouldBe(OrderState.Paid);
        (await deal.Journals()).ShouldBe("capture");
        (await deal.Owes("escrow")).ShouldBe(25_000);
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_card_leaves_the_page_open_and_the_next_card_pays()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await deal.PaysAtGateway(payment.Id, "decline");
        await Eventually.True(() => Task.FromResult(world.Declined.Any(d => d.Order == deal.Order)), "The refusal was not told.");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        await deal.PaysAtGateway(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Fact]
    public async Task Authentication_by_the_bank_is_waited_for()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await deal.PaysAtGateway(payment.Id, "three_d_secure");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        await deal.PaysAtGateway(payment.Id, "three_d_secure_authenticate");
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Theory, InlineData("timeout_but_charged"), InlineData("late_success")]
    public async Task A_payment_that_is_told_late_is_captured_all_the_same(string outcome)
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await deal.PaysAtGateway(payment.Id, outcome);
        await world.Clock.Passes(30.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Fact]
    public async Task An_abandoned_page_expires()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await deal.PaysAtGateway(payment.Id, "abandon");
        await world.Clock.Passes(2.Hours());
        await deal.Becomes(payment.Id, PaymentState.Expired);
        (await deal.Now()).State.ShouldBe(OrderState.Open);
    }

    [Fact]
    public async Task A_refund_takes_the_money_out_of_escrow_and_reaches_the_customer()
    {
        var deal = await world.Order();
        await deal.Pays();
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Completed);
        (await deal.Owes("escrow")).ShouldBe(0);
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
    }

    [Fact]
    public async Task A_release_gives_the_provider_all_but_the_fee()
    {
        var deal = await world.Order();
        await deal.Pays();
        (await deal.Releases()).OrThrow().ShouldBe(new Amount(21_250, MoneyWorld.Kwd));
        (await deal.ProviderHas()).ShouldBe(21_250);
        (await deal.Owes("platform_fee")).ShouldBe(3_750);
    }

    [Fact]
    public async Task A_withdrawal_is_approved_and_paid_out()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        var asked = (await RequestWithdrawal.Run(world.Data(), world.Rails, provider, new Amount(85_000, MoneyWorld.Kwd), default)).OrThrow();
        (await ApproveWithdrawal.Run(world.Data(), world.Rails, MoneyWorld.Staff, asked.Id, asked.Revision, default)).OrThrow();
        await world.Clock.Passes(1.Minutes());
        await Eventually.Get(async () => (await ListWithdrawals.One(world.Data(), provider, asked.Id, default)).OrThrow(), w => w.State == WithdrawalState.Completed, "It was not paid out");
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Fact]
    public async Task A_payout_that_the_bank_returns_is_credited_again()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        await world.Gateway.FailsPayouts("return_after_paid");
        var asked = (await RequestWithdrawal.Run(world.Data(), world.Rails, provider, new Amount(85_000, MoneyWorld.Kwd), default)).OrThrow();
        (await ApproveWithdrawal.Run(world.Data(), world.Rails, MoneyWorld.Staff, asked.Id, asked.Revision, default)).OrThrow();
        await Eventually.Get(async () => (await ListWithdrawals.One(world.Data(), provider, asked.Id, default)).OrThrow(), w => w.State == WithdrawalState.Returned, "It was not returned");
        (await world.Books.Has(provider)).ShouldBe(85_000);
    }
}
