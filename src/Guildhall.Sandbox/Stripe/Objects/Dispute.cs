namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record Dispute
{
    public required string Id { get; init; }
    public string Object { get; } = "dispute";
    public required long Amount { get; init; }
    public BalanceTransaction[] BalanceTransactions { get; init; } = [];
    public required string Charge { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public IReadOnlyDictionary<string, string> Evidence { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public required EvidenceDetails EvidenceDetails { get; init; }
    public bool IsChargeRefundable { get; init; }
    public bool Livemode { get; } = false;
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public required string PaymentIntent { get; init; }
    public required string Reason { get; init; }
    public required string Status { get; init; }
}

internal sealed record EvidenceDetails(long? DueBy, bool HasEvidence, bool PastDue, int SubmissionCount);
