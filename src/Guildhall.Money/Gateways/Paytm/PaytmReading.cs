using System.Globalization;
using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.Paytm;

/// <summary>Amounts: rupees, always with two decimals.</summary>
internal static class PaytmAmounts
{
    public static readonly Currency Inr = Currency.Of("INR");

    /// <summary>Null for what Paytm cannot move: another currency, nothing.</summary>
    public static string? Write(Amount amount) => amount.Currency == Inr && amount.IsPositive ? amount.Text : null;

    public static bool TryRead(string? text, out Amount amount) =>
        Amount.TryParse(text, Inr, CultureInfo.InvariantCulture, out amount) && text!.All(c => char.IsAsciiDigit(c) || c is '.');
}

/// <summary>Our name of a payment there with the moment it began, and Paytm's name of the money with ours: a refund has to name both.</summary>
internal static class PaytmNames
{
    public static string Reference(PaymentId payment, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{payment} {at.ToUnixTimeSeconds()}");

    public static DateTimeOffset? Began(string reference) =>
        reference.Split(' ') is [_, var at] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public static string Money(string order, string transaction) => $"{order}/{transaction}";

    public static (string Order, string Transaction)? Money(string name) => name.Split('/') is [{ Length: > 0 } order, { Length: > 0 } transaction] ? (order, transaction) : null;

    /// <summary>A name of theirs: letters, digits and a few marks.</summary>
    public static bool IsName(string? text) => text is { Length: >= 1 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@');
}

/// <summary>What Paytm's answers mean to us.</summary>
internal static class PaytmReading
{
    // The page's token lives for 15 minutes; a payment begun in it may take longer.
    private static readonly TimeSpan Lapses = TimeSpan.FromMinutes(40);

    /// <summary>The answer about an order. Null when it is not about it or cannot be read.</summary>
    public static PaymentFact? Order(PaymentId payment, string reference, PaytmAnswer.Said said, DateTimeOffset now)
    {
        if (PaytmEnvelope.Text(said.Body, "orderId") is { } order && !string.Equals(order, payment.ToString(), StringComparison.Ordinal)) return null;
        var nothing = Amount.Zero(PaytmAmounts.Inr);
        switch (said.Status)
        {
            case "TXN_SUCCESS":
                // An amount that cannot be read is none that was asked for: it is set aside.
                var amount = PaytmAmounts.TryRead(PaytmEnvelope.Text(said.Body, "txnAmount"), out var told) ? told : nothing;
                return PaytmEnvelope.Text(said.Body, "orderId") is { } mine && PaytmEnvelope.Text(said.Body, "txnId") is { } transaction && PaytmNames.IsName(transaction)
                    ? new PaymentFact(payment, FactState.Captured, amount, PaytmNames.Money(mine, transaction)) : null;
            case "PENDING":
                return new PaymentFact(payment, FactState.Open, nothing);
            case "TXN_FAILURE" when IsNothingYet(said):
                return new PaymentFact(payment, PaytmNames.Began(reference) is { } began && now > began + Lapses ? FactState.Expired : FactState.Open, nothing);
            case "TXN_FAILURE":
                return new PaymentFact(payment, said.Code is "141" or "810" ? FactState.Cancelled : FactState.Failed, nothing, null, said.Code, said.Text);
            default:
                return null;
        }
    }

    /// <summary>The answer to a refund or about one. Null when it is not about it or cannot be read.</summary>
    public static RefundFact? Refund(RefundId refund, PaytmAnswer.Said said)
    {
        if (PaytmEnvelope.Text(said.Body, "refId") is not { } id || !string.Equals(id, refund.ToString(), StringComparison.Ordinal)) return null;
        RefundFactState? state = said.Status switch { "TXN_SUCCESS" => RefundFactState.Completed, "PENDING" => RefundFactState.Pending, "TXN_FAILURE" => RefundFactState.Failed, _ => null };
        var read = PaytmAmounts.TryRead(PaytmEnvelope.Text(said.Body, "refundAmount"), out var amount);
        if (state is null || !read && state != RefundFactState.Failed) return null;
        return new RefundFact(refund, state.Value, read ? amount : Amount.Zero(PaytmAmounts.Inr), PaytmEnvelope.Text(said.Body, "refundId") ?? "", state == RefundFactState.Failed ? $"{said.Code}: {said.Text}" : null);
    }

    /// <summary>Nothing is known there by this name: the page was not used, or a refund never came.</summary>
    public static bool IsNothingYet(PaytmAnswer.Said said) => said.Code is "331" or "334" or "631";
}
