using Guildhall.Money.Orders;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Certification;

/// <summary>What a customer does at the gateway, in time, too late, twice, or not at all.</summary>
internal static class PayingChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("Paying: paid once here and there, and the order once", Pays),
        new("Paying: declined first, then paid", Declined),
        new("Paying: left without paying", Left),
        new("Paying: a page that nobody paid ends as expired", Expires),
        new("Paying: money that comes after the page expired is taken", LateAfterExpiry),
        new("Paying: money that comes after the attempt had ended is taken", LateAfterEnd),
        new("Paying: two attempts of one order are paid, one pays it and the other goes back", BothPaid),
        new("Paying: starting over closes the page, or is refused by name", StartsOver),
        new("Paying: two orders side by side, only one is paid", SideBySide),
        new("Paying: nobody tells and nobody comes back, it is found by asking", FoundByAsking),
    ];

    private static async Task<Outcome> Pays(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        (await a.Partner.Taken(payment.Id)).ShouldBe([a.Price.Minor]);
        (await deal.Now()).State.ShouldBe(OrderState.Paid);
        (await a.Integrations()).ShouldContain(shown => shown.State == "sandbox");
        return Outcome.Passed;
    }

    private static async Task<Outcome> Declined(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        await a.Partner.Declines(payment);
        await a.World.EventuallyOr("The customer was not told.", async () => (await deal.Payment(payment.Id)).FailureText is { Length: > 0 });
        await a.World.JobsAreDone();
        (await deal.Journals()).ShouldBe("");
        (await a.Partner.Taken(payment.Id)).ShouldBeEmpty();
        var again = await a.IsLive(deal, payment.Id) ? payment : await a.Starts(deal);
        await a.Partner.Pays(again);
        await a.IsCaptured(deal, again.Id);
        (await a.Partner.Taken(again.Id)).ShouldBe([a.Price.Minor]);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Left(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        await a.Partner.Leaves(payment);
        await a.Asks(payment.Id);
        (await deal.Payment(payment.Id)).State.ShouldBeOneOf(PaymentState.RequiresAction, PaymentState.Cancelled);
        (await deal.Journals()).ShouldBe("");
        (await a.Partner.Taken(payment.Id)).ShouldBeEmpty();
        (await deal.Now()).State.ShouldBe(OrderState.Open);
        return Outcome.Passed;
    }

    private static async Task<(Deal Deal, PaymentView Payment)> Lapsed(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        await a.Later(a.Partner.PageLasts, payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Expired);
        return (deal, payment);
    }

    private static async Task<Outcome> Expires(Attempt a)
    {
        var (deal, payment) = await Lapsed(a);
        (await deal.Journals()).ShouldBe("");
        (await a.Partner.Taken(payment.Id)).ShouldBeEmpty();
        return Outcome.Passed;
    }

    // The gateway says so, and somebody hints at it.
    private static async Task MoneyComes(Attempt a, PaymentView payment, string? money = null)
    {
        a.Answers(Call.Status, await a.Partner.Status(new Said(payment.Id, a.Price) { Money = money }));
        await a.Asks(payment.Id);
        await a.Restores();
    }

    private static async Task<Outcome> LateAfterExpiry(Attempt a)
    {
        var (deal, payment) = await Lapsed(a);
        await MoneyComes(a, payment);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> LateAfterEnd(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        await a.Ends(deal, payment);
        (await deal.Journals()).ShouldBe("");
        await MoneyComes(a, payment);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> BothPaid(Attempt a)
    {
        var (deal, first) = await a.Opened();
        await a.Ends(deal, first);
        await a.World.Database.Execute("update money.orders set expires_at = expires_at + interval '10 days' where id = $1", deal.Order.Value); // the order waits longer than a page
        var second = await a.Starts(deal);
        await a.Partner.Pays(second);
        await a.IsCaptured(deal, second.Id);
        await MoneyComes(a, first);
        await deal.Becomes(first.Id, PaymentState.Captured);
        await a.World.JobsAreDone();
        (await deal.Journals()).ShouldStartWith("capture capture refund_unapplied");
        (await deal.Owes("escrow")).ShouldBe(a.Price.Minor);
        a.World.Paid.Count(o => o == deal.Order).ShouldBe(1);
        (await deal.Now()).PaidPaymentId.ShouldBe(second.Id.Value);
        return Outcome.Passed;
    }

    private static async Task<Outcome> StartsOver(Attempt a)
    {
        var (deal, first) = await a.Opened();
        if (!a.Can.Close)
        {
            (await a.Cancels(deal, first.Id)).Refusal!.Code.ShouldBe("payment_not_closable");
            await a.IsUntouched(deal, first.Id);
            await a.Partner.Pays(first);
            await a.IsCaptured(deal, first.Id);
            return Outcome.NotOffered;
        }
        (await a.Cancels(deal, first.Id)).OrThrow().State.ShouldBe(PaymentState.Cancelled);
        var second = await a.Starts(deal);
        try { await a.Partner.Pays(first); } // the first page is still open in another window
        catch (Exception closed) when (closed.Message.Contains("409", StringComparison.Ordinal)) { }
        await a.Asks(first.Id);
        (await deal.Payment(first.Id)).State.ShouldBe(PaymentState.Cancelled);
        (await a.Partner.Taken(first.Id)).ShouldBeEmpty();
        await a.Partner.Pays(second);
        await a.IsCaptured(deal, second.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> SideBySide(Attempt a)
    {
        var (open, waiting) = await a.Opened();
        var (deal, payment) = await a.Paid();
        await a.Asks(waiting.Id);
        await a.IsUntouched(open, waiting.Id);
        (await a.Money(payment.Id)).ShouldNotBeNull();
        (await a.Money(waiting.Id)).ShouldBeNull();
        (await deal.Owes("escrow")).ShouldBe(a.Price.Minor);
        return Outcome.Passed;
    }

    private static async Task<Outcome> FoundByAsking(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        await a.IsUntouched(deal, payment.Id);
        await a.World.Clock.Passes(1.Minutes());
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }
}
