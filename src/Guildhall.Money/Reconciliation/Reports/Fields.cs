using System.Globalization;
using Guildhall.Foundation;

namespace Guildhall.Money.Reconciliation;

/// <summary>Reads the fields of report rows. What is not exact is refused, never rounded.</summary>
internal static class Fields
{
    private const int MaxReference = 100;
    private const int MaxText = 200;

    public static Currency Currency(long row, string? code) =>
        Foundation.Currency.TryParse(code, out var currency) ? currency : throw new ReportUnreadableException(row, "The currency is no ISO 4217 code.");

    /// <summary>Digits with a point, as gateways and banks write them: no grouping, at most as many decimals that are not zero as the currency has.</summary>
    public static Amount Amount(long row, string? text, Currency currency)
    {
        var digits = text.AsSpan().Trim();
        var negative = digits.StartsWith("-", StringComparison.Ordinal);
        if (negative || digits.StartsWith("+", StringComparison.Ordinal)) digits = digits[1..];
        var (minor, decimals, seen) = (0L, -1, 0);
        foreach (var c in digits)
        {
            if (c == '.' && decimals < 0) { decimals = 0; continue; }
            if (!char.IsAsciiDigit(c)) throw NoAmount(row);
            seen++;
            if (decimals >= currency.Exponent) { if (c != '0') throw NoAmount(row); continue; }
            if (decimals >= 0) decimals++;
            if (minor > (long.MaxValue - 9) / 10) throw NoAmount(row);
            minor = (minor * 10) + (c - '0');
        }
        if (seen == 0) throw NoAmount(row);
        for (var i = Math.Max(decimals, 0); i < currency.Exponent; i++) minor = minor <= long.MaxValue / 10 ? minor * 10 : throw NoAmount(row);
        return new Amount(negative ? -minor : minor, currency);
    }

    private static ReportUnreadableException NoAmount(long row) => new(row, "An amount is not a plain number that this currency can have.");

    /// <summary>A time in UTC (<c>2026-11-20 13:45:00</c> or ISO 8601); a zone in the text is honoured.</summary>
    public static DateTimeOffset Time(long row, string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw new ReportUnreadableException(row, "A time is missing or cannot be read.");

    public static DateOnly? Day(long row, string? text) => text is null ? null : DateOnly.FromDateTime(Time(row, text).UtcDateTime);

    public static string? Reference(long row, string? text) =>
        text is null ? null : text.Length <= MaxReference ? text : throw new ReportUnreadableException(row, $"A reference is longer than {MaxReference} characters.");

    public static string? Words(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;

    /// <summary>Every id of ours of this kind that the text names.</summary>
    public static IReadOnlyList<Guid> Ours(ReportKind kind, string? text)
    {
        if (text is null) return [];
        var found = new List<Guid>();
        foreach (var part in text.Split([' ', ',', ';', '+', '|'], 200, StringSplitOptions.RemoveEmptyEntries))
            if (OurId(kind, part) is { } id && !found.Contains(id)) found.Add(id);
        return found;
    }

    private static Guid? OurId(ReportKind kind, string text) => kind switch
    {
        ReportKind.Charge => Id.TryParse<PaymentId>(text, out var payment) ? payment.Value : null,
        ReportKind.Refund or ReportKind.RefundBack => Id.TryParse<RefundId>(text, out var refund) ? refund.Value : null,
        ReportKind.Payout or ReportKind.PayoutBack => Id.TryParse<PayoutId>(text, out var payout) ? payout.Value : null,
        ReportKind.Dispute or ReportKind.DisputeBack => Id.TryParse<DisputeId>(text, out var dispute) ? dispute.Value : null,
        ReportKind.Credit or ReportKind.Debit => Guid.TryParseExact(text, "N", out var endToEnd) ? endToEnd : Id.TryParse<PayoutId>(text, out var paid) ? paid.Value : null,
        _ => null,
    };
}
