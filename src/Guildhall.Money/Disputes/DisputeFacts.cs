using Guildhall.Foundation;
using Guildhall.Foundation.Facts;

namespace Guildhall.Money.Disputes;

/// <summary>A dispute is new or its state changed, told in the transaction that makes it true.</summary>
public sealed record DisputeChanged(DisputeId Dispute, OrderId Order, PaymentId Payment, Guid Provider, Amount Amount, DisputeState State, bool IsNew, DateTimeOffset? DueAt) : IFact;
