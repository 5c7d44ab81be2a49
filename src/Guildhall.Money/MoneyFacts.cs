using Guildhall.Foundation;
using Guildhall.Foundation.Facts;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Refunds;

namespace Guildhall.Money;

/// <summary>A payment came into this state: told in the transaction that makes it true, with its order and payment locked.
/// <c>Amount</c> is what was captured, else what was asked for.</summary>
public sealed record PaymentChanged(PaymentId Payment, OrderId Order, Amount Amount, PaymentState State) : IFact;

/// <summary>A refund was accepted (pending), has reached the customer (completed) or has failed: told with its order locked.</summary>
public sealed record RefundChanged(RefundId Refund, PaymentId Payment, OrderId Order, Amount Amount, RefundState State, string Reason) : IFact;

/// <summary>A payout came into this state: told with its withdrawal locked.</summary>
public sealed record PayoutChanged(PayoutId Payout, WithdrawalId Withdrawal, Guid Provider, Amount Amount, PayoutState State, string? Reason) : IFact;
