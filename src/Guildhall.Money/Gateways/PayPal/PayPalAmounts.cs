using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>How amounts are written for PayPal: decimal text with the currency's decimals; HUF, JPY and TWD have none there, though ISO 4217 gives HUF and
/// TWD two. Source: PayPal's currency codes page. That it takes no other currencies than these is from memory.</summary>
internal static class PayPalAmounts
{
    private const long Largest = 1_000_000_000_000_000;

    public static readonly IReadOnlySet<string> Currencies = new HashSet<string>(
        ["AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TWD", "USD"], StringComparer.Ordinal);

    private static bool IsWhole(Currency currency) => currency.Code is "HUF" or "JPY" or "TWD";

    /// <summary>The smallest step PayPal can move, in our minor units.</summary>
    public static long Step(Currency currency) => IsWhole(currency) ? currency.MinorPerMajor : 1;

    public static string Text(Amount amount) => !IsWhole(amount.Currency) ? amount.Text
        : amount.Minor % Step(amount.Currency) == 0 ? (amount.Minor / Step(amount.Currency)).ToString(CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"PayPal cannot move {amount}.");

    public static JsonObject Write(Amount amount) => new() { ["currency_code"] = amount.Currency.Code, ["value"] = Text(amount) };

    /// <summary><c>code</c>: where the currency stands, which payouts spell otherwise. False when it is no amount, or none that this currency can have.</summary>
    public static bool TryRead(JsonElement money, out Amount amount, string code = "currency_code")
    {
        amount = default;
        if (!Currency.TryParse(GatewayJson.Text(money, code), out var currency) || GatewayJson.Text(money, "value") is not { Length: > 0 and <= 32 } text) return false;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point == text.Length - 1) return false;
        var (whole, rest) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..].TrimEnd('0'));
        if (rest.Length > currency.Exponent) return false;
        if (!long.TryParse(whole + rest.PadRight(currency.Exponent, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor) && (whole + rest).Length > 0) return false;
        amount = new Amount(minor, currency);
        return minor <= Largest;
    }
}
