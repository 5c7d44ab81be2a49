namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record Refund
{
    public required string Id { get; init; }
    public string Object { get; } = "refund";
    public required long Amount { get; init; }
    public string? BalanceTransaction { get; init; }
    public required string Charge { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? FailureBalanceTransaction { get; init; }
    public string? FailureReason { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public required string PaymentIntent { get; init; }
    public string? PendingReason { get; init; }
    public string? Reason { get; init; }
    public string? ReceiptNumber { get; }
    public required string Status { get; init; }
}
