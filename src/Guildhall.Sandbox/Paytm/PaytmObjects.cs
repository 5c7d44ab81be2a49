namespace Guildhall.Sandbox.Paytm;

/// <summary>An order that may be paid at the page while its token lives. No status yet: nobody has tried. Amounts are paise.</summary>
internal sealed record PaytmOrder(
    string Id, long Amount, string Callback, string Token, DateTimeOffset TokenUntil, string? Status = null, string? Code = null, string? Says = null, string? TxnId = null,
    DateTimeOffset? At = null, long Refunded = 0);

/// <summary>A refund: pending until its time has come, then what was decided when it was accepted.</summary>
internal sealed record PaytmRefund(string RefId, string OrderId, string TxnId, long Amount, string RefundId, DateTimeOffset Ends, bool Fails);
