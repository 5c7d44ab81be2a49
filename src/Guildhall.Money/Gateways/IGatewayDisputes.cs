using Guildhall.Foundation;

namespace Guildhall.Money.Gateways;

/// <summary>Disputes at a gateway. What a gateway says of a dispute is the whole truth of that moment: state and the sums of all that it has taken
/// and given back, so that it can be told in any order and any number of times.</summary>
public interface IGatewayDisputes
{
    /// <summary>Name of the gateway whose disputes these are.</summary>
    string Gateway { get; }

    /// <summary>The dispute as it stands, with our id of its payment when the gateway knows it.</summary>
    Task<GatewayAnswer<DisputeFact>> Fetch(string reference, CancellationToken stop);

    /// <summary>Every dispute that was opened since then, as it stands.</summary>
    Task<GatewayAnswer<IReadOnlyList<DisputeFact>>> OpenedSince(DateTimeOffset time, CancellationToken stop);

    /// <summary>How long after it was opened a dispute may still change.</summary>
    TimeSpan MayChangeFor => TimeSpan.FromDays(180);

    /// <summary>Submits the answer, marked with our id of it; the gateway deduplicates by that id.</summary>
    Task<GatewayAnswer<DisputeFact>> Submit(string reference, EvidenceId evidence, DisputeEvidence fields, CancellationToken stop);

    /// <summary>Gives the dispute up: it is lost then.</summary>
    Task<GatewayAnswer<DisputeFact>> Accept(string reference, DisputeId dispute, CancellationToken stop);
}

/// <summary>What speaks for the sale, as text. Null is left out.</summary>
public sealed record DisputeEvidence(string? ServiceDescription = null, string? ServiceDate = null, string? CustomerCommunication = null, string? ActivityLog = null,
    string? RefundPolicy = null, string? RefundRefusal = null, string? Other = null)
{
    internal IReadOnlyList<string?> All => [ServiceDescription, ServiceDate, CustomerCommunication, ActivityLog, RefundPolicy, RefundRefusal, Other];
}

public enum DisputeFactState { WarningNeedsResponse, WarningUnderReview, WarningClosed, NeedsResponse, UnderReview, Won, Lost, Prevented }

/// <summary>About a dispute, named by the gateway's id. Withdrawn and reinstated are totals so far, in the currency of the amount; the fees too, in the
/// fee's own. <c>Evidence</c> is our id of the submitted answer.</summary>
public sealed record DisputeFact(string Reference, string? GatewayPayment, PaymentId? Payment, DisputeFactState State, Amount Amount, string Reason, DateTimeOffset OpenedAt,
    DateTimeOffset? DueAt, Amount Withdrawn, Amount Reinstated, Amount? Fee = null, Amount? FeeReturned = null, EvidenceId? Evidence = null) : GatewayFact;
