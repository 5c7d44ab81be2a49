using Guildhall.Money;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Certification;

/// <summary>The question how a payment stands, answered badly, by nobody, or about something else. Nothing is booked by it, and the next good answer is taken.</summary>
internal static class StatusChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("Asking: the line is cut", a => Spoilt(a, Fault.Cut)),
        new("Asking: no answer in time", a => Spoilt(a, Fault.Slow)),
        new("Asking: no connection", a => Spoilt(a, Fault.NoConnection)),
        new("Asking: a page of HTML", a => Spoilt(a, Fault.Html)),
        new("Asking: nothing", a => Spoilt(a, Fault.Empty)),
        new("Asking: half of an answer", a => Spoilt(a, Fault.Half)),
        new("Asking: 500", a => Spoilt(a, Fault.Broken)),
        new("Asking: 429", a => Spoilt(a, Fault.TooMany)),
        new("Asking: the key is not taken (401)", a => Spoilt(a, Fault.WrongKey)),
        new("Asking: a word nobody knows", a => Odd(a, (said, _) => said with { Word = Word.Unheard })),
        new("Asking: the answer is about another payment", a => Odd(a, (said, other) => said with { About = other })),
        new("Asking: fields that nobody knows beside those we know", MoreFields),
        new("Asking: a number where a text is expected, or the other way round", OtherKind),
        new("Asking: less was paid than was asked", a => OtherAmount(a, -1)),
        new("Asking: more was paid than was asked", a => OtherAmount(a, 1)),
        new("Asking: it was paid in another currency", OtherCurrency),
        new("Asking: what Integrations shows after a wrong key, and after its cure", Integrations),
    ];

    // Paid over there, and no message comes.
    private static async Task<(Deal Deal, PaymentView Payment)> PaidInSilence(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        return (deal, payment);
    }

    private static async Task<Outcome> GoesOn(Attempt a, Deal deal, PaymentId payment)
    {
        await a.Restores();
        await a.Asks(payment);
        await a.IsCaptured(deal, payment);
        (await a.Partner.Taken(payment)).ShouldBe([a.Price.Minor]);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Spoilt(Attempt a, Fault fault)
    {
        var (deal, payment) = await PaidInSilence(a);
        var since = TimeProvider.System.GetUtcNow();
        await a.Spoils(Call.Status, fault);
        await a.Asks(payment.Id);
        await a.IsUntouched(deal, payment.Id);
        if (fault is not Fault.NoConnection) a.Spoilt.ShouldBeGreaterThan(0);
        (await a.Integrations()).ShouldContain(shown => shown.LastError != null && shown.LastFailure >= since);
        return await GoesOn(a, deal, payment.Id);
    }

    private static async Task<Outcome> Odd(Attempt a, Func<Said, PaymentId, Said> odd)
    {
        var (other, waiting) = await a.Opened();
        var (deal, payment) = await PaidInSilence(a);
        // Asked about this one, the answer speaks of the other.
        a.Answers(Call.Status, await a.Partner.Status(odd(new Said(payment.Id, a.Price), waiting.Id)));
        await a.Asks(payment.Id);
        a.Spoilt.ShouldBeGreaterThan(0);
        await a.IsUntouched(deal, payment.Id);
        await a.IsUntouched(other, waiting.Id);
        return await GoesOn(a, deal, payment.Id);
    }

    private static async Task<Outcome> MoreFields(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        a.Answers(Call.Status, await a.Partner.Status(new Said(payment.Id, a.Price) { More = true }));
        await a.Asks(payment.Id);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    // Read rightly or not at all, never as another amount.
    private static async Task<Outcome> OtherKind(Attempt a)
    {
        var (deal, payment) = await PaidInSilence(a);
        a.Answers(Call.Status, await a.Partner.Status(new Said(payment.Id, a.Price) { OtherKind = true }));
        await a.Asks(payment.Id);
        a.Spoilt.ShouldBeGreaterThan(0);
        if ((await deal.Payment(payment.Id)).State is not PaymentState.Captured) return await GoesOn(a, deal, payment.Id);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> OtherAmount(Attempt a, int steps)
    {
        var (deal, payment) = await a.Opened();
        var other = a.Price with { Minor = a.Price.Minor + (steps * a.Step) };
        a.Answers(Call.Status, await a.Partner.Status(new Said(payment.Id, other)));
        await a.Asks(payment.Id);
        return await IsSetAside(a, a.Partner.TellsAmount, deal, payment.Id, "wrong_amount");
    }

    private static async Task<Outcome> OtherCurrency(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        a.Answers(Call.Status, await a.Partner.Status(new Said(payment.Id, new Amount(a.Price.Minor, Foreign(a.Price.Currency)))));
        await a.Asks(payment.Id);
        return await IsSetAside(a, a.Partner.TellsCurrency, deal, payment.Id, "wrong_currency");
    }

    /// <summary>Another currency of as many decimals.</summary>
    public static Currency Foreign(Currency currency) => Currency.Of(currency.Exponent == 3 ? "BHD" : currency.Code is "EUR" ? "USD" : "EUR");

    private static async Task<Outcome> IsSetAside(Attempt a, bool told, Deal deal, PaymentId payment, string reason)
    {
        a.Spoilt.ShouldBeGreaterThan(0);
        if (!told)
        {
            await a.IsCaptured(deal, payment); // its answer has no such field, and one that is there all the same is not read
            return Outcome.NotOffered;
        }
        await a.IsUntouched(deal, payment);
        (await a.SetAside(payment, reason)).ShouldBe(1);
        await a.Asks(payment);
        (await a.SetAside(payment, reason)).ShouldBe(1);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Integrations(Attempt a)
    {
        var (deal, payment) = await PaidInSilence(a);
        await a.Spoils(Call.Status, Fault.WrongKey);
        for (var i = 0; i < 3; i++) await a.Asks(payment.Id);
        (await a.Integrations()).ShouldContain(shown => shown.State == "degraded" || shown.State == "down");
        await a.Restores();
        await a.Asks(payment.Id);
        await a.IsCaptured(deal, payment.Id);
        (await a.Integrations()).ShouldContain(shown => shown.State == "sandbox");
        return Outcome.Passed;
    }
}
