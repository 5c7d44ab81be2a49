using System.Globalization;
using System.Net;
using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>How M-Pesa is asked about a payment: its name of the prompt, what we asked for and when; then, once a callback has told, what was paid and the receipt.
/// M-Pesa's own answer tells neither the amount nor the receipt.</summary>
internal sealed record MpesaReference(string Checkout, Amount Asked, DateTimeOffset At, Amount? Told = null, string? Receipt = null)
{
    public override string ToString()
    {
        var asked = string.Create(CultureInfo.InvariantCulture, $"{Checkout} {Asked.Minor} {At.ToUnixTimeSeconds()}");
        return Told is { } told ? string.Create(CultureInfo.InvariantCulture, $"{asked} {told.Minor} {Receipt ?? "-"}") : asked;
    }

    public static MpesaReference? Of(string text)
    {
        var parts = text.Split(' ');
        if (parts.Length is not (3 or 5) || !IsName(parts[0]) || !TryNumber(parts[1], out var asked) || !TryNumber(parts[2], out var at) || at > MaxTime) return null;
        var plain = new MpesaReference(parts[0], new Amount(asked, MpesaAmounts.Kes), DateTimeOffset.FromUnixTimeSeconds(at));
        if (parts.Length == 3) return plain;
        return TryNumber(parts[3], out var told) ? plain with { Told = new Amount(told, MpesaAmounts.Kes), Receipt = parts[4] is "-" ? null : parts[4] } : null;
    }

    /// <summary>A name of theirs: letters, digits and a few marks, never a space.</summary>
    public static bool IsName(string? text) => text is { Length: >= 1 and <= 100 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    public static bool TryNumber(string? text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private const long MaxTime = 253402300799; // the year 9999
}

/// <summary>The addresses at which M-Pesa tells us outcomes. Each says what it is about, under a secret.</summary>
internal static class MpesaAddress
{
    public static string OfPayment(MpesaOptions options, PaymentId payment, Amount amount, DateTimeOffset at) =>
        Of(options, "payment", payment.ToString(), Text(amount.Minor), Text(at.ToUnixTimeSeconds()));

    public static string OfRefund(MpesaOptions options, string what, RefundId refund, Amount amount) => Of(options, what, refund.ToString(), Text(amount.Minor), "0");

    public static string OfPayout(MpesaOptions options, string what, PayoutId payout, Amount amount, DateTimeOffset sentAt) =>
        Of(options, what, payout.ToString(), Text(amount.Minor), Text(sentAt.ToUnixTimeSeconds()));

    private static string Of(MpesaOptions options, string what, string id, string minor, string at) =>
        new UriBuilder(options.Callback) { Query = $"what={what}&id={WebUtility.UrlEncode(id)}&minor={minor}&at={at}&key={MpesaSignature.Seal(options.CallbackKey, what, id, minor, at)}" }.Uri.AbsoluteUri;

    public sealed record Told(string What, string Id, Amount Amount, DateTimeOffset At);

    /// <summary>What the address that a message came to says; null when its secret does not hold.</summary>
    public static Told? Read(MpesaOptions options, Message message)
    {
        string?[] said = [message.Query["what"], message.Query["id"], message.Query["minor"], message.Query["at"]];
        if (said is not [{ Length: <= 20 } what, { Length: <= 60 } id, { Length: <= 20 } minor, { Length: <= 12 } at] || !MpesaSignature.Holds(message.Query["key"], options.CallbackKey, what, id, minor, at)) return null;
        return MpesaReference.TryNumber(minor, out var amount) && MpesaReference.TryNumber(at, out var seconds)
            ? new Told(what, id, new Amount(amount, MpesaAmounts.Kes), DateTimeOffset.FromUnixTimeSeconds(seconds)) : null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
