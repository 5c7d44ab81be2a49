namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>How an issuer says no.</summary>
internal sealed record Card(string Code, string? DeclineCode, string Message)
{
    public static readonly Card Declined = new("card_declined", "generic_decline", "Your card was declined.");

    public static readonly Card AuthenticationRequired = new(
        "authentication_required", "authentication_required",
        "Your card was declined. This transaction requires authentication.");

    public static readonly Card NotAuthenticated = new(
        "payment_intent_authentication_failure", null,
        "The provided payment method has failed authentication. Provide a new payment method to attempt this payment again.");
}
