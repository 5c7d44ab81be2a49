using Guildhall.Money;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Certification;

/// <summary>Money that is held first, and taken or let go later.</summary>
internal static class HoldChecks
{
    // What is refused to a gateway that holds nothing.
    private static async Task<Outcome> HoldsNothing(Attempt a)
    {
        var calls = a.Listens();
        (await (await a.Order(captureLater: true)).TriesToStart(phone: a.Partner.Phone())).Refusal!.Code.ShouldBe("capture_later_not_possible");
        calls.ShouldBeEmpty();
        return Outcome.NotOffered;
    }

    private static async Task<(Deal Deal, PaymentId Payment)> Held(Attempt a)
    {
        var (deal, payment) = await a.Opened(captureLater: true);
        await a.Partner.Pays(payment);
        await deal.Becomes(payment.Id, PaymentState.Authorized);
        (await deal.Journals()).ShouldBe("");
        (await a.Partner.Taken(payment.Id)).ShouldBeEmpty();
        return (deal, payment.Id);
    }

    public static async Task<Outcome> HeldAndTaken(Attempt a)
    {
        if (!a.Can.ManualCapture) return await HoldsNothing(a);
        var (deal, payment) = await Held(a);
        (await a.Takes(payment)).OrThrow();
        await a.IsCaptured(deal, payment);
        (await a.Partner.Taken(payment)).ShouldBe([a.Price.Minor]);
        return Outcome.Passed;
    }

    public static async Task<Outcome> PartOfHeld(Attempt a)
    {
        if (!a.Can.PartialCapture)
        {
            var (deal, paid) = await a.Opened();
            (await a.Takes(paid.Id, a.Price with { Minor = a.Step })).Refusal!.Code.ShouldBe("payment_not_authorized");
            await a.IsUntouched(deal, paid.Id);
            return Outcome.NotOffered;
        }
        var (held, payment) = await Held(a);
        (await a.Takes(payment, a.Price with { Minor = a.Price.Minor + a.Step })).Refusal!.Code.ShouldBe("capture_too_large");
        var part = a.Price with { Minor = a.Price.Minor - (2 * a.Step) };
        (await a.Takes(payment, part)).OrThrow();
        await held.Becomes(payment, PaymentState.Captured);
        (await a.Partner.Taken(payment)).ShouldBe([part.Minor]);
        (await held.Now()).TotalMinor.ShouldBe(part.Minor);
        return Outcome.Passed;
    }

    public static async Task<Outcome> HeldAndLetGo(Attempt a)
    {
        if (!a.Can.Void) return await HoldsNothing(a);
        var (deal, payment) = await Held(a);
        (await VoidPayment.Run(a.World.Data(), a.World.Gateways, MoneyWorld.Staff, payment, "Not needed.", default)).OrThrow();
        await deal.Becomes(payment, PaymentState.Cancelled);
        (await a.Takes(payment)).Refusal!.Code.ShouldBe("payment_not_authorized");
        (await a.Partner.Taken(payment)).ShouldBeEmpty();
        (await deal.Journals()).ShouldBe("");
        return Outcome.Passed;
    }
}
