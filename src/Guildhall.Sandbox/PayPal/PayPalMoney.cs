using System.Globalization;
using System.Text.Json.Nodes;

namespace Guildhall.Sandbox.PayPal;

/// <summary>PayPal's amount rules: decimal text, two decimals or none, positive.</summary>
internal static class PayPalMoney
{
    private const string Known = "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD";

    public static (string Currency, string Value) Read(JsonNode? node, string field, string code = "currency_code")
    {
        if (node is not JsonObject money || PayPalCall.Text(money, code, field, 3) is not { } currency || PayPalCall.Text(money, "value", field, 32) is not { } value)
            throw PayPalRefusal.Invalid("MISSING_REQUIRED_PARAMETER", $"A required field is missing: {field}.");
        if (!IsNumber(value.StartsWith('-') ? value[1..] : value)) throw PayPalRefusal.Invalid("INVALID_PARAMETER_SYNTAX", $"The value of a field does not conform to the expected format: {field}.");
        if (!Known.Split(' ').Contains(currency, StringComparer.Ordinal)) throw PayPalRefusal.Cannot("CURRENCY_NOT_SUPPORTED", "Currency code not supported.");
        var decimals = value.Contains('.', StringComparison.Ordinal) ? value.Length - value.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        if (decimals > 0 && IsWhole(currency)) throw PayPalRefusal.Cannot("DECIMALS_NOT_SUPPORTED", "Currency does not support decimals.");
        if (decimals > 2) throw PayPalRefusal.Cannot("DECIMAL_PRECISION", "If the currency supports decimals, only two decimal place precision is supported.");
        if (value[0] == '-' || PayPalOrder.Number(value) == 0) throw PayPalRefusal.Cannot("CANNOT_BE_ZERO_OR_NEGATIVE", "Must be greater than zero.");
        return (currency, Write(PayPalOrder.Number(value), currency));
    }

    public static string Write(decimal amount, string currency) => amount.ToString(IsWhole(currency) ? "0" : "0.00", CultureInfo.InvariantCulture);

    public static JsonObject Of(string currency, string value) => new() { ["currency_code"] = currency, ["value"] = value };

    private static bool IsWhole(string currency) => currency is "HUF" or "JPY" or "TWD";

    // ^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$
    private static bool IsNumber(string text) => text.Split('.') is [var whole, .. var rest] && rest.Length <= 1 && whole.Length <= 15 && whole.All(char.IsAsciiDigit)
        && (rest is [var part] ? part.Length is > 0 and <= 15 && part.All(char.IsAsciiDigit) : whole.Length > 0);
}
