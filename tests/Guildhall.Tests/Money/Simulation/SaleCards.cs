using Guildhall.Money.Orders;
using Guildhall.Tests.Money.Invoices;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>A sale whose customer keeps the card, and pays with it again.</summary>
internal sealed partial class Sale
{
    private string? _card;

    /// <summary>Paid, with the wish to keep the card, which nobody has looked after yet.</summary>
    public async Task PaidToKeep()
    {
        await Does(async () => _payment = (await Post(customer, $"orders/{order}/payments", new { keepMethod = true }, 0)).Must(201).Json.GetProperty("id").GetString());
        world.Gate.Pays(world.Gate.All("checkout.session")[^1], declined: false);
        await Settles("keep_method");
    }

    /// <summary>The card of an earlier order is kept; now there is another order.</summary>
    public async Task HasCard()
    {
        await PaidToKeep();
        await Settles();
        _card = (await world.As(customer).Get("payment-methods")).Must().At("methods")[0].GetProperty("id").GetString();
        order = await world.Data(1).InTransaction(tx => PlaceOrder.Run(tx, customer,
            new NewOrder(customer.AccountId!.Value, provider.AccountId!.Value, "test", Guid.NewGuid(), [new OrderLine("A session", new Amount(25_000, MoneyWorld.Kwd))], tx.Now.AddMinutes(30))));
    }

    public async Task PaysWithCard(int node)
    {
        if (await Post(customer, $"orders/{order}/payments", new { method = _card }, node) is { Status: 201 } answer) _payment = answer.Json.GetProperty("id").GetString();
    }

    public void Renews() => world.Gate.RenewsCard();

    public async Task RemovesCard() => (await world.As(customer).Send(HttpMethod.Delete, $"payment-methods/{_card}", null, Header)).Must(204);

    /// <summary>Staff issue an invoice to somebody who lets the card pay invoices.</summary>
    public async Task IsInvoiced()
    {
        await HasCard();
        (await Post(customer, $"payment-methods/{_card}/actions/let-pay-invoices", new { allowed = true }, 0)).Must(204);
        await world.Account(of: customer);
        await world.Account("Omar", of: provider);
        order = (await world.Issues(world.Bill(customer, provider))).Document.OrderId;
    }
}
