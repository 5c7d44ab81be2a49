using Guildhall.Money;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Certification;

/// <summary>What the gateway tells by itself and what browsers bring back: lost, late, twice, in the wrong order, or against what the gateway says when it is asked.</summary>
internal static class MessageChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("Message: lost, and the browser comes back", Lost),
        new("Message: comes twice", a => Comes(a, new { duplicateWebhooks = 100 })),
        new("Message: comes out of order", a => Comes(a, new { duplicateWebhooks = 100, reorderWebhooks = true })),
        new("Message: comes after the answer was asked for", Late),
        new("Message: comes before the answer to the opening", BeforeTheAnswer),
        new("Message: four of the same at once on two nodes", FourAtOnce),
        new("Message: told again after the payment", ToldAgain),
        new("Message: told again after a refund", AfterRefund),
        new("Message: told again after the payment had ended", AfterEnd),
        new("Message: says paid while the gateway says open", PaidAgainstOpen),
        new("Message: says failed while the gateway says paid", FailedAgainstPaid),
        new("Message: a word nobody knows", a => Harmless(a, said => said with { Word = Word.Unheard })),
        new("Message: still under way", a => Harmless(a, said => said with { Word = Word.Open })),
        new("Message: fields that nobody knows beside those we know", MoreFields),
        new("Message: less was paid than was asked", a => Wrong(a, "wrong_amount", said => said with { Amount = said.Amount with { Minor = said.Amount.Minor - a.Step } })),
        new("Message: more was paid than was asked", a => Wrong(a, "wrong_amount", said => said with { Amount = said.Amount with { Minor = said.Amount.Minor + a.Step } })),
        new("Message: it was paid in another currency", a => Wrong(a, "wrong_currency", said => said with { Amount = new Amount(said.Amount.Minor, StatusChecks.Foreign(said.Amount.Currency)) })),
        new("Message: another piece of money for a payment that was paid", SecondMoney),
    ];

    private static async Task<Outcome> Lost(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        await a.IsUntouched(deal, payment.Id);
        (await a.Returns(payment.Id)).Must(303).Headers["Location"].ShouldBe($"/orders/{deal.Order}");
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Comes(Attempt a, object how)
    {
        await a.World.Gateway.Faults(how);
        var (deal, payment) = await a.Opened();
        await a.Partner.Declines(payment);
        await a.World.EventuallyOr("The customer was not told.", async () => (await deal.Payment(payment.Id)).FailureText is { Length: > 0 });
        var again = await a.IsLive(deal, payment.Id) ? payment : await a.Starts(deal);
        await a.Partner.Pays(again);
        await a.IsCaptured(deal, again.Id);
        await a.World.JobsAreDone();
        await a.IsCaptured(deal, again.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Late(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        await a.Asks(payment.Id);
        await a.IsCaptured(deal, payment.Id);
        (await a.Partner.Tells(new Said(payment.Id, a.Price) { Money = await a.Money(payment.Id) })).Must();
        await a.World.JobsAreDone();
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> BeforeTheAnswer(Attempt a)
    {
        var (deal, answered) = (await a.Order(), new TaskCompletionSource());
        a.Holds(Call.Create, answered.Task);
        var starts = deal.TriesToStart(phone: a.Partner.Phone());
        var id = new PaymentId(await Eventually.Get(() => a.World.Database.Value<Guid>("select id from money.payments where order_id = $1", deal.Order.Value), found => found != default, "The payment was not begun."));
        await a.World.EventuallyOr("The gateway was not asked.", async () => !a.Partner.OpensByCall || (await a.Partner.Asked(id)).Length == 1);
        try
        {
            (await a.Partner.Tells(new Said(id, a.Price))).Must();
            if (a.Partner.Believes) await deal.Becomes(id, PaymentState.Captured);
        }
        finally { answered.SetResult(); }
        var started = (await starts).OrThrow();
        await a.World.JobsAreDone();
        if (a.Partner.Believes) started.State.ShouldBe(PaymentState.Captured);
        else
        {
            (await deal.Payment(id)).State.ShouldBe(PaymentState.RequiresAction);
            await a.Partner.Visits(started);
            (await a.Partner.Asked(id)).ShouldHaveSingleItem();
            await a.Partner.Pays(started);
        }
        await a.IsCaptured(deal, id);
        return a.Partner.OpensByCall ? Outcome.Passed : Outcome.NotOffered;
    }

    private static async Task<Outcome> FourAtOnce(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        var said = new Said(payment.Id, a.Price);
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => a.Partner.Tells(said)))) answer.Must();
        await a.IsCaptured(deal, payment.Id);
        (await Kept(a, payment.Id)).ShouldBe(1);
        return Outcome.Passed;
    }

    // How many messages about a payment were kept. What is believed names its payment in its text, in the ways of the protocol; a hint names it in its row.
    internal static Task<long> Kept(Attempt a, PaymentId payment) => a.Partner.Believes
        ? a.World.Database.Count("money.webhooks where gateway = $1 and convert_from(body, 'UTF8') like '%' || $2 || '%' and proof is distinct from 'return'", a.Partner.Name, payment.ToString())
        : a.World.Database.Count("money.webhooks where payment_id = $1 and proof = 'hint'", payment.Value);

    private static async Task<Outcome> ToldAgain(Attempt a)
    {
        await a.NoMessages(); // the sandbox's own would be counted too
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        var said = new Said(payment.Id, a.Price);
        (await a.Partner.Tells(said)).Must();
        await a.IsCaptured(deal, payment.Id);
        var kept = await Kept(a, payment.Id);
        (await a.Partner.Tells(said)).Must();
        await a.World.JobsAreDone();
        (await Kept(a, payment.Id)).ShouldBe(kept);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> AfterRefund(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        var said = new Said(payment.Id, a.Price) { Money = await a.Money(payment.Id) };
        (await a.Partner.Tells(said)).Must();
        var refund = (await a.GivesBack(payment.Id)).OrThrow();
        await a.Becomes(deal, payment.Id, refund.Id, Guildhall.Money.Refunds.RefundState.Completed);
        foreach (var again in new[] { said, said with { Word = Word.Paid } }) (await a.Partner.Tells(again)).Must();
        await a.Asks(payment.Id);
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
        (await a.Partner.GivenBack(payment.Id)).ShouldBe([a.Price.Minor]);
        (await deal.Payment(payment.Id)).Refunded.ShouldBe(a.Price);
        return Outcome.Passed;
    }

    // An old message of the time when it was open, or, where messages are not believed, one that says anything.
    private static async Task<Outcome> AfterEnd(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        var said = new Said(payment.Id, a.Price, a.Partner.Believes ? Word.Open : Word.Paid);
        if (a.Partner.Believes) (await a.Partner.Tells(said)).Must();
        await a.Ends(deal, payment);
        var ended = (await deal.Payment(payment.Id)).State;
        (await a.Partner.Tells(said)).Must();
        (await a.Partner.Tells(said with { Word = Word.Failed })).Must();
        await a.World.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(ended);
        (await deal.Journals()).ShouldBe("");
        return Outcome.Passed;
    }

    private static async Task<Outcome> PaidAgainstOpen(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        var said = new Said(payment.Id, a.Price);
        // Where a signed message is the gateway's own word, only an unsigned one can be against it.
        if (a.Partner.Believes) (await a.Partner.Tells(said, Proof.None)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        else (await a.Partner.Tells(said)).Must();
        await a.IsUntouched(deal, payment.Id);
        return a.Partner.Believes ? Outcome.NotOffered : Outcome.Passed;
    }

    private static async Task<Outcome> FailedAgainstPaid(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        (await a.Partner.Tells(new Said(payment.Id, a.Price, Word.Failed))).Must();
        await a.World.JobsAreDone();
        await a.Asks(payment.Id);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Harmless(Attempt a, Func<Said, Said> odd)
    {
        var (deal, payment) = await a.Opened();
        (await a.Partner.Tells(odd(new Said(payment.Id, a.Price)))).Must();
        await a.IsUntouched(deal, payment.Id);
        await a.Partner.Pays(payment);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> MoreFields(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        (await a.Partner.Tells(new Said(payment.Id, a.Price) { More = true })).Must();
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Wrong(Attempt a, string reason, Func<Said, Said> wrong)
    {
        var (deal, payment) = await a.Opened();
        (await a.Partner.Tells(wrong(new Said(payment.Id, a.Price)))).Must();
        await a.IsUntouched(deal, payment.Id);
        (await a.SetAside(payment.Id, reason)).ShouldBe(a.Partner.Believes ? 1 : 0);
        (await a.Partner.Taken(payment.Id)).ShouldBeEmpty();
        return Outcome.Passed;
    }

    private static async Task<Outcome> SecondMoney(Attempt a)
    {
        var (deal, payment) = await a.Paid();
        (await a.Partner.Tells(new Said(payment.Id, a.Price))).Must();
        await a.World.JobsAreDone();
        (await a.SetAside(payment.Id, "second_capture")).ShouldBe(a.Partner.Believes ? 1 : 0);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }
}
