using Guildhall.Foundation;
using Guildhall.Foundation.Facts;
using Guildhall.Money.Invoices;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Refunds;

namespace Guildhall.Money;

/// <summary>A payment came into this state: told in the transaction that makes it true, with its order and payment locked.
/// <c>Amount</c> is what was captured, else what was asked for.</summary>
public sealed record PaymentChanged(PaymentId Payment, OrderId Order, Amount Amount, PaymentState State, string Gateway) : IFact;

/// <summary>A refund was accepted (pending), has reached the customer (completed) or has failed: told with its order locked.</summary>
public sealed record RefundChanged(RefundId Refund, PaymentId Payment, OrderId Order, Amount Amount, RefundState State, string Reason) : IFact;

/// <summary>A document was issued, or an invoice was paid or taken back: told with its order locked. <c>Amount</c> is that of the document; a correction takes one back and issues another.</summary>
public sealed record InvoiceChanged(InvoiceId Invoice, InvoiceKind Kind, OrderId Order, Guid Buyer, Guid Provider, Amount Amount, InvoiceState State) : IFact;

/// <summary>Part of a release is kept back until <c>ReleaseAt</c>, or has become available: told with the reserve's own row written.</summary>
public sealed record ReserveChanged(ReserveId Reserve, OrderId Order, Guid Provider, Amount Amount, bool Released, DateTimeOffset ReleaseAt) : IFact;

/// <summary>A payout came into this state: told with its withdrawal locked.</summary>
public sealed record PayoutChanged(PayoutId Payout, WithdrawalId Withdrawal, Guid Provider, Amount Amount, PayoutState State, string? Reason) : IFact;
