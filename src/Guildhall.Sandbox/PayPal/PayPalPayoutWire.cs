using System.Text.Json.Nodes;

namespace Guildhall.Sandbox.PayPal;

/// <summary>Batches and items of payouts as they are shown. Their amounts say <c>currency</c> where orders say <c>currency_code</c>.</summary>
internal static class PayPalPayoutWire
{
    public static string Self(PayPalPayout payout) => $"{payout.Base}/v1/payments/payouts/{payout.Batch}";

    public static JsonObject Made(PayPalPayout payout) => new() { ["batch_header"] = Header(payout), ["links"] = new JsonArray(Link(Self(payout), "self")) };

    public static JsonObject Batch(PayPalPayout payout)
    {
        var header = Header(payout);
        header["time_created"] = PayPalWire.Time(payout.Created);
        header["funding_source"] = "BALANCE";
        header["amount"] = Money(payout);
        return new JsonObject
        {
            ["batch_header"] = header, ["items"] = new JsonArray(Item(payout)), ["total_items"] = 1, ["total_pages"] = 1, ["links"] = new JsonArray(Link(Self(payout), "self")),
        };
    }

    public static JsonObject Item(PayPalPayout payout)
    {
        var item = new JsonObject
        {
            ["payout_item_id"] = payout.Item, ["transaction_status"] = payout.Status, ["payout_item_fee"] = new JsonObject { ["currency"] = payout.Currency, ["value"] = PayPalMoney.Write(0, payout.Currency) },
            ["payout_batch_id"] = payout.Batch, ["sender_batch_id"] = payout.SenderBatch,
            ["payout_item"] = new JsonObject
            {
                ["recipient_type"] = "EMAIL", ["amount"] = Money(payout), ["receiver"] = payout.Receiver, ["sender_item_id"] = payout.SenderItem, ["recipient_wallet"] = "PAYPAL",
            },
            ["time_processed"] = PayPalWire.Time(payout.Updated), ["links"] = new JsonArray(Link($"{payout.Base}/v1/payments/payouts-item/{payout.Item}", "item")),
        };
        if (payout.Error is { } error) item["errors"] = new JsonObject { ["name"] = error, ["message"] = $"Sandbox: {error}.", ["debug_id"] = PayPalIds.Hex(13) };
        return item;
    }

    private static JsonObject Header(PayPalPayout payout) => new()
    {
        ["payout_batch_id"] = payout.Batch, ["batch_status"] = payout.BatchStatus, ["sender_batch_header"] = new JsonObject { ["sender_batch_id"] = payout.SenderBatch },
    };

    private static JsonObject Money(PayPalPayout payout) => new() { ["currency"] = payout.Currency, ["value"] = payout.Value };

    private static JsonObject Link(string address, string relation) => new() { ["href"] = address, ["rel"] = relation, ["method"] = "GET", ["encType"] = "application/json" };
}
