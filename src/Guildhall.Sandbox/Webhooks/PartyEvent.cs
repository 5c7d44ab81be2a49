namespace Guildhall.Sandbox.Webhooks;

/// <summary>An event of another party than Stripe, delivered as Stripe's are. <c>To</c>: the address that the request named, null for the one of the settings.
/// <c>Signed</c>: the signature when it was made with the event, null when it is made at each delivery.</summary>
internal sealed record PartyEvent(string Id, string Party, string? To, string Body, string? Signed = null)
{
    public const string PayPal = "paypal", MyFatoorah = "myfatoorah", SendGrid = "sendgrid", Sns = "sns";
}
