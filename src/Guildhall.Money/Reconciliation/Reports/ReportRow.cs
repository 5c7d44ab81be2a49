using Guildhall.Foundation;

namespace Guildhall.Money.Reconciliation;

/// <summary>What a row of a report is. The last two are of banks.</summary>
public enum ReportKind { Charge, Refund, RefundBack, Payout, PayoutBack, Dispute, DisputeBack, Fee, Settlement, SettlementBack, Other, Credit, Debit }

/// <summary>One row of a gateway's report or a bank's statement, in minor units; positive is for us. Net is gross less fee, always.</summary>
/// <param name="ExternalId">The reporter's own id of the row; null when it gives none, then the row's content is its identity.</param>
/// <param name="At">When it happened there.</param>
/// <param name="ArrivesOn">The day its money is ours, or, of a payout to our bank, the day it should arrive.</param>
/// <param name="Ours">The ids of ours that it names; several when the reporter has merged our rows into one.</param>
/// <param name="GatewayRef">What the gateway calls the payment, refund, transfer or payout of this row; of a bank's row the end-to-end id.</param>
/// <param name="Batch">The gateway's payout to our bank that this row is part of.</param>
public sealed record ReportRow(string? ExternalId, ReportKind Kind, Amount Gross, Amount Fee, DateTimeOffset At, DateOnly? ArrivesOn, IReadOnlyList<Guid> Ours,
    string? GatewayRef, string? Batch, string? Text)
{
    public Amount Net => Gross - Fee;
}

/// <summary>What a report says of one currency besides its rows.</summary>
public sealed record StatedBalance(Amount? Opening, Amount? Closing);

/// <summary>A report could not be read: at which row, and why, without repeating what stood there.</summary>
internal sealed class ReportUnreadableException(long row, string why) : Exception($"Row {row}: {why}")
{
    public long Row { get; } = row;
    public string Why { get; } = why;
}
