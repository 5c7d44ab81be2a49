using System.Globalization;

namespace Guildhall.Sandbox.MyFatoorah;

/// <summary>An invoice and every try to pay it.</summary>
internal sealed record MyFatoorahInvoice
{
    public required string InvoiceId { get; init; }
    public required string PaymentId { get; init; }
    public required long Minor { get; init; }
    public required string Currency { get; init; }
    public string? ExternalIdentifier { get; init; }
    public string? CustomerReference { get; init; }
    public required long Ends { get; init; }
    public required string Redirection { get; init; }
    public string? Webhook { get; init; }
    public string Status { get; init; } = "PENDING";
    public IReadOnlyList<MyFatoorahTry> Tries { get; init; } = [];
    public long RefundedMinor { get; init; }

    public MyFatoorahTry? Last => Tries.Count == 0 ? null : Tries[^1];

    public static string Text(long minor, string currency)
    {
        var (scale, decimals) = currency is "KWD" or "BHD" or "OMR" or "JOD" ? (1000L, 3) : (100L, 2);
        return $"{(minor / scale).ToString(CultureInfo.InvariantCulture)}.{(minor % scale).ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0')}";
    }
}

internal sealed record MyFatoorahTry(string PaymentId, string Status, string? ErrorCode = null, string? Error = null);

/// <summary>A refund as their finance sees it: Pending, then Refunded or Canceled.</summary>
internal sealed record MyFatoorahRefund(string RefundId, string RefundReference, string InvoiceId, long Minor, string Currency, string Status, string? Webhook, string? ExternalIdentifier);
