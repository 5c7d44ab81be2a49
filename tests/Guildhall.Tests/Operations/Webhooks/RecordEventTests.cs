using System.Text.Json;
using Guildhall.Foundation.Facts;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Invoices;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Risk;
using Guildhall.Money.Withdrawals;
using Guildhall.Operations.Webhooks;

namespace Guildhall.Tests.Operations.Webhooks;

/// <summary>Every state of every object of Money is told, with the fields that the catalogue promises.</summary>
public sealed class RecordEventTests(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    private static readonly Amount Amount = new(12_500, Currency.Of("KWD"));
    private static readonly Guid Provider = Guid.CreateVersion7(), Customer = Guid.CreateVersion7();
    private static readonly OrderId Order = new(Guid.CreateVersion7());
    private static readonly PaymentId Payment = new(Guid.CreateVersion7());
    private static readonly DateTimeOffset Due = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private sealed record Row(string Type, long Sequence, string Facts);

    [Fact]
    [Covers("M-23")]
    public async Task Every_state_has_an_event_with_the_fields_the_catalogue_promises()
    {
        var told = new List<string>();
        foreach (var state in Enum.GetValues<DisputeState>())
            told.Add(await Tells(new DisputeChanged(new(Guid.CreateVersion7()), Order, Payment, Provider, Amount, state, IsNew: true, Due)));
        foreach (var state in Enum.GetValues<WithdrawalState>())
            told.Add(await Tells(new WithdrawalChanged(new(Guid.CreateVersion7()), Provider, Amount, state, null)));
        foreach (var hold in Enum.GetValues<Hold>().Cast<Hold?>().Append(null))
            told.Add(await Tells(new WithdrawalHeld(new(Guid.CreateVersion7()), Provider, Amount, hold)));
        foreach (var state in Enum.GetValues<PayoutState>())
            told.Add(await Tells(new PayoutChanged(new(Guid.CreateVersion7()), new(Guid.CreateVersion7()), Provider, Amount, state, null)));
        foreach (var state in Enum.GetValues<RiskReviewState>())
            told.Add(await Tells(new OrderReviewed(new(Guid.CreateVersion7()), "booking", Guid.CreateVersion7(), Customer, state, Due, null)));
        foreach (var state in Enum.GetValues<InvoiceState>())
            told.Add(await Tells(new InvoiceChanged(new(Guid.CreateVersion7()), InvoiceKind.Invoice, Order, Customer, Provider, Amount, state)));
        foreach (var kind in new[] { InvoiceKind.CreditNote, InvoiceKind.Receipt })
            told.Add(await Tells(new InvoiceChanged(new(Guid.CreateVersion7()), kind, Order, Customer, Provider, Amount, InvoiceState.Issued)));
        foreach (var released in new[] { false, true })
            told.Add(await Tells(new ReserveChanged(new(Guid.CreateVersion7()), Order, Provider, Amount, released, Due)));
        foreach (var state in new[] { PaymentState.Authorized, PaymentState.Captured, PaymentState.Failed, PaymentState.Cancelled, PaymentState.Expired })
            told.Add(await Tells(new PaymentChanged(new(Guid.CreateVersion7()), Order, Amount, state, "stripe")));
        told.Add(await Tells(new OrderPaid(new(Guid.CreateVersion7()), "listing", Guid.CreateVersion7(), Payment, Amount)));

        told.Distinct().Order(StringComparer.Ordinal).ShouldBe(WebhookCatalogue.All.Where(t => t.Object is not ("booking" or "refund")).Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    private async Task<string> Tells<TFact>(TFact fact) where TFact : IFact
    {
        var from = await world.Database.Value<long>("select coalesce(max(no), 0) from operations.webhook_events");
        await world.Data().InTransaction(tx => tx.Publish(fact));
        var row = (await world.Data().List<Row>("select type, sequence, facts from operations.webhook_events where no > @from limit 10", new { from })).ShouldHaveSingleItem();
        var type = WebhookCatalogue.Find(row.Type)!;
        JsonSerializer.Deserialize<JsonElement>(row.Facts, JsonRules.Options).EnumerateObject().Select(f => f.Name).ShouldBe(type.Fields, customMessage: row.Type);
        row.Sequence.ShouldBe(1);
        return row.Type;
    }
}
