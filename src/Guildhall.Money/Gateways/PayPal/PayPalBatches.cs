using System.Text.Json;
using Guildhall.Foundation;
using static Guildhall.Money.Gateways.GatewayJson;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>What batches of payouts and their items mean to us. One that names another payout than ours tells nothing: null.</summary>
internal static class PayPalBatches
{
    private const string Folder = "/v1/payments/payouts/";

    /// <summary>PayPal's name of a batch, fit for an address.</summary>
    public static string? Name(JsonElement header) => Text(header, "payout_batch_id") is { } name && IsName(name) ? name : null;

    /// <summary>The batch that a refused repeat names: the last part of the address of its link.</summary>
    public static string? NameInRepeat(JsonElement error) => Items(First(error, "details"), "link").Concat(Items(error, "links")).Select(l => Text(l, "href"))
        .Select(h => h?.IndexOf(Folder, StringComparison.Ordinal) is >= 0 and var at ? h[(at + Folder.Length)..].Split('?')[0] : null).FirstOrDefault(n => n is not null && IsName(n));

    /// <summary>A batch of ours: its one item, or how it stands itself while it shows none.</summary>
    public static PayoutFact? Batch(JsonElement batch, PayoutId payout, Amount asked)
    {
        var header = Child(batch, "batch_header");
        if (Text(Child(header, "sender_batch_header"), "sender_batch_id") != payout.ToString() || Name(header) is not { } name) return null;
        var refused = Text(header, "batch_status") is "DENIED" or "CANCELED";
        if (First(batch, "items") is not { ValueKind: JsonValueKind.Object } item)
            return new PayoutFact(payout, refused ? PayoutFactState.Failed : PayoutFactState.InTransit, asked, null, refused ? null : name, refused ? "PayPal did not take the payout." : null);
        return Item(item, payout) is { } fact
            ? refused && fact.State == PayoutFactState.InTransit ? fact with { State = PayoutFactState.Failed, Reference = null, Text = fact.Text ?? "PayPal did not take the payout." } : fact
            : null;
    }

    /// <summary>One payout. What does not reach its receiver comes back to our balance at PayPal by itself. A payout that PayPal holds, blocks, or that nobody
    /// has claimed yet has neither arrived nor come back.</summary>
    public static PayoutFact? Item(JsonElement item, PayoutId? of = null)
    {
        var sent = Child(item, "payout_item");
        var named = Id.TryParse<PayoutId>(Text(sent, "sender_item_id") ?? Text(item, "sender_batch_id"), out var found) ? found : of;
        if (named is not { } id || of is { } wanted && wanted != id || !PayPalAmounts.TryRead(Child(sent, "amount"), out var amount, "currency")) return null;
        if (Text(item, "payout_batch_id") is not { } batch || !IsName(batch)) return null;
        var (error, status) = (Child(item, "errors"), Text(item, "transaction_status"));
        var why = Text(error, "name") is { } name ? $"{name}: {Sentence(error, "message")}" : null;
        return status switch
        {
            "SUCCESS" => new PayoutFact(id, PayoutFactState.Completed, amount, null, batch),
            // The receiver is at fault when PayPal says so; else it may be our balance or our account.
            "FAILED" or "DENIED" => new PayoutFact(id, PayoutFactState.Failed, amount, null, why?.StartsWith("RECEIVER", StringComparison.Ordinal) is true ? batch : null, why ?? $"PayPal says {status}."),
            "RETURNED" or "REFUNDED" or "REVERSED" => new PayoutFact(id, PayoutFactState.Failed, amount, null, batch, why ?? $"PayPal says {status}."),
            _ => new PayoutFact(id, PayoutFactState.InTransit, amount, null, batch, why),
        };
    }

    private static bool IsName(string name) => name.Length is >= 1 and <= 30 && name.All(char.IsAsciiLetterOrDigit);
}
