using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Disputes;

/// <summary>As the gateway has it; accepted is lost because we gave it up. The table is in this module's README.</summary>
public enum DisputeState { WarningNeedsResponse, WarningUnderReview, WarningClosed, NeedsResponse, UnderReview, Won, Lost, Accepted, Prevented }

/// <summary>What the books say of the money a dispute took: none, held (set aside) or lost.</summary>
public enum DisputePosition { None, Held, Lost }

/// <summary>A dispute as the API shows it. <c>Taken</c> is what it took of the payment, <c>Share</c> the provider's part of that; <c>Excess</c> is what the
/// platform lost beyond it. <c>Withdrawn</c> and <c>Reinstated</c> are what the gateway moved.</summary>
public sealed record DisputeView(DisputeId Id, PaymentId PaymentId, OrderId OrderId, Guid ProviderId, Guid CustomerId, string Gateway, string GatewayReference, DisputeState State, string Says,
    string Reason, Amount Amount, DisputePosition Position, Amount Taken, Amount Share, Amount Excess, Amount Withdrawn, Amount Reinstated, Amount? Fee, string FeeBearer,
    Amount FeeCharged, DateTimeOffset? DueAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, bool AcceptAsked, bool Answered);

internal sealed record Dispute(DisputeId Id, PaymentId PaymentId, OrderId OrderId, Guid ProviderId, Guid CustomerId, string Gateway, string GatewayRef, DisputeState State, string Reason,
    Currency Currency, long Minor, DisputePosition Position, long TakenMinor, long TakenFeeMinor, long TakenTaxMinor, long ExcessMinor, long WithdrawnMinor, long ReinstatedMinor, Currency? FeeCurrency,
    long FeeMinor, long FeeReturnedMinor, string FeeBearer, long FeeChargedMinor, int Postings, int Revision, DateTimeOffset? DueAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt,
    DateTimeOffset? AcceptAskedAt, bool Answered)
{
    public Amount Of(long minor) => new(minor, Currency);
    public bool IsOpen => Disputes.IsOpen(State);

    public DisputeView ToView() => new(Id, PaymentId, OrderId, ProviderId, CustomerId, Gateway, GatewayRef, State, Disputes.Says(State), Reason, Of(Minor), Position, Of(TakenMinor),
        Of(TakenMinor - TakenFeeMinor - TakenTaxMinor), Of(ExcessMinor), Of(WithdrawnMinor), Of(ReinstatedMinor), FeeCurrency is { } fee ? new Amount(FeeMinor - FeeReturnedMinor, fee) : null, FeeBearer,
        Of(FeeChargedMinor), DueAt, OpenedAt, ClosedAt, AcceptAskedAt is not null, Answered);
}

internal static class Disputes
{
    public const string Columns = """
        d.id, d.payment_id, d.order_id, o.provider_id, o.customer_id, d.gateway, d.gateway_ref, d.state, d.reason, d.currency, d.minor, d.position, d.taken_minor, d.taken_fee_minor, d.taken_tax_minor,
        d.excess_minor, d.withdrawn_minor, d.reinstated_minor, d.fee_currency, d.fee_minor, d.fee_returned_minor, d.fee_bearer, d.fee_charged_minor, d.postings, d.revision, d.due_at,
        d.opened_at, d.closed_at, d.accept_asked_at, exists (select 1 from money.dispute_evidence e where e.dispute_id = d.id and e.state <> 'refused') as answered
        """;

    public const string From = "from money.disputes d join money.orders o on o.id = d.order_id";

    public static Task<Dispute?> Find(Database database, DisputeId id, CancellationToken stop) =>
        database.Find<Dispute>($"select {Columns} {From} where d.id = @id", new { id }, stop);

    /// <summary>The disputes of a payment, locked after its order and guard.</summary>
    public static Task<IReadOnlyList<Dispute>> LockOf(Transaction tx, PaymentId payment) =>
        tx.List<Dispute>($"select {Columns} {From} where d.payment_id = @payment order by d.id limit 50 for update of d", new { payment });

    /// <summary>Locks the order of a dispute, then the dispute. Null when there is none.</summary>
    public static async Task<Dispute?> Lock(Transaction tx, DisputeId id)
    {
        if (await tx.Find<OrderId?>("select order_id from money.disputes where id = @id", new { id }) is not { } order) return null;
        await Orders.Orders.Lock(tx, order);
        return await tx.Find<Dispute>($"select {Columns} {From} where d.id = @id for update of d", new { id });
    }

    public static bool IsOpen(DisputeState state) =>
        state is DisputeState.WarningNeedsResponse or DisputeState.WarningUnderReview or DisputeState.NeedsResponse or DisputeState.UnderReview;

    public static string Says(DisputeState state) => state switch
    {
        DisputeState.WarningNeedsResponse => "The customer's bank asks about this payment. No money was taken yet. Answer before the deadline.",
        DisputeState.WarningUnderReview => "The answer to the bank's question is being looked at. No money was taken.",
        DisputeState.WarningClosed => "The bank's question ended without a dispute.",
        DisputeState.NeedsResponse => "The customer disputes this payment. The amount is set aside. Answer before the deadline.",
        DisputeState.UnderReview => "The answer is with the customer's bank. The amount stays set aside until it decides.",
        DisputeState.Won => "Won. The amount was given back to where it was taken from.",
        DisputeState.Lost => "Lost. The customer has the money.",
        DisputeState.Accepted => "Accepted by us. The customer has the money.",
        DisputeState.Prevented => "Ended before it became a dispute. No money was taken.",
    };
}
