using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Money.Payouts;

namespace Guildhall.Money.Withdrawals;

/// <summary>pending → approved → processing → completed; or rejected, cancelled, failed, unknown (the answer was lost), returned (after completed). An
/// approved one may be held before it is sent.</summary>
public enum WithdrawalState { Pending, Approved, Rejected, Cancelled, Processing, Unknown, Completed, Failed, Returned }

/// <summary>A withdrawal as the API shows it. <c>Revision</c> is what a decision is bound to; <c>Net</c> is what the bank gets; <c>Held</c> is why an
/// approved one is not sent; <c>FirstApprovedAt</c> says that one of two people has approved.</summary>
public sealed record WithdrawalView(WithdrawalId Id, Guid ProviderId, Amount Amount, Amount Fee, Amount Net, WithdrawalState State, string Says, string Destination, int Revision,
    DateTimeOffset RequestedAt, DateTimeOffset? FirstApprovedAt, DateTimeOffset? DecidedAt, string? Reason, Hold? Held, string? Rail, PayoutId? Payout, string? PayoutReference);

internal sealed record Withdrawal(WithdrawalId Id, Guid ProviderId, Guid RequestedBy, Currency Currency, long Minor, long FeeMinor, WithdrawalState State, int Revision, DateTimeOffset RequestedAt,
    Guid? FirstBy, DateTimeOffset? FirstAt, DateTimeOffset? DecidedAt, string? Reason, Hold? HeldCode, string Hint, DestinationKind Kind, PayoutId? PayoutId, string? Rail, string? PayoutReference, string? FailureText)
{
    public Amount Amount => new(Minor, Currency);

    public Amount Fee => new(FeeMinor, Currency);

    public Amount Net => Amount - Fee;

    public WithdrawalView ToView() => new(Id, ProviderId, Amount, Fee, Net, State, Says, Hint, Revision, RequestedAt, FirstAt, DecidedAt, Reason, HeldCode, Rail, PayoutId, PayoutReference);

    private string Says => State switch
    {
        WithdrawalState.Pending => "Waiting for approval by our staff. The amount is reserved from your balance.",
        WithdrawalState.Approved when HeldCode is { } held => "Approved, but not sent yet: " + Holds.Says(held),
        WithdrawalState.Approved => "Approved. The transfer is being prepared.",
        WithdrawalState.Rejected => $"Rejected: {Reason} The amount is back in your balance.",
        WithdrawalState.Cancelled => "Cancelled by you. The amount is back in your balance.",
        WithdrawalState.Processing when Kind != DestinationKind.Bank => "On its way to you.",
        WithdrawalState.Processing => "On its way to your bank.",
        WithdrawalState.Unknown when Kind != DestinationKind.Bank => "The other side has not answered yet. We keep asking; it will not be paid twice.",
        WithdrawalState.Unknown => "The bank's side has not answered yet. We keep asking; it will not be paid twice.",
        WithdrawalState.Completed => "Paid out.",
        WithdrawalState.Failed => $"The transfer failed: {FailureText} The amount is back in your balance.",
        WithdrawalState.Returned when Kind != DestinationKind.Bank => $"The transfer came back: {FailureText} The amount is back in your balance. Check where your money goes.",
        WithdrawalState.Returned => $"Your bank returned the transfer: {FailureText} The amount is back in your balance. Check your bank details.",
    };
}

internal static class WithdrawalRows
{
    public const string Select = """
        select w.id, w.provider_id, w.requested_by, w.currency, w.minor, w.fee_minor, w.state, w.revision, w.requested_at, w.first_by, w.first_at, w.decided_at, w.reason, w.held_code,
            d.hint, d.kind, p.id as payout_id, p.gateway as rail, p.gateway_ref as payout_reference, p.failure_text
        from money.withdrawals w join money.destinations d on d.id = w.destination_id left join money.payouts p on p.withdrawal_id = w.id
        """;

    public static Task<Withdrawal?> Find(Database database, WithdrawalId id, CancellationToken stop) => database.Find<Withdrawal>($"{Select} where w.id = @id", new { id }, stop);

    public static Task<Withdrawal?> Lock(Transaction tx, WithdrawalId id) => tx.Find<Withdrawal>($"{Select} where w.id = @id for update of w", new { id });
}
