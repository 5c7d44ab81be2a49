using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

/// <summary>Money back by reversal. Nothing answers at once: the result comes by message.</summary>
public sealed class MpesaRefundTests(MpesaWorld world) : IClassFixture<MpesaWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await world.Opens();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Deal Deal, PaymentId Payment, string Receipt)> Paid()
    {
        var (deal, phone) = (await world.Deal(), world.Phone());
        var payment = await deal.Starts(phone: phone);
        await world.Answers(phone);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        return (deal, payment.Id, await world.Receipt(payment.Id));
    }

    [Fact]
    [Covers("M-8", "M-21")]
    public async Task All_of_a_payment_goes_back_and_less_is_refused_before_any_call()
    {
        var (deal, _, receipt) = await Paid();
        (await deal.Refunds(5_000)).Refusal!.Code.ShouldBe("refund_part_not_possible");
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Completed);
        (await world.Reversed(receipt)).ShouldBe(1);
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
    }

    [Fact]
    [Covers("M-8")]
    public async Task A_reversal_that_was_accepted_and_then_failed_returns_to_escrow()
    {
        var (deal, _, receipt) = await Paid();
        await world.Gateway.Faults(new { failRefunds = true });
        (await deal.Becomes(await deal.Refunded(), RefundState.Failed)).FailureText.ShouldBe("1: The balance is insufficient for the transaction.");
        (await deal.Owes("escrow")).ShouldBe(15_000);
        (await world.Reversed(receipt)).ShouldBe(0);
    }

    [Theory, InlineData(0), InlineData(100)]
    [Covers("M-6", "money-29")]
    public async Task A_reversal_whose_answer_was_lost_is_asked_about_and_never_made_again(int dropped)
    {
        var (deal, _, receipt) = await Paid();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = dropped });
        var refund = await deal.Refunded();
        if (dropped > 0)
        {
            await deal.Becomes(refund, RefundState.Unknown);
            await world.Gateway.AnswersAsUsual();
            await world.Clock.Passes(10.Minutes());
        }
        await deal.Becomes(refund, RefundState.Completed);
        (await world.Reversed(receipt)).ShouldBe(1);
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
    }

    [Fact]
    [Covers("M-6", "M-8")]
    public async Task A_reversal_that_never_reached_them_has_failed_after_a_day()
    {
        var (deal, _, receipt) = await Paid();
        world.Wire.Cuts("/mpesa/reversal/");
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await ReadRefunds.Find(world.Data(), refund, default))!.State.ShouldBe(RefundState.Unknown);
        await world.Clock.Passes(26.Hours());
        await deal.Becomes(refund, RefundState.Failed);
        (await deal.Owes("escrow")).ShouldBe(15_000);
        (await world.Reversed(receipt)).ShouldBe(0);
    }

    [Fact]
    [Covers("money-20", "money-80")]
    public async Task A_forged_result_changes_nothing()
    {
        var (deal, payment, _) = await Paid();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var refund = await deal.Refunded();
        await world.JobsAreDone();
        var result = """{"Result":{"ResultCode":0,"ResultDesc":"ok","TransactionID":"SKE52PAWR9"}}""";
        var url = $"http://localhost/api/v1/webhooks/mpesa?what=reversal&id={refund}&minor=15000&at=0&key=";
        (await world.Tells(url + new string('0', 64), result)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Tells(url, result)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await deal.Becomes(refund, RefundState.Pending)).CompletedAt.ShouldBeNull();
        (await world.Database.Count("money.webhooks where event_id like '%' || $1 || '%'", refund.ToString())).ShouldBe(0);
        (await deal.Payment(payment)).Refunded.Minor.ShouldBe(15_000);
    }

    [Fact]
    [Covers("M-8")]
    public async Task Money_of_which_no_receipt_was_told_is_for_staff_to_give_back()
    {
        var (deal, phone) = (await world.Deal(), world.Phone());
        var payment = await deal.Starts(phone: phone);
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        await world.Answers(phone);
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Becomes(await deal.Refunded(), RefundState.Failed)).FailureText!.ShouldContain("staff");
        (await deal.Owes("escrow")).ShouldBe(15_000);
    }
}
