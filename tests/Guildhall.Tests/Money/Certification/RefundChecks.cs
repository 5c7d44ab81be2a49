using Guildhall.Money;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Certification;

/// <summary>Money goes back: all or part of it, once, whatever the line and the gateway do.</summary>
internal static class RefundChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("Refund: all of a payment goes back once", Everything),
        new("Refund: part of a payment goes back, or is refused by name", Part),
        new("Refund: parts and the rest add up to all, and not one step more", PartsAndRest),
        new("Refund: more than was paid is refused before any call", TooMuch),
        new("Refund: another currency is refused before any call", OtherCurrency),
        new("Refund: what was not paid is not given back", NotPaid),
        new("Refund: a second one of all is refused", Again),
        new("Refund: two of all at once on two nodes, one goes back", TwoAtOnce),
        new("Refund: asked for twice with one key, one goes back", OneKeyTwice),
        new("Refund lost before it had an effect", a => Spoilt(a, Fault.Cut)),
        new("Refund lost after it had an effect", LostAfter),
        new("Refund not answered in time", a => Spoilt(a, Fault.Slow)),
        new("Refund with no connection", a => Spoilt(a, Fault.NoConnection)),
        new("Refund answered by a page of HTML", a => Spoilt(a, Fault.Html)),
        new("Refund answered by nothing", a => Spoilt(a, Fault.Empty)),
        new("Refund answered by half of an answer", a => Spoilt(a, Fault.Half)),
        new("Refund answered by 500", a => Spoilt(a, Fault.Broken)),
        new("Refund answered by 429", a => Spoilt(a, Fault.TooMany)),
        new("Refund with a key that is not taken (401)", a => Spoilt(a, Fault.WrongKey)),
        new("Refund: refused by the gateway, the money is back in escrow and can be given back again", RefusedThere),
        new("Refund: fails after it was accepted, the money is back in escrow", FailsLater),
        new("Refund: no message of it comes, its end is found by asking", FoundByAsking),
        new("Refund: the gateway says that it gave back another amount", OtherAmount),
        new("Refund: the answer is about another refund", AboutAnother),
    ];

    private static async Task<Outcome> Completes(Attempt a, Deal deal, PaymentId payment, RefundId refund)
    {
        await a.Becomes(deal, payment, refund, RefundState.Completed);
        (await a.Partner.GivenBack(payment)).ShouldBe([a.Price.Minor]);
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
        (await deal.Owes("escrow")).ShouldBe(0);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Everything(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        return await Completes(a, deal, payment.Id, (await a.GivesBack(payment.Id)).OrThrow().Id);
    }

    private static async Task<Outcome> Part(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        var part = a.Price with { Minor = 2 * a.Step };
        var asked = await a.GivesBack(payment.Id, part);
        if (!a.Can.PartialRefund) return await IsRefused(a, deal, payment.Id, asked, "refund_part_not_possible", Outcome.NotOffered);
        await a.Becomes(deal, payment.Id, asked.OrThrow().Id, RefundState.Completed);
        (await a.Partner.GivenBack(payment.Id)).ShouldBe([part.Minor]);
        (await deal.Owes("escrow")).ShouldBe(a.Price.Minor - part.Minor);
        return Outcome.Passed;
    }

    private static async Task<Outcome> IsRefused(Attempt a, Deal deal, PaymentId payment, Result<RefundView> asked, string code, Outcome outcome = Outcome.Passed)
    {
        asked.Refusal!.Code.ShouldBe(code);
        await a.World.JobsAreDone();
        (await a.Partner.GivenBack(payment)).ShouldBeEmpty();
        await a.IsCaptured(deal, payment);
        return outcome;
    }

    private static async Task<Outcome> PartsAndRest(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        long[] parts = a.Can.PartialRefund ? [a.Step, 2 * a.Step, a.Price.Minor - (3 * a.Step)] : [a.Price.Minor];
        foreach (var minor in parts) await a.Becomes(deal, payment.Id, (await a.GivesBack(payment.Id, a.Price with { Minor = minor })).OrThrow().Id, RefundState.Completed);
        (await a.GivesBack(payment.Id, a.Price with { Minor = a.Step })).Refusal!.Code.ShouldBe("refund_too_large");
        (await a.Partner.GivenBack(payment.Id)).Order().ShouldBe(parts.Order());
        (await deal.Owes("escrow")).ShouldBe(0);
        return a.Can.PartialRefund ? Outcome.Passed : Outcome.NotOffered;
    }

    private static async Task<Outcome> TooMuch(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        return await IsRefused(a, deal, payment.Id, await a.GivesBack(payment.Id, a.Price with { Minor = a.Price.Minor + a.Step }), "refund_too_large");
    }

    private static async Task<Outcome> OtherCurrency(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        return await IsRefused(a, deal, payment.Id, await a.GivesBack(payment.Id, new Amount(a.Price.Minor, StatusChecks.Foreign(a.Price.Currency))), "wrong_currency");
    }

    private static async Task<Outcome> NotPaid(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        (await a.GivesBack(payment.Id)).Refusal!.Code.ShouldBe("payment_not_captured");
        await a.IsUntouched(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Again(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        await Completes(a, deal, payment.Id, (await a.GivesBack(payment.Id)).OrThrow().Id);
        (await a.GivesBack(payment.Id)).Refusal!.Code.ShouldBe("refund_too_large");
        (await a.Partner.GivenBack(payment.Id)).ShouldBe([a.Price.Minor]);
        return Outcome.Passed;
    }

    private static async Task<Outcome> TwoAtOnce(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        await using var gate = await Gate.Close(a.World.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var race = new[] { a.GivesBack(payment.Id, node: 0), a.GivesBack(payment.Id, node: 1) };
        await gate.OpenWhenWaiting(2);
        var asked = await Task.WhenAll(race);
        asked.Single(x => !x.Granted).Refusal!.Code.ShouldBe("refund_too_large");
        return await Completes(a, deal, payment.Id, asked.Single(x => x.Granted).OrThrow().Id);
    }

    private static async Task<Outcome> OneKeyTwice(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        var operation = Guid.CreateVersion7();
        var first = (await a.GivesBack(payment.Id, operation: operation)).OrThrow();
        (await a.GivesBack(payment.Id, operation: operation, node: 1)).OrThrow().Id.ShouldBe(first.Id);
        return await Completes(a, deal, payment.Id, first.Id);
    }

    private static async Task<Outcome> Spoilt(Attempt a, Fault fault)
    {
        var (deal, payment) = await a.Paid();
        await a.World.JobsAreDone();
        await a.Spoils(Call.Refund, fault);
        return await Recovers(a, deal, payment.Id, a.Partner.RefundNeverSent, there: false);
    }

    private static async Task<Outcome> LostAfter(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        await a.World.JobsAreDone();
        await a.World.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        return await Recovers(a, deal, payment.Id, a.Partner.RefundAnswerLost, there: true);
    }

    // Nobody knows what became of it. Afterwards it went back once, or not at all where that is what its end says.
    private static async Task<Outcome> Recovers(Attempt a, Deal deal, PaymentId payment, RefundState end, bool there)
    {
        var refund = (await a.GivesBack(payment)).OrThrow().Id;
        await a.World.EventuallyOr("The refund was not sent.", async () => (await ReadRefunds.Find(a.World.Data(), refund, default))!.State is not RefundState.Pending ||
            await a.World.Database.Value<int>("select checks from money.refunds where id = $1", refund.Value) > 0);
        await a.World.JobsAreDone();
        if (!there) (await ReadRefunds.Find(a.World.Data(), refund, default))!.State.ShouldBe(RefundState.Unknown);
        await a.Restores();
        await a.Becomes(deal, payment, refund, end);
        (await a.Partner.GivenBack(payment)).Length.ShouldBe(there || end is RefundState.Completed ? 1 : 0);
        (await deal.Journals()).ShouldBe(end switch { RefundState.Completed => "capture refund refund_completed", RefundState.Failed => "capture refund refund_failed", _ => "capture refund" });
        if (end is not RefundState.Failed) (await a.GivesBack(payment)).Refusal!.Code.ShouldBe("refund_too_large"); // it may have gone back: it is not given twice
        return Outcome.Passed;
    }

    private static async Task<Outcome> RefusedThere(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        a.Answers(Call.Refund, a.Partner.Refusal(Call.Refund).Body, a.Partner.Refusal(Call.Refund).Status);
        var refused = (await a.GivesBack(payment.Id)).OrThrow().Id;
        (await deal.Becomes(refused, RefundState.Failed)).FailureText.ShouldNotBeNullOrEmpty();
        (await deal.Owes("escrow")).ShouldBe(a.Price.Minor);
        (await a.Partner.GivenBack(payment.Id)).ShouldBeEmpty();
        await a.Restores();
        await a.Becomes(deal, payment.Id, (await a.GivesBack(payment.Id)).OrThrow().Id, RefundState.Completed);
        (await deal.Journals()).ShouldBe("capture refund refund_failed refund refund_completed");
        (await a.Partner.GivenBack(payment.Id)).ShouldBe([a.Price.Minor]);
        return Outcome.Passed;
    }

    private static async Task<Outcome> FailsLater(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        await a.Partner.RefundsWillFail();
        var refund = (await a.GivesBack(payment.Id)).OrThrow().Id;
        await a.Becomes(deal, payment.Id, refund, RefundState.Failed, well: false);
        (await deal.Owes("escrow")).ShouldBe(a.Price.Minor);
        (await deal.Journals()).ShouldBe("capture refund refund_failed");
        (await deal.Payment(payment.Id)).Refunded.Minor.ShouldBe(0);
        (await a.Partner.GivenBack(payment.Id)).ShouldBeEmpty();
        return Outcome.Passed;
    }

    private static async Task<Outcome> FoundByAsking(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        await a.World.JobsAreDone();
        await a.NoMessages();
        var refund = (await a.GivesBack(payment.Id)).OrThrow().Id;
        await a.World.JobsAreDone();
        await a.Partner.DecidesRefunds(payment.Id);
        await a.World.Gateway.AnswersAsUsual();
        await a.World.Clock.Passes(a.Partner.RefundPause);
        return await Completes(a, deal, payment.Id, refund);
    }

    private static async Task<Outcome> OtherAmount(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        a.Meets(Call.Refund, async http =>
        {
            var refund = new RefundId(await a.World.Database.Value<Guid>("select id from money.refunds where payment_id = $1", payment.Id.Value));
            await http.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(a.Partner.Refund(refund, a.Price with { Minor = a.Price.Minor - a.Step })));
        });
        var asked = (await a.GivesBack(payment.Id)).OrThrow().Id;
        if (!a.Partner.TellsRefundAmount)
        {
            await a.World.JobsAreDone();
            (await ReadRefunds.Find(a.World.Data(), asked, default))!.State.ShouldBe(RefundState.Pending); // its answer says nothing of money, and nothing is believed of it
            (await deal.Journals()).ShouldBe("capture refund");
            return Outcome.NotOffered;
        }
        await a.World.EventuallyOr("It was not set aside.", async () => await a.SetAside(payment.Id, "wrong_refund_amount") == 1);
        (await ReadRefunds.Find(a.World.Data(), asked, default))!.State.ShouldNotBe(RefundState.Completed);
        (await deal.Journals()).ShouldBe("capture refund");
        return Outcome.Passed;
    }

    private static async Task<Outcome> AboutAnother(Attempt a)
    {
        var ((lost, first), (deal, second)) = (await a.Paid(), await a.Paid());
        await a.World.JobsAreDone();
        await a.Spoils(Call.Refund, Fault.Cut);
        var waiting = (await a.GivesBack(first.Id)).OrThrow().Id;
        await lost.Becomes(waiting, RefundState.Unknown);
        a.Answers(Call.Refund, a.Partner.Refund(waiting, a.Price));
        var asked = (await a.GivesBack(second.Id)).OrThrow().Id;
        await a.World.JobsAreDone();
        (await ReadRefunds.Find(a.World.Data(), waiting, default))!.State.ShouldBe(RefundState.Unknown);
        (await lost.Journals()).ShouldBe("capture refund");
        var now = (await ReadRefunds.Find(a.World.Data(), asked, default))!.State;
        if (!a.Partner.NamesRefund)
        {
            now.ShouldBeOneOf(RefundState.Pending, RefundState.Completed); // the answer to a call is about what was asked in it
            return Outcome.NotOffered;
        }
        now.ShouldBe(RefundState.Unknown);
        await a.Restores();
        return await Completes(a, deal, second.Id, asked);
    }
}
