using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>Where the customer's browser goes after a submit; nothing means the page stays and tells.</summary>
internal static class NextAddress
{
    public static string? For(CheckoutSession session, PayAnswer answer, string authenticationPage) => answer switch
    {
        PayAnswer.Paid or PayAnswer.Processing or PayAnswer.AlreadyPaid =>
            session.SuccessUrl!.Replace("{CHECKOUT_SESSION_ID}", session.Id, StringComparison.Ordinal),
        PayAnswer.Abandoned => session.CancelUrl,
        PayAnswer.NeedsAuthentication => authenticationPage,
        PayAnswer.Declined or PayAnswer.NoAnswer or PayAnswer.Expired => null,
    };
}
