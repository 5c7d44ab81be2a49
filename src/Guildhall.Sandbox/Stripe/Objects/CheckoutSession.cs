using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record CheckoutSession
{
    public required string Id { get; init; }
    public string Object { get; } = "checkout.session";
    public required long AmountSubtotal { get; init; }
    public required long AmountTotal { get; init; }
    public string? CancelUrl { get; init; }
    public string? ClientReferenceId { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? Customer { get; init; }
    public CustomerDetails? CustomerDetails { get; init; }
    public string? CustomerEmail { get; init; }
    public required long ExpiresAt { get; init; }
    public bool Livemode { get; } = false;
    public string? Locale { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string Mode { get; } = "payment";
    public string? PaymentIntent { get; init; }
    public string[] PaymentMethodTypes { get; } = ["card"];
    public string PaymentStatus { get; init; } = "unpaid";
    public string Status { get; init; } = "open";
    public string? SuccessUrl { get; init; }
    public string UiMode { get; } = "hosted_page";
    public string? Url { get; init; }

    [NotOnTheWire] public required LineItem[] Items { get; init; }
    [NotOnTheWire] public required IntentData Intent { get; init; }

    [NotOnTheWire] public bool IsOpen => Status == "open";
}

internal sealed record CustomerDetails(string? Email, string? Name);

internal sealed record LineItem(string Id, string Name, string? Description, long UnitAmount, long Quantity)
{
    public long AmountTotal => UnitAmount * Quantity;
}

/// <summary>What <c>payment_intent_data</c> asked for, kept until the customer submits and the intent is made.</summary>
internal sealed record IntentData(
    string CaptureMethod,
    string? Description,
    string? TransferGroup,
    string? ReceiptEmail,
    string? StatementDescriptorSuffix,
    long? ApplicationFeeAmount,
    IReadOnlyDictionary<string, string> Metadata,
    string? SetupFutureUsage = null);
