namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record Charge
{
    public required string Id { get; init; }
    public string Object { get; } = "charge";
    public required long Amount { get; init; }
    public long AmountCaptured { get; init; }
    public long AmountRefunded { get; init; }
    public string? BalanceTransaction { get; init; }
    public bool Captured { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? Customer { get; init; }
    public string? Description { get; init; }
    public bool Disputed { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureMessage { get; init; }
    public bool Livemode { get; } = false;
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public required ChargeOutcome Outcome { get; init; }
    public bool Paid { get; init; }
    public required string PaymentIntent { get; init; }
    public required string PaymentMethod { get; init; }
    public required PaymentMethodDetails PaymentMethodDetails { get; init; }
    public string? ReceiptEmail { get; init; }
    public bool Refunded { get; init; }
    public required string Status { get; init; }
    public string? TransferGroup { get; init; }
}

internal sealed record ChargeOutcome(string NetworkStatus, string? Reason, string SellerMessage, string Type);

internal sealed record PaymentMethodDetails(CardDetails Card)
{
    public string Type { get; } = "card";
}

internal sealed record CardDetails(
    string Brand, string Country, int ExpMonth, int ExpYear, string Funding, string Last4, ThreeDSecure? ThreeDSecure);

internal sealed record ThreeDSecure(string AuthenticationFlow, string Result, string Version);
