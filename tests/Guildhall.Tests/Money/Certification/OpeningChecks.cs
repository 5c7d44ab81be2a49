using Guildhall.Money;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Certification;

/// <summary>From the order to the page or the question on the phone, also when the line or the gateway fails.</summary>
internal static class OpeningChecks
{
    /// <summary>A currency that most gateways do not take, sent to each of them by the settings.</summary>
    public static readonly Currency Elsewhere = Currency.Of("BHD");

    public static readonly IReadOnlyList<Check> All =
    [
        new("Opening: the customer is led to the gateway, which is asked once", LedThere),
        new("Opening: exactly the amount of the order is asked for", ExactAmount),
        new("Opening: four requests at once with one key open one payment", FourAtOnce),
        new("Opening: a second attempt is refused while the first is open", SecondWhileOpen),
        new("Opening: a currency it does not take is refused before any call", OtherCurrency),
        new("Opening: an amount it cannot move is refused before any call", SmallestStep),
        new("Opening: a phone number is asked for where the customer is asked by phone, and sent nowhere else", PhoneNumber),
        new("Opening: money is held first and taken later", HoldChecks.HeldAndTaken),
        new("Opening: part of held money is taken, never more than was held", HoldChecks.PartOfHeld),
        new("Opening: held money is let go", HoldChecks.HeldAndLetGo),
        new("Opening: what the customer pays with is kept for next time", KeptMethod),
        new("Opening: a refusal by the gateway ends the attempt, and the next one pays", RefusedThere),
        new("Opening lost before it had an effect", a => Spoilt(a, Fault.Cut)),
        new("Opening lost after it had an effect", LostAfter),
        new("Opening not answered in time", a => Spoilt(a, Fault.Slow)),
        new("Opening with no connection", a => Spoilt(a, Fault.NoConnection)),
        new("Opening answered by a page of HTML", a => Spoilt(a, Fault.Html)),
        new("Opening answered by nothing", a => Spoilt(a, Fault.Empty)),
        new("Opening answered by half of an answer", a => Spoilt(a, Fault.Half)),
        new("Opening answered by 500", a => Spoilt(a, Fault.Broken)),
        new("Opening answered by 429", a => Spoilt(a, Fault.TooMany)),
        new("Opening with a key that is not taken (401)", a => Spoilt(a, Fault.WrongKey)),
    ];

    private static async Task<Outcome> LedThere(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        (payment.RedirectUrl is null).ShouldBe(a.Can.NeedsPhone);
        (await a.Returns(payment.Id)).Must(303).Headers["Location"].ShouldBe($"/orders/{deal.Order}");
        await a.Partner.Visits(payment);
        (await a.Partner.Asked(payment.Id)).ShouldHaveSingleItem();
        await a.IsUntouched(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> ExactAmount(Attempt a)
    {
        var odd = a.Price with { Minor = a.Price.Minor + a.Step };
        var (_, payment) = await a.Opened(total: odd);
        await a.Partner.Visits(payment);
        (await a.Partner.Asked(payment.Id)).ShouldBe([odd.Minor]);
        return Outcome.Passed;
    }

    private static async Task<Outcome> FourAtOnce(Attempt a)
    {
        var (deal, operation, phone) = (await a.Order(), Guid.CreateVersion7(), a.Partner.Phone());
        await using (var gate = await Gate.Close(a.World.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value))
        {
            var tries = Enumerable.Range(0, 4).Select(i => deal.TriesToStart(i % 2, operation, phone)).ToArray();
            await gate.OpenWhenWaiting(4);
            foreach (var started in await Task.WhenAll(tries)) started.OrThrow().Id.Value.ShouldBe(operation);
        }
        await a.World.JobsAreDone();
        var payment = await deal.Payment(new PaymentId(operation));
        payment.State.ShouldBe(PaymentState.RequiresAction);
        await a.Partner.Visits(payment);
        (await a.Partner.Asked(payment.Id)).ShouldHaveSingleItem();
        await a.Partner.Pays(payment);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> SecondWhileOpen(Attempt a)
    {
        var (deal, first) = await a.Opened();
        (await deal.TriesToStart(node: 1, phone: a.Partner.Phone())).Refusal!.Code.ShouldBe("payment_in_progress");
        await a.Partner.Pays(first);
        await a.IsCaptured(deal, first.Id);
        (await deal.TriesToStart(phone: a.Partner.Phone())).Refusal!.Code.ShouldBe("order_paid");
        return Outcome.Passed;
    }

    private static async Task<Outcome> OtherCurrency(Attempt a)
    {
        var calls = a.Listens();
        var deal = await a.Order(new Amount(25_000, Elsewhere));
        var started = await deal.TriesToStart(phone: a.Partner.Phone());
        if (a.Can.Takes(Elsewhere))
        {
            (await a.Partner.Asked(started.OrThrow().Id)).ShouldBe([25_000]);
            return Outcome.NotOffered; // there is no currency that it does not take
        }
        started.Refusal!.Code.ShouldBe("currency_not_taken");
        calls.ShouldBeEmpty();
        return Outcome.Passed;
    }

    private static async Task<Outcome> SmallestStep(Attempt a)
    {
        var odd = a.Price with { Minor = a.Price.Minor + 1 };
        if (a.Step == 1)
        {
            var (_, payment) = await a.Opened(total: odd);
            await a.Partner.Visits(payment);
            (await a.Partner.Asked(payment.Id)).ShouldBe([odd.Minor]);
            return Outcome.NotOffered; // it moves every minor unit
        }
        var calls = a.Listens();
        (await (await a.Order(odd)).TriesToStart(phone: a.Partner.Phone())).Refusal!.Code.ShouldBe("amount_not_representable");
        calls.ShouldBeEmpty();
        return Outcome.Passed;
    }

    private static async Task<Outcome> PhoneNumber(Attempt a)
    {
        var calls = a.Listens();
        if (a.Can.NeedsPhone)
        {
            (await (await a.Order()).TriesToStart()).Refusal!.Code.ShouldBe("phone_needed");
            (await (await a.Order()).TriesToStart(phone: "call me")).Refusal!.Code.ShouldBe("phone_needed");
            calls.ShouldBeEmpty();
            return Outcome.Passed;
        }
        var view = await (await a.Order()).Starts(phone: "+965 5566 7788");
        (view.RedirectUrl + string.Concat(calls)).ShouldNotContain("55667788");
        return Outcome.NotOffered;
    }

    private static async Task<Outcome> KeptMethod(Attempt a)
    {
        var (deal, calls) = (await a.Order(), a.Listens());
        var started = await deal.TriesToStart(phone: a.Partner.Phone(), keep: true);
        if (!a.Can.SavedMethods)
        {
            started.Refusal!.Code.ShouldBe("saved_method_not_possible");
            calls.ShouldBeEmpty();
            return Outcome.NotOffered;
        }
        await a.Partner.Pays(started.OrThrow());
        await a.IsCaptured(deal, started.OrThrow().Id);
        await a.World.EventuallyOr("Nothing was kept.", async () => await a.World.Database.Count("money.saved_methods where account_id = $1 and gateway = $2", deal.Customer.AccountId!.Value, a.Partner.Name) == 1);
        return Outcome.Passed;
    }

    private static async Task<Outcome> RefusedThere(Attempt a)
    {
        if (!a.Partner.OpensByCall) return await OpensWithoutCall(a);
        var deal = await a.Order();
        var (status, body) = a.Partner.Refusal(Call.Create);
        a.Answers(Call.Create, body, status);
        (await deal.TriesToStart(phone: a.Partner.Phone())).Refusal!.Code.ShouldBe("gateway_refused");
        await a.Restores();
        await PaysAtTheNext(a, deal);
        return Outcome.Passed;
    }

    // Nothing is called to open: it opens though nobody is there.
    private static async Task<Outcome> OpensWithoutCall(Attempt a)
    {
        await a.Spoils(Call.Status, Fault.NoConnection);
        var (deal, payment) = await a.Opened();
        await a.Restores();
        await a.Partner.Pays(payment);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.NotOffered;
    }

    private static async Task PaysAtTheNext(Attempt a, Deal deal)
    {
        (await deal.Journals()).ShouldBe("");
        var next = await a.Starts(deal);
        await a.Partner.Pays(next);
        await a.IsCaptured(deal, next.Id);
        (await a.Partner.Taken(next.Id)).ShouldBe([a.Price.Minor]);
    }

    private static async Task<Outcome> Spoilt(Attempt a, Fault fault)
    {
        if (!a.Partner.OpensByCall) return await OpensWithoutCall(a);
        await a.Spoils(Call.Create, fault);
        return await Recovers(a, mayBeThere: false);
    }

    private static async Task<Outcome> LostAfter(Attempt a)
    {
        if (!a.Partner.OpensByCall) return await OpensWithoutCall(a);
        await a.World.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        return await Recovers(a, mayBeThere: true);
    }

    // The answer was lost: it is opened once after all and paid there, or it has failed and the next attempt pays.
    private static async Task<Outcome> Recovers(Attempt a, bool mayBeThere)
    {
        var deal = await a.Order();
        var started = await deal.TriesToStart(phone: a.Partner.Phone());
        var id = new PaymentId(await a.World.Database.Value<Guid>("select id from money.payments where order_id = $1", deal.Order.Value));
        if (started.Granted) started.OrThrow().State.ShouldBe(PaymentState.Unknown);
        else started.Refusal.Code.ShouldBe("gateway_refused");
        (await a.Integrations()).ShouldContain(shown => shown.LastError != null);
        (await a.Partner.Asked(id)).Length.ShouldBeLessThanOrEqualTo(mayBeThere ? 1 : 0);
        await a.Restores();
        // A customer who may have been asked already is not asked again: of that attempt we hear by its message or never.
        if (started.Granted) await a.Later(a.Can.OpensOnce ? 4.Minutes() : 1.Minutes(), id);
        if (started.Granted && a.Can.OpensOnce) await a.World.EventuallyOr("The attempt did not end.", async () => !await a.IsLive(deal, id));
        var now = await deal.Payment(id);
        (await a.Partner.Asked(id)).Length.ShouldBe(!started.Granted || a.Can.OpensOnce && !mayBeThere ? 0 : 1);
        if (now.State is PaymentState.RequiresAction)
        {
            await a.Partner.Pays(now);
            await a.IsCaptured(deal, id);
            (await a.Partner.Taken(id)).ShouldBe([a.Price.Minor]);
        }
        else
        {
            now.State.ShouldBeOneOf(PaymentState.Failed, PaymentState.Expired);
            await PaysAtTheNext(a, deal);
        }
        return Outcome.Passed;
    }
}
