using Guildhall.Foundation;

namespace Guildhall.Money;

/// <summary>Id of an order, <c>ord_…</c>.</summary>
public readonly record struct OrderId(Guid Value) : IId<OrderId>
{
    public static string Prefix => "ord";
    public static OrderId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out OrderId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a payment, <c>pay_…</c>.</summary>
public readonly record struct PaymentId(Guid Value) : IId<PaymentId>
{
    public static string Prefix => "pay";
    public static PaymentId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out PaymentId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a payment method that is kept for a customer, <c>pmt_…</c>.</summary>
public readonly record struct SavedMethodId(Guid Value) : IId<SavedMethodId>
{
    public static string Prefix => "pmt";
    public static SavedMethodId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out SavedMethodId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a capture of held money, <c>cap_…</c>.</summary>
public readonly record struct CaptureId(Guid Value) : IId<CaptureId>
{
    public static string Prefix => "cap";
    public static CaptureId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out CaptureId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a refund, <c>ref_…</c>.</summary>
public readonly record struct RefundId(Guid Value) : IId<RefundId>
{
    public static string Prefix => "ref";
    public static RefundId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out RefundId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a withdrawal, <c>wdr_…</c>.</summary>
public readonly record struct WithdrawalId(Guid Value) : IId<WithdrawalId>
{
    public static string Prefix => "wdr";
    public static WithdrawalId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out WithdrawalId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a payout, <c>pot_…</c>.</summary>
public readonly record struct PayoutId(Guid Value) : IId<PayoutId>
{
    public static string Prefix => "pot";
    public static PayoutId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out PayoutId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a batch of payouts, <c>pba_…</c>.</summary>
public readonly record struct PayoutBatchId(Guid Value) : IId<PayoutBatchId>
{
    public static string Prefix => "pba";
    public static PayoutBatchId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out PayoutBatchId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a payout destination, <c>dst_…</c>.</summary>
public readonly record struct DestinationId(Guid Value) : IId<DestinationId>
{
    public static string Prefix => "dst";
    public static DestinationId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out DestinationId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a proposal that needs a second person, <c>apv_…</c>.</summary>
public readonly record struct ApprovalId(Guid Value) : IId<ApprovalId>
{
    public static string Prefix => "apv";
    public static ApprovalId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ApprovalId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a fee rule, <c>fee_…</c>.</summary>
public readonly record struct FeeRuleId(Guid Value) : IId<FeeRuleId>
{
    public static string Prefix => "fee";
    public static FeeRuleId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out FeeRuleId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a reconciliation run, <c>rec_…</c>.</summary>
public readonly record struct ReconciliationId(Guid Value) : IId<ReconciliationId>
{
    public static string Prefix => "rec";
    public static ReconciliationId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ReconciliationId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of something that does not agree, <c>exc_…</c>.</summary>
public readonly record struct MismatchId(Guid Value) : IId<MismatchId>
{
    public static string Prefix => "exc";
    public static MismatchId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out MismatchId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of an exchange rate, <c>fxr_…</c>.</summary>
public readonly record struct RateId(Guid Value) : IId<RateId>
{
    public static string Prefix => "fxr";
    public static RateId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out RateId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a conversion, <c>cnv_…</c>.</summary>
public readonly record struct ConversionId(Guid Value) : IId<ConversionId>
{
    public static string Prefix => "cnv";
    public static ConversionId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ConversionId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of an invoice, credit note or receipt, <c>inv_…</c>.</summary>
public readonly record struct InvoiceId(Guid Value) : IId<InvoiceId>
{
    public static string Prefix => "inv";
    public static InvoiceId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out InvoiceId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
