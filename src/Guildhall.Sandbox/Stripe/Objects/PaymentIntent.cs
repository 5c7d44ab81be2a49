using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record PaymentIntent
{
    public required string Id { get; init; }
    public string Object { get; } = "payment_intent";
    public required long Amount { get; init; }
    public long AmountCapturable { get; init; }
    public long AmountReceived { get; init; }
    public long? ApplicationFeeAmount { get; init; }
    public long? CanceledAt { get; init; }
    public string? CancellationReason { get; init; }
    public required string CaptureMethod { get; init; }
    public required string ClientSecret { get; init; }
    public string ConfirmationMethod { get; } = "automatic";
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? Customer { get; init; }
    public string? Description { get; init; }
    public PaymentError? LastPaymentError { get; init; }
    public string? LatestCharge { get; init; }
    public bool Livemode { get; } = false;
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public NextAction? NextAction { get; init; }
    public string? PaymentMethod { get; init; }
    public string[] PaymentMethodTypes { get; } = ["card"];
    public string? ReceiptEmail { get; init; }
    public string? SetupFutureUsage { get; init; }
    public string? StatementDescriptorSuffix { get; init; }
    public required string Status { get; init; }
    public string? TransferGroup { get; init; }

    /// <summary>The checkout session it was made by; empty when it was made directly.</summary>
    [NotOnTheWire] public required string Session { get; init; }
}

internal sealed record PaymentError(string Type, string Code, string? DeclineCode, string Message, string? Charge);

internal sealed record NextAction(string Type, RedirectToUrl RedirectToUrl);

internal sealed record RedirectToUrl(string Url, string? ReturnUrl);
