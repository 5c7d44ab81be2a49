using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class Refunds
{
    private const int BankSeconds = 3;

    public static void Map(StripeApi api)
    {
        api.Post(
            "/v1/refunds", Create,
            "amount", "charge", "currency", "metadata", "payment_intent", "reason", "refund_application_fee", "reverse_transfer");
        api.Get("/v1/refunds", List);
        api.Get("/v1/refunds/{id}", call => call.World.Refunds.Find(call.Id) ?? throw StripeRefusal.NoSuch("refund", call.Id));
    }

    private static object Create(StripeCall call)
    {
        var (world, form) = (call.World, call.Form);
        var reason = form.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer");
        var metadata = form.Metadata();
        var charge = FindCharge(world, form);
        var left = charge.AmountCaptured - charge.AmountRefunded;
        var asked = form.Integer("amount");
        if (asked is { } number) Currencies.CheckAmount(number, charge.Currency, "amount");
        if (left == 0) throw StripeRefusal.State("charge_already_refunded", $"Charge {charge.Id} has already been refunded.");
        var amount = asked ?? left;
        if (amount > left)
        {
            throw StripeRefusal.State(
                "amount_too_large",
                $"Refund amount ({Currencies.Format(amount, charge.Currency)}) is greater than unrefunded amount on charge "
                + $"({Currencies.Format(left, charge.Currency)})",
                "amount");
        }

        return Make(call, charge, amount, reason, metadata);
    }

    private static Refund Make(StripeCall call, Charge charge, long amount, string? reason, Dictionary<string, string> metadata)
    {
        var world = call.World;
        var fails = world.Faults.FailRefunds;
        var id = Ids.New("re_");
        var refund = new Refund
        {
            Id = id,
            Amount = amount,
            BalanceTransaction = FindBalanceTransaction.IdFor(id),
            Charge = charge.Id,
            Created = world.UnixNow,
            Currency = charge.Currency,
            Metadata = metadata,
            PaymentIntent = charge.PaymentIntent,
            PendingReason = fails ? "processing" : null,
            Reason = reason,
            Status = fails ? "pending" : "succeeded",
        };
        var refunded = charge.AmountRefunded + amount;
        charge = charge with { AmountRefunded = refunded, Refunded = refunded == charge.AmountCaptured };
        world.Refunds.Put(refund);
        world.Charges.Put(charge);
        MoveBalance.By(world, MoveBalance.Platform, refund.Currency, -amount);
        if (fails) world.Agenda.Set(new(TimerKind.FailRefund, id, world.Now.AddSeconds(BankSeconds).ToUnixTimeMilliseconds()));
        Emit.Event(world, "refund.created", refund, cause: call);
        Emit.Event(world, "charge.refunded", charge, cause: call);
        return refund;
    }

    private static object List(StripeCall call)
    {
        var key = call.Form.Text("payment_intent") is { } intent ? $"payment_intent:{intent}"
            : call.Form.Text("charge") is { } charge ? $"charge:{charge}" : null;
        return Page.Of(call.Form, "/v1/refunds", after => call.World.Refunds.NewestFirst(key, after), refund => refund.Created);
    }

    private static Charge FindCharge(World world, Form form)
    {
        if (form.Text("charge") is { } chargeId)
            return Captured(world.Charges.Find(chargeId) ?? throw StripeRefusal.NoSuch("charge", chargeId, "charge"));

        var intentId = form.Text("payment_intent")
            ?? throw StripeRefusal.Invalid(
                "One of the following params should be provided for this request: payment_intent or charge.", null);
        var intent = world.Intents.Find(intentId) ?? throw StripeRefusal.NoSuch("payment_intent", intentId, "payment_intent");
        return intent.Status == "succeeded" && world.Charges.Find(intent.LatestCharge!) is { } latest
            ? latest
            : throw StripeRefusal.State(
                null, $"This PaymentIntent ({intentId}) does not have a successful charge to refund.", intent: intent);
    }

    private static Charge Captured(Charge charge) => charge.Captured
        ? charge
        : throw StripeRefusal.State(null, $"Charge {charge.Id} has not been captured and cannot be refunded.");
}
