using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Guildhall.Money.Gateways.MyFatoorah;

/// <summary>MyFatoorah-Signature: base 64 of HMAC-SHA256, not over the body but over <c>Name=Value</c> pairs with a comma between; null is nothing, a number
/// stands as it was written. Version 2 takes a few fields in a fixed order, version 1 all of <c>Data</c> by name whatever the case.</summary>
internal static class MyFatoorahSignature
{
    private const int MostFields = 200;

    // The strings of the events 5 to 7 are not known: such a message proves nothing.
    private static readonly Dictionary<int, string[]> Fields = new()
    {
        [1] = ["Invoice.Id", "Invoice.Status", "Transaction.Status", "Transaction.PaymentId", "Invoice.ExternalIdentifier"],
        [2] = ["Refund.Id", "Refund.Status", "Amount.ValueInBaseCurrency", "ReferencedInvoice.Id"],
        [3] = ["Deposit.Reference", "Deposit.ValueInBaseCurrency", "Deposit.NumberOfTransactions"],
        [4] = ["Supplier.Code", "KycDecision.Status"],
    };

    public static bool Holds(string? header, JsonElement message, IReadOnlyList<string> secrets)
    {
        if (header is null || header.Length > 200 || StringToSign(message) is not { } text) return false;
        var (signed, given, holds) = (Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(header.Trim()), false);
        foreach (var secret in secrets)
        {
            var expected = Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
            holds |= CryptographicOperations.FixedTimeEquals(given, expected);
        }
        return holds;
    }

    /// <summary>What is signed of a message; null for one of which that is not known.</summary>
    public static string? StringToSign(JsonElement message)
    {
        if (Member(message, "Data") is not { ValueKind: JsonValueKind.Object } data) return null;
        if (Member(message, "Event") is { ValueKind: JsonValueKind.Object } about)
            return Code(about, "Code") is { } code && Fields.TryGetValue(code, out var names) ? Join(names.Select(name => (name, At(data, name)))) : null;
        if (Code(message, "EventType") is not { } type) return null;
        var all = data.EnumerateObject().Take(MostFields + 1).Where(field => type != 2 || !string.Equals(field.Name, "GatewayReference", StringComparison.OrdinalIgnoreCase)).ToArray();
        return all.Length is 0 or > MostFields ? null : Join(all.OrderBy(field => field.Name, StringComparer.OrdinalIgnoreCase).Select(field => (field.Name, (JsonElement?)field.Value)));
    }

    /// <summary>Which event it is, of either version.</summary>
    public static int? Code(JsonElement element, string name) => Member(element, name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var code) => code,
        { ValueKind: JsonValueKind.String } text when int.TryParse(Whole(text), NumberStyles.None, CultureInfo.InvariantCulture, out var code) => code,
        _ => null,
    };

    public static JsonElement? Member(JsonElement? element, string name) => element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    public static JsonElement? At(JsonElement? data, string path) => path.Split('.').Aggregate(data, Member);

    /// <summary>A value as it was written: of a string its text, null for null.</summary>
    public static string? Text(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => Whole(text),
        { } other => other.GetRawText(),
    };

    // Half of a surrogate pair, or bytes that are no UTF-8, are no text.
    private static string? Whole(JsonElement text)
    {
        try { return text.GetString(); }
        catch (InvalidOperationException) { return null; }
    }

    private static string Join(IEnumerable<(string Name, JsonElement? Value)> fields) => string.Join(',', fields.Select(field => $"{field.Name}={Text(field.Value)}"));
}
