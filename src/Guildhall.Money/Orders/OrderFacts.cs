using Guildhall.Foundation;
using Guildhall.Foundation.Facts;
using Guildhall.Money.Payments;

namespace Guildhall.Money.Orders;

/// <summary>Money for the order has been captured, or it costs nothing and <c>Payment</c> is null: the subject may be delivered. Told once per order, inside the settling transaction, with the
/// order and its payment guard locked. A reaction that cannot deliver asks for the refund.</summary>
public sealed record OrderPaid(OrderId Order, string Purpose, Guid Subject, PaymentId? Payment, Amount Amount) : IFact;

/// <summary>Money for the order is held and can be taken, at most until then: told in the transaction that records it. Nothing is paid yet.</summary>
public sealed record OrderAuthorized(OrderId Order, string Purpose, Guid Subject, PaymentId Payment, Amount Amount, DateTimeOffset Until) : IFact;

/// <summary>What was held for the order was let go or ran out; nothing of it was taken.</summary>
public sealed record OrderAuthorizationEnded(OrderId Order, string Purpose, Guid Subject, PaymentId Payment, Amount Amount, PaymentState How) : IFact;

/// <summary>A refund of the order was accepted: told in the transaction that takes the money out of escrow. <c>InFull</c>: nothing is left.</summary>
public sealed record OrderRefunded(OrderId Order, string Purpose, Guid Subject, Amount Amount, bool InFull) : IFact;

/// <summary>A refund that was told by <see cref="OrderRefunded"/> has failed, perhaps after it was completed: the money is back where it was. Told in the transaction that books it.
/// <c>Part</c>: what of the order it gave back, as named when it was asked for.</summary>
public sealed record OrderRefundFailed(OrderId Order, string Purpose, Guid Subject, Amount Amount, Guid? Part = null) : IFact;

/// <summary>The gateway confirmed that the refund reached the customer.</summary>
public sealed record RefundCompleted(OrderId Order, string Purpose, Guid Subject, Guid Customer, Amount Amount, string Reason) : IFact;

/// <summary>The customer's card or method was refused; the payment page may still be open for another try.</summary>
public sealed record OrderPaymentFailed(OrderId Order, string Purpose, Guid Subject, Guid Customer, string Reason, string Gateway) : IFact;
