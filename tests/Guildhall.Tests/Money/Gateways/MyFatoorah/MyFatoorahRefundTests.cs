using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Gateways.MyFatoorah;

/// <summary>Money goes back by MyFatoorah: a wish first, decided by their finance.</summary>
public sealed class MyFatoorahRefundTests(MyFatoorahWorld world) : IClassFixture<MyFatoorahWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.Begins();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Deal Deal, PaymentId Payment)> Paid()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.PaysAtPage(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        return (deal, payment.Id);
    }

    [Fact]
    [Covers("M-7", "M-21")]
    public async Task Parts_and_the_rest_go_back_when_their_finance_has_decided()
    {
        var (deal, payment) = await Paid();
        var part = await deal.Refunded(10_000);
        await Eventually.True(async () => (await world.Refunds(payment)).Length == 1, "It was not asked for.");
        await world.JobsAreDone();
        (await deal.Becomes(part, RefundState.Pending)).CompletedAt.ShouldBeNull();
        await world.Decides(payment, "Refunded");
        await deal.Becomes(part, RefundState.Completed); // their message makes us ask at once
        var rest = await deal.Refunded();
        await Eventually.True(async () => (await world.Refunds(payment)).Length == 2, "It was not asked for.");
        await world.Decides(payment, "Refunded");
        await deal.Becomes(rest, RefundState.Completed);
        (await deal.Journals()).ShouldBe("capture refund refund_completed refund refund_completed");
        (await world.Refunds(payment)).Select(r => r.GetProperty("minor").GetInt64()).Order().ShouldBe([10_000, 15_000]);
    }

    [Fact]
    [Covers("M-21")]
    public async Task A_refund_that_their_finance_cancels_returns_to_escrow_though_no_message_comes()
    {
        var (deal, payment) = await Paid();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var refund = await deal.Refunded();
        await Eventually.True(async () => (await world.Refunds(payment)).Length == 1, "It was not asked for.");
        await world.Decides(payment, "Canceled");
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(10.Minutes());
            return (await ReadRefunds.Find(world.Data(), refund, default))!.State is RefundState.Failed;
        }, "It was not found.");
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Fact]
    [Covers("M-7")]
    public async Task A_completed_refund_that_is_taken_back_is_found()
    {
        var (deal, payment) = await Paid();
        var refund = await deal.Refunded();
        await Eventually.True(async () => (await world.Refunds(payment)).Length == 1, "It was not asked for.");
        await world.Decides(payment, "Refunded");
        await deal.Becomes(refund, RefundState.Completed);
        await world.Decides(payment, "Canceled");
        await world.Clock.Passes(25.Hours());
        await deal.Becomes(refund, RefundState.Failed);
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Theory, InlineData(1), InlineData(300)]
    [Covers("money-29", "M-21")]
    public async Task A_refund_whose_answer_was_lost_is_made_once_whether_the_key_is_still_known_or_not(int minutes)
    {
        var (deal, payment) = await Paid();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        if (minutes > 250) world.Wire.Cuts("/v2/");
        await world.Clock.Passes(minutes.Minutes());
        await world.JobsAreDone();
        world.Wire.Before = null;
        await Eventually.True(() => Task.FromResult(world.Gateways.Of("myfatoorah").Status.Available), "The circuit stays open.");
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await world.Refunds(payment)).ShouldHaveSingleItem();
        await world.Decides(payment, "Refunded");
        if (minutes < 250)
        {
            await deal.Becomes(refund, RefundState.Completed);
            return;
        }
        // Their rows do not name ours: one of this amount may be it. It is not sent again, and a person looks.
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await deal.Becomes(refund, RefundState.Unknown)).CompletedAt.ShouldBeNull();
        (await world.Refunds(payment)).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("money-29")]
    public async Task A_refund_that_never_reached_them_is_sent_again_however_late()
    {
        var (deal, payment) = await Paid();
        world.Wire.Cuts("POST /v2/");
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        await world.Clock.Passes(6.Hours());
        await world.JobsAreDone();
        world.Wire.Before = null;
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(1.Hours());
            return (await world.Refunds(payment)).Length == 1;
        }, "It was not sent again.");
        await world.Decides(payment, "Refunded");
        await deal.Becomes(refund, RefundState.Completed);
    }

    [Fact]
    [Covers("M-21")]
    public async Task What_they_refuse_to_refund_returns_to_escrow()
    {
        var (deal, _) = await Paid();
        world.ApiSays("POST /v2/MakeRefund", 400, new { IsSuccess = false, Message = "Insufficient balance", ValidationErrors = (object?)null });
        var refund = await deal.Refunded();
        (await deal.Becomes(refund, RefundState.Failed)).FailureText.ShouldBe("refused: Insufficient balance");
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Fact]
    [Covers("M-5")]
    public async Task A_message_about_a_refund_of_nobody_changes_nothing()
    {
        const string body = """{"Event":{"Code":2,"Reference":"WH-9"},"Data":{"Refund":{"Id":999999,"Status":"REFUNDED"},"Amount":{"ValueInBaseCurrency":"5.000"},"ReferencedInvoice":{"Id":"640"}}}""";
        (await world.Tells(body, MyFatoorahWorld.Sign("Refund.Id=999999,Refund.Status=REFUNDED,Amount.ValueInBaseCurrency=5.000,ReferencedInvoice.Id=640"))).Must();
        await Eventually.True(async () => await world.Database.Count("money.webhooks where gateway = 'myfatoorah' and proof is distinct from 'hint' and state = 'unmatched'") > 0, "It was expected to match nothing.");
    }
}
