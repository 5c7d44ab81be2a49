using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation;
using static Guildhall.Money.Gateways.MyFatoorah.MyFatoorahSignature;

namespace Guildhall.Money.Gateways.MyFatoorah;

/// <summary>What a payment is called over there: its invoice, the first payment on it (they may not tell one), and until when it may be paid.</summary>
internal sealed record MyFatoorahReference(string Invoice, string Payment, long Ends)
{
    public static MyFatoorahReference? Parse(string text) => text.Split('/') is [{ Length: > 0 } invoice, var payment, var ends] && long.TryParse(ends, out var until) ? new(invoice, payment, until) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Invoice}/{Payment}/{Ends}");

    public static bool IsName(string? text) => text is { Length: > 0 and <= 60 } && text.All(char.IsAsciiLetterOrDigit);
}

/// <summary>When the time of a page is over: not yet; so that only a try under way may still come; so long ago that none is under way.</summary>
internal enum PageEnd { Ahead, Past, LongAgo }

/// <summary>What MyFatoorah's answers mean to us. Null: the answer is not about what was asked.</summary>
internal static class MyFatoorahReading
{
    private const int MostText = 500;

    /// <summary><c>GET /v3/payments/{id}</c>. An invoice that is paid is paid, whatever the single try says.</summary>
    /// <param name="end">Whether its time is over: what is still pending then will not be paid.</param>
    public static PaymentFact? Payment(JsonElement data, PaymentId payment, MyFatoorahReference asked, PageEnd end)
    {
        var (invoice, transaction) = (Member(data, "Invoice"), Member(data, "Transaction"));
        if (Text(Member(invoice, "Id")) is not { } id || !string.Equals(id, asked.Invoice, StringComparison.Ordinal) || IsOfAnother(Text(Member(invoice, "ExternalIdentifier")), payment)) return null;
        var amount = Member(data, "Amount");
        if (Is(Text(Member(invoice, "Status")), "PAID"))
            return Currency.TryParse(Text(Member(amount, "BaseCurrency")), out var currency) && WireAmount.TryRead(Text(Member(amount, "ValueInBaseCurrency")), currency, out var paid)
                ? new PaymentFact(payment, FactState.Captured, paid, id) : null;
        var error = Member(transaction, "Error");
        return Unpaid(payment, Text(Member(invoice, "Status")), Text(Member(transaction, "Status")), end, Text(Member(error, "Code")), Text(Member(error, "Message")));
    }

    /// <summary><c>POST /v2/GetPaymentStatus</c>, of an invoice whose first payment was not told. Its value has no currency: it is the account's.</summary>
    public static PaymentFact? PaymentV2(JsonElement data, PaymentId payment, MyFatoorahReference asked, PageEnd end, Currency currency)
    {
        if (Text(Member(data, "InvoiceId")) is not { } id || !string.Equals(id, asked.Invoice, StringComparison.Ordinal) || IsOfAnother(Text(Member(data, "CustomerReference")), payment)) return null;
        if (Is(Text(Member(data, "InvoiceStatus")), "PAID"))
            return WireAmount.TryRead(Text(Member(data, "InvoiceValue")), currency, out var paid) ? new PaymentFact(payment, FactState.Captured, paid, id) : null;
        var tries = Member(data, "InvoiceTransactions") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : [];
        // Their list has no order that they promise.
        var last = tries.Any(t => Is(Text(Member(t, "TransactionStatus")), "INPROGRESS")) ? "INPROGRESS" : tries.Any(t => Is(Text(Member(t, "TransactionStatus")), "FAILED")) ? "FAILED" : null;
        var failed = tries.LastOrDefault(t => Is(Text(Member(t, "TransactionStatus")), "FAILED"));
        return Unpaid(payment, Text(Member(data, "InvoiceStatus")), last, end, Text(Member(failed, "ErrorCode")), Text(Member(failed, "Error")));
    }

    /// <summary>A row of <c>GetRefundStatus</c>.</summary>
    public static RefundFact? Refund(JsonElement row, RefundId refund, Currency currency)
    {
        if (Text(Member(row, "RefundId")) is not { Length: > 0 and <= 60 } id) return null;
        var status = Text(Member(row, "RefundStatus"));
        var state = Is(status, "REFUNDED") ? RefundFactState.Completed : Is(status, "CANCELED") || Is(status, "CANCELLED") ? RefundFactState.Failed : RefundFactState.Pending;
        return WireAmount.TryRead(Text(Member(row, "RefundAmount")), currency, out var amount)
            ? new RefundFact(refund, state, amount, id, state == RefundFactState.Failed ? "MyFatoorah did not give the money back." : null) : null;
    }

    public static IReadOnlyList<JsonElement> Refunds(JsonElement data) => Member(data, "RefundStatusResult") is { ValueKind: JsonValueKind.Array } rows ? [.. rows.EnumerateArray()] : [];

    /// <summary>The refund of ours that a row names, where they tell it.</summary>
    public static RefundId? Named(JsonElement row) =>
        new[] { "ExternalIdentifier", "Comment", "Comments" }.Select(name => Id.TryParse<RefundId>(Text(Member(row, name)), out var id) ? id : (RefundId?)null).FirstOrDefault(id => id is not null);

    private static PaymentFact Unpaid(PaymentId payment, string? invoice, string? transaction, PageEnd end, string? code, string? text)
    {
        if (Is(invoice, "CANCELED") || Is(invoice, "CANCELLED")) return new PaymentFact(payment, FactState.Cancelled, default, null, code, Cut(text));
        if (end is PageEnd.LongAgo || end is PageEnd.Past && !Is(transaction, "INPROGRESS")) return new PaymentFact(payment, FactState.Expired, default, null, code, Cut(text));
        var declined = Is(transaction, "FAILED");
        return new PaymentFact(payment, FactState.Open, default, null, declined ? Cut(code) : null, declined ? Cut(text) ?? "The bank refused the card." : null, declined);
    }

    private static bool IsOfAnother(string? reference, PaymentId payment) => reference is { Length: > 0 } && !string.Equals(reference, payment.ToString(), StringComparison.Ordinal);

    // "Succss" and the like are theirs; what is compared here is spelt right in both versions.
    private static bool Is(string? said, string word) => string.Equals(said, word, StringComparison.OrdinalIgnoreCase);

    private static string? Cut(string? text) => text is { Length: > MostText } ? text[..MostText] : string.IsNullOrEmpty(text) ? null : text;
}
