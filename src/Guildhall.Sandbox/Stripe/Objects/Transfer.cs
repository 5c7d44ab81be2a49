namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record Transfer
{
    public required string Id { get; init; }
    public string Object { get; } = "transfer";
    public required long Amount { get; init; }
    public long AmountReversed { get; init; }
    public string? BalanceTransaction { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? Description { get; init; }
    public required string Destination { get; init; }
    public required string DestinationPayment { get; init; }
    public bool Livemode { get; } = false;
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public bool Reversed { get; init; }
    public string? SourceTransaction { get; init; }
    public string SourceType { get; } = "card";
    public string? TransferGroup { get; init; }
    public required TransferReversals Reversals { get; init; }
}

internal sealed record TransferReversals(TransferReversal[] Data, string Url)
{
    public string Object { get; } = "list";
    public bool HasMore { get; } = false;
}

internal sealed record TransferReversal(
    string Id,
    long Amount,
    string? BalanceTransaction,
    long Created,
    string Currency,
    IReadOnlyDictionary<string, string> Metadata,
    string Transfer)
{
    public string Object { get; } = "transfer_reversal";
}
