using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Methods;

/// <summary>A customer with cards kept at the gateway, over HTTP.</summary>
internal sealed record Wallet(MoneyWorld World, Caller Customer)
{
    public Visitor Http => World.As(Customer);

    /// <summary>Somebody who has paid once and kept the card; <c>asks</c>: its bank always asks.</summary>
    public static async Task<(Wallet Wallet, SavedMethodId Card)> With(MoneyWorld world, bool asks = false)
    {
        var wallet = new Wallet(world, MoneyWorld.Person());
        return (wallet, await wallet.Keeps(asks));
    }

    /// <summary>Pays an order at the page and keeps the card.</summary>
    public async Task<SavedMethodId> Keeps(bool asks = false)
    {
        var before = (await Cards()).Select(c => c.GetProperty("id").GetString()).ToHashSet();
        var deal = await Order();
        var payment = (await deal.TriesToStart(keep: true)).OrThrow();
        await deal.PaysAtGateway(payment.Id, asks ? "three_d_secure_authenticate" : "success");
        await deal.Becomes(payment.Id, PaymentState.Captured);
        var kept = await Eventually.Get(async () => (await Cards()).FirstOrDefault(c => !before.Contains(c.GetProperty("id").GetString())), c => c.ValueKind == JsonValueKind.Object, "The card was not kept");
        return Id.TryParse<SavedMethodId>(kept.GetProperty("id").GetString(), out var id) ? id : default;
    }

    public Task<Deal> Order(bool captureLater = false) => World.OrderOf([new OrderLine("A session", new Amount(25_000, MoneyWorld.Kwd))], captureLater: captureLater, by: Customer);

    public async Task<IReadOnlyList<JsonElement>> Cards() => [.. (await Http.Get("payment-methods")).Must().At("methods").EnumerateArray()];

    public Task<Answer> Pays(Deal deal, SavedMethodId card, string? key = null) => Http.Post($"orders/{deal.Order}/payments", new { method = card.ToString() }, key);

    /// <summary>What the gateway charged for an order, tries that failed too.</summary>
    public async Task<IReadOnlyList<JsonElement>> Charges(Deal deal) =>
        [.. (await World.Gateway.Did("payment_intents")).Where(i => i.GetProperty("metadata").TryGetProperty("order_id", out var order) && order.GetString() == deal.Order.ToString())];

    public async Task<string> TokenOf(SavedMethodId card) => await World.Database.Value<string>("select token from money.saved_methods where id = $1", card.Value);

    public async Task<bool> GatewayKeeps(SavedMethodId card)
    {
        var token = await TokenOf(card);
        return (await World.Gateway.Did("payment_methods")).Single(m => m.GetProperty("id").GetString() == token).GetProperty("customer").ValueKind == JsonValueKind.String;
    }
}
