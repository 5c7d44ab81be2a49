using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>A session has no intent until the customer submits for the first time.</summary>
internal static class MakeIntent
{
    public static PaymentIntent For(World world, CheckoutSession session)
    {
        var id = Ids.New("pi_");
        return new PaymentIntent
        {
            Id = id,
            Amount = session.AmountTotal,
            ApplicationFeeAmount = session.Intent.ApplicationFeeAmount,
            CaptureMethod = session.Intent.CaptureMethod,
            ClientSecret = Ids.New(id + "_secret_"),
            Created = world.UnixNow,
            Currency = session.Currency,
            Customer = session.Customer,
            Description = session.Intent.Description,
            Metadata = session.Intent.Metadata,
            ReceiptEmail = session.Intent.ReceiptEmail,
            SetupFutureUsage = session.Intent.SetupFutureUsage,
            StatementDescriptorSuffix = session.Intent.StatementDescriptorSuffix,
            Status = "requires_payment_method",
            TransferGroup = session.Intent.TransferGroup,
            Session = session.Id,
        };
    }
}
