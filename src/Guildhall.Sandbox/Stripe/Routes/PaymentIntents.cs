using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class PaymentIntents
{
    public static void Map(StripeApi api)
    {
        api.Get("/v1/payment_intents", call => Page.Of(
            call.Form, "/v1/payment_intents", after => call.World.Intents.NewestFirst(call.Form.Text("customer") is { } customer ? $"customer:{customer}" : null, after), intent => intent.Created));
        api.Get("/v1/payment_intents/{id}", call => Find(call));
        api.Post("/v1/payment_intents/{id}", Update, "metadata", "description", "receipt_email", "transfer_group");
        api.Post(
            "/v1/payment_intents/{id}/capture", Capture,
            "amount_to_capture", "application_fee_amount", "final_capture", "metadata", "statement_descriptor_suffix", "transfer_data");
        api.Post("/v1/payment_intents/{id}/cancel", Cancel, "cancellation_reason");
        api.Get("/v1/charges/{id}", call => call.World.Charges.Find(call.Id) ?? throw StripeRefusal.NoSuch("charge", call.Id, "charge"));
    }

    private static object Update(StripeCall call)
    {
        var intent = Merge(Find(call), call.Form);
        intent = intent with
        {
            Description = call.Form.Text("description") ?? intent.Description,
            ReceiptEmail = call.Form.Text("receipt_email") ?? intent.ReceiptEmail,
            TransferGroup = call.Form.Text("transfer_group") ?? intent.TransferGroup,
        };
        call.World.Intents.Put(intent);
        return intent;
    }

    private static object Capture(StripeCall call)
    {
        var intent = Find(call);
        if (intent.Status != "requires_capture") throw Unexpected(intent, "captured", "requires_capture");
        var amount = call.Form.Integer("amount_to_capture") ?? intent.AmountCapturable;
        Currencies.CheckAmount(amount, intent.Currency, "amount_to_capture");
        if (amount > intent.AmountCapturable)
        {
            throw StripeRefusal.State(
                "amount_too_large", "The amount to capture is greater than the amount that can be captured.", "amount_to_capture", intent);
        }

        var captured = ChargeCard.Capture(call.World, Merge(intent, call.Form), call.World.Charges.Find(intent.LatestCharge!)!, amount);
        if (call.World.Sessions.Find(intent.Session) is { } session) call.World.Sessions.Put(session with { PaymentStatus = "paid" });
        return captured;
    }

    private static object Cancel(StripeCall call)
    {
        var intent = Find(call);
        var reason = call.Form.OneOf("cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        if (intent.Status == "requires_capture") return CancelIntent.Run(call.World, intent, reason, call);
        if (intent.Status is not ("requires_payment_method" or "requires_action")) throw Unexpected(intent, "canceled", "requires_capture");
        if (intent.Session.Length == 0) return CancelIntent.Run(call.World, intent, reason, call);
        throw StripeRefusal.State(
            "payment_intent_unexpected_state",
            "This PaymentIntent was created by a Checkout Session. While the session is open, expire the session to cancel it.",
            intent: intent);
    }

    private static PaymentIntent Find(StripeCall call) =>
        call.World.Intents.Find(call.Id) ?? throw StripeRefusal.NoSuch("payment_intent", call.Id, "intent");

    private static PaymentIntent Merge(PaymentIntent intent, Form form)
    {
        var given = form.Metadata();
        if (given.Count == 0) return intent;
        foreach (var (key, value) in intent.Metadata) given.TryAdd(key, value);
        return intent with { Metadata = given };
    }

    private static StripeRefusal Unexpected(PaymentIntent intent, string act, string needed) => StripeRefusal.State(
        "payment_intent_unexpected_state",
        $"This PaymentIntent could not be {act} because it has a status of {intent.Status}. "
        + $"Only a PaymentIntent with one of the following statuses may be {act}: {needed}.",
        intent: intent);
}
