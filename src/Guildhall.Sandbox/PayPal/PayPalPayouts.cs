using System.Text.Json.Nodes;

namespace Guildhall.Sandbox.PayPal;

/// <summary><c>/v1/payments/payouts</c>: batches, of one item here. A sender's id is taken once in thirty days; the refusal of a repeat names the batch it had.</summary>
internal static class PayPalPayouts
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    public static void Map(PayPalApi api)
    {
        api.Post("/v1/payments/payouts", Create);
        api.Get("/v1/payments/payouts/{id}", call => PayPalAnswer.Ok(PayPalPayoutWire.Batch(call.World.PayPalPayouts.Find(call.Id) ?? throw PayPalRefusal.NotFound())));
        api.Get("/v1/payments/payouts-item/{id}", call => PayPalAnswer.Ok(PayPalPayoutWire.Item(Item(call))));
        api.Post("/v1/payments/payouts-item/{id}/cancel", call =>
        {
            var payout = Item(call);
            if (payout.Status != "UNCLAIMED") throw PayPalRefusal.Invalid("ITEM_INCORRECT_STATUS", "The item is not unclaimed.");
            return PayPalAnswer.Ok(PayPalPayoutWire.Item(PayPalPayoutLater.End(call.World, payout, "RETURNED", payout.Error)));
        });
    }

    private static PayPalPayout Item(PayPalCall call) => call.World.PayPalPayouts.NewestFirst("item:" + call.Id).FirstOrDefault() ?? throw PayPalRefusal.NotFound();

    private static PayPalAnswer Create(PayPalCall call)
    {
        var (world, header) = (call.World, call.Body["sender_batch_header"] as JsonObject ?? throw Invalid("sender_batch_header", "Required field is missing"));
        var sender = PayPalCall.Text(header, "sender_batch_id", "sender_batch_header", 256) ?? throw Invalid("sender_batch_header.sender_batch_id", "Required field is missing");
        if (call.Body["items"] is not JsonArray { Count: 1 } items || items[0] is not JsonObject item) throw Invalid("items", "The sandbox takes one item");
        var receiver = PayPalCall.Text(item, "receiver", "items[0]", 127) ?? throw Invalid("items[0].receiver", "Required field is missing");
        if (PayPalCall.OneOf(item, "recipient_type", "items[0]", "EMAIL") is null || receiver.Count(c => c == '@') != 1) throw Invalid("items[0].receiver", "Receiver is invalid or does not match with type");
        if (item["amount"] is not JsonObject money) throw Invalid("items[0].amount", "Required field is missing");
        var (currency, value) = PayPalMoney.Read(money, "items[0].amount", "currency");
        if (world.PayPalPayouts.NewestFirst(PayPalPayout.KeyOf(sender)).FirstOrDefault(p => p.Created + Remembered > world.Now) is { } first) throw PayPalRefusal.Repeated(PayPalPayoutWire.Self(first));
        if (world.Faults.FailPayouts == State.PayoutFault.NoMoney) throw new PayPalRefusal(422, "INSUFFICIENT_FUNDS", "INSUFFICIENT_FUNDS", "Sender does not have sufficient funds. Please add funds and retry.");
        var payout = new PayPalPayout(PayPalIds.New()[..13], PayPalIds.New()[..13], sender, PayPalCall.Text(item, "sender_item_id", "items[0]", 63), receiver, currency, value, "PENDING", "PENDING", null, call.Base,
            world.Now, world.Now, world.Faults.FailPayouts.ToString());
        world.PayPalPayouts.Put(payout);
        PayPalPayoutLater.Begin(world, payout);
        return PayPalAnswer.Made(PayPalPayoutWire.Made(payout));
    }

    private static PayPalRefusal Invalid(string field, string issue) => new(400, "VALIDATION_ERROR", issue, field);
}
