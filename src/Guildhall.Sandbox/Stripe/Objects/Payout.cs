using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record Payout
{
    public required string Id { get; init; }
    public string Object { get; } = "payout";
    public required long Amount { get; init; }
    public required long ArrivalDate { get; init; }
    public bool Automatic { get; } = false;
    public string? BalanceTransaction { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? Description { get; init; }
    public required string Destination { get; init; }
    public string? FailureBalanceTransaction { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureMessage { get; init; }
    public bool Livemode { get; } = false;
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string Method { get; init; } = "standard";
    public string SourceType { get; } = "card";
    public string? StatementDescriptor { get; init; }
    public required string Status { get; init; }
    public TraceId? TraceId { get; init; }
    public string Type { get; } = "bank_account";

    /// <summary>The connected account it leaves; empty for the platform's own.</summary>
    [NotOnTheWire] public required string Account { get; init; }

    [NotOnTheWire] public PayoutFault Fate { get; init; }
}

internal sealed record TraceId(string Status, string? Value);
