using System.Text.Json;
using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>What M-Pesa's messages and answers mean to us.</summary>
internal static class MpesaReading
{
    // A prompt lapses after about a minute. What is neither paid nor ended after this, nobody will pay; should they, it is still taken.
    private static readonly TimeSpan Lapses = TimeSpan.FromHours(1);

    /// <summary>How long a reversal may be under way before its absence means that it was not made.</summary>
    private static readonly TimeSpan Reverses = TimeSpan.FromDays(1);

    /// <summary>The answer about a prompt. Null when it says nothing.</summary>
    public static PaymentFact? Prompt(PaymentId payment, MpesaReference reference, MpesaAnswer answer, DateTimeOffset now)
    {
        var open = new PaymentFact(payment, now > reference.At + Lapses ? FactState.Expired : FactState.Open, reference.Asked);
        if (answer is MpesaAnswer.Fault { Code: "500.001.1001" } fault) return Speaks(fault.Text, "process") ? open : null;
        if (answer is not MpesaAnswer.Said(var body)) return null;
        if (MpesaApi.Text(body, "CheckoutRequestID") is { } about && !string.Equals(about, reference.Checkout, StringComparison.Ordinal)) return null;
        var (code, text) = (MpesaApi.Text(body, "ResultCode"), MpesaApi.Sentence(body, "ResultDesc"));
        return Outcome(code) switch
        {
            FactState.Captured => new PaymentFact(payment, FactState.Captured, reference.Told ?? reference.Asked, reference.Receipt),
            FactState.Open => open,
            var end => new PaymentFact(payment, end, reference.Asked, null, code, text),
        };
    }

    /// <summary>What a result code of a prompt says. One that we do not know says nothing yet.</summary>
    public static FactState Outcome(string? code) => code switch
    {
        "0" => FactState.Captured,
        "1032" => FactState.Cancelled,
        "1019" or "1037" => FactState.Expired,
        "1" or "17" or "26" or "1001" or "1025" or "2001" or "9999" => FactState.Failed,
        _ => FactState.Open,
    };

    /// <summary>What a callback adds to what we know of its prompt; null when it is no callback.</summary>
    public static MpesaReference? Callback(JsonElement root, Amount asked, DateTimeOffset at)
    {
        if (!TryGet(root, "Body", out var body) || !TryGet(body, "stkCallback", out var call)) return null;
        if (MpesaApi.Text(call, "CheckoutRequestID") is not { } checkout || !MpesaReference.IsName(checkout) || MpesaApi.Text(call, "ResultCode") is not { } code) return null;
        var plain = new MpesaReference(checkout, asked, at);
        if (code is not "0" || !TryGet(call, "CallbackMetadata", out var metadata) || Items(metadata, "Item", "Name") is not { } items) return plain;
        // An amount that cannot be read is none that was asked for: it is set aside.
        var told = MpesaAmounts.TryRead(items.GetValueOrDefault("Amount"), out var amount) && amount.Minor >= 0 ? amount : Amount.Zero(MpesaAmounts.Kes);
        return plain with { Told = told, Receipt = items.GetValueOrDefault("MpesaReceiptNumber") is { } receipt && receipt is not "-" && MpesaReference.IsName(receipt) ? receipt : null };
    }

    /// <summary>The result of a reversal: only zero is a success; a failure that speaks of success, or of a reversal that was made before, says nothing.</summary>
    public static RefundFact? Reversal(RefundId refund, Amount amount, JsonElement root)
    {
        if (!TryGet(root, "Result", out var result) || MpesaApi.Text(result, "ResultCode") is not { } code) return null;
        var (text, reference) = (MpesaApi.Sentence(result, "ResultDesc") ?? "", Name(result));
        if (code is "0") return new RefundFact(refund, RefundFactState.Completed, Moved(result) ?? amount, reference);
        var unclear = Speaks(text, "success") || Speaks(text, "already");
        return new RefundFact(refund, unclear ? RefundFactState.Pending : RefundFactState.Failed, amount, reference, $"{code}: {text}");
    }

    /// <summary>The state of the payment that a reversal of all of it is about: reversed, or, a day later, not. Anything else says nothing.</summary>
    public static RefundFact? Status(RefundId refund, JsonElement root, DateTimeOffset now)
    {
        if (!TryGet(root, "Result", out var result) || MpesaApi.Text(result, "ResultCode") is not "0" || !TryGet(result, "ResultParameters", out var all)) return null;
        if (Items(all, "ResultParameter", "Key")?.GetValueOrDefault("TransactionStatus") is not { } state || Moved(result) is not { } amount) return null;
        if (Speaks(state, "revers")) return new RefundFact(refund, RefundFactState.Completed, amount, Name(result));
        return Speaks(state, "complete") && Began(refund) is { } began && now > began + Reverses
            ? new RefundFact(refund, RefundFactState.Failed, amount, Name(result), "M-Pesa has not reversed it within a day.") : null;
    }

    // Ids tell when they were made.
    private static DateTimeOffset? Began(RefundId refund)
    {
        var bytes = refund.Value.ToByteArray(bigEndian: true);
        if (bytes[6] >> 4 != 7) return null;
        long milliseconds = 0;
        foreach (var part in bytes.AsSpan(0, 6)) milliseconds = (milliseconds << 8) | part;
        return milliseconds < 253402300799000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    private static Amount? Moved(JsonElement result) =>
        TryGet(result, "ResultParameters", out var all) && Items(all, "ResultParameter", "Key")?.GetValueOrDefault("Amount") is { } text && MpesaAmounts.TryRead(text, out var amount) ? amount : null;

    private static string Name(JsonElement result) => MpesaApi.Text(result, "TransactionID") is { } id && MpesaReference.IsName(id) ? id : "";

    // A list of names and values; one alone stands without the list.
    internal static Dictionary<string, string>? Items(JsonElement parent, string list, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(list, out var found)) return null;
        var items = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in found.ValueKind is JsonValueKind.Array ? found.EnumerateArray().Take(50) : [found])
        {
            if (MpesaApi.Text(item, name) is { } key && MpesaApi.Text(item, "Value") is { } value) items.TryAdd(key, value);
        }
        return items;
    }

    internal static bool Speaks(string text, string of) => text.Contains(of, StringComparison.OrdinalIgnoreCase);

    internal static bool TryGet(JsonElement element, string name, out JsonElement found)
    {
        found = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out found) && found.ValueKind == JsonValueKind.Object;
    }
}
