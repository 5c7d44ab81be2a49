using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

internal static class ChargeCard
{
    private const int DaysUntilReleased = 7;

    /// <summary>Takes the money, or with manual capture only holds it.</summary>
    public static PaymentIntent Succeed(World world, PaymentIntent intent, bool authenticated, int silenceSeconds = 0)
    {
        MakeMethod.Keep(world, intent);
        var held = intent.CaptureMethod == "manual";
        var charge = Make(world, intent, authenticated) with
        {
            Paid = true,
            Status = "succeeded",
            Outcome = new ChargeOutcome("approved_by_network", null, "Payment complete.", "authorized"),
        };
        var paid = intent with
        {
            LatestCharge = charge.Id,
            LastPaymentError = null,
            NextAction = null,
            Status = "requires_capture",
            AmountCapturable = intent.Amount,
        };
        if (!held) return Capture(world, paid, charge, intent.Amount, silenceSeconds);

        world.Charges.Put(charge);
        world.Intents.Put(paid);
        world.Agenda.Set(new(TimerKind.CancelUncaptured, intent.Id, (world.Faults.HoldMinutes > 0 ? world.Now.AddMinutes(world.Faults.HoldMinutes) : world.Now.AddDays(DaysUntilReleased)).ToUnixTimeMilliseconds()));
        Emit.Event(world, "payment_intent.amount_capturable_updated", paid, delaySeconds: silenceSeconds);
        return paid;
    }

    public static PaymentIntent Capture(World world, PaymentIntent intent, Charge charge, long amount, int silenceSeconds = 0)
    {
        var taken = charge with
        {
            Captured = true,
            AmountCaptured = amount,
            Metadata = intent.Metadata,
            BalanceTransaction = FindBalanceTransaction.IdFor(charge.Id),
        };
        var captured = intent with { Status = "succeeded", AmountCapturable = 0, AmountReceived = amount };
        world.Charges.Put(taken);
        world.Intents.Put(captured);
        world.Agenda.Cancel(TimerKind.CancelUncaptured, intent.Id);
        MoveBalance.By(world, MoveBalance.Platform, intent.Currency, amount - MoveBalance.Fee(amount));
        Emit.Event(world, "payment_intent.succeeded", captured, delaySeconds: silenceSeconds);
        return captured;
    }

    public static void Fail(World world, PaymentIntent intent, Card card)
    {
        var charge = Make(world, intent, authenticated: false) with
        {
            Status = "failed",
            FailureCode = card.Code,
            FailureMessage = card.Message,
            Outcome = new ChargeOutcome(
                "declined_by_network", card.DeclineCode, "The bank did not return any further details.", "issuer_declined"),
        };
        var failed = intent with
        {
            Status = "requires_payment_method",
            LatestCharge = charge.Id,
            NextAction = null,
            LastPaymentError = new PaymentError("card_error", card.Code, card.DeclineCode, card.Message, charge.Id),
        };
        world.Charges.Put(charge);
        world.Intents.Put(failed);
        Emit.Event(world, "payment_intent.payment_failed", failed);
    }

    private static CardOfMethod CardOf(World world, PaymentIntent intent) =>
        world.Methods.Find(intent.PaymentMethod ?? "")?.Card ?? new CardOfMethod("visa", "US", 12, 2034, "", "credit", PaymentMethod.Never);

    private static Charge Make(World world, PaymentIntent intent, bool authenticated) => Make(world, intent, CardOf(world, intent), authenticated);

    private static Charge Make(World world, PaymentIntent intent, CardOfMethod card, bool authenticated) => new()
    {
        Id = Ids.New("ch_"),
        Amount = intent.Amount,
        Created = world.UnixNow,
        Currency = intent.Currency,
        Customer = intent.Customer,
        Description = intent.Description,
        Metadata = intent.Metadata,
        Outcome = new ChargeOutcome("not_sent_to_network", null, "", "invalid"),
        PaymentIntent = intent.Id,
        PaymentMethod = intent.PaymentMethod!,
        PaymentMethodDetails = new PaymentMethodDetails(
            new CardDetails(
                card.Brand, card.Country, (int)card.ExpMonth, (int)card.ExpYear, card.Funding, card.Last4,
                authenticated ? new ThreeDSecure("challenge", "authenticated", "2.2.0") : null)),
        ReceiptEmail = intent.ReceiptEmail,
        Status = "pending",
        TransferGroup = intent.TransferGroup,
    };
}
