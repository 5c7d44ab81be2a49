using Guildhall.Money;
using Guildhall.Money.Invoices;
using Guildhall.Tests.Money.Invoices;

namespace Guildhall.Tests.Money.Methods;

/// <summary>Invoices that a kept card pays without its owner.</summary>
public sealed class PayInvoiceByItselfTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-17", "M-18")]
    public async Task An_invoice_is_paid_by_the_card_whose_owner_allowed_it_and_by_no_other()
    {
        var (wallet, card) = await Buyer();
        var waits = await Invoice(wallet);
        await world.JobsAreDone();
        (await State(waits)).ShouldBe("open");
        await Allows(wallet, card);
        var paid = await Invoice(wallet);
        await world.JobsAreDone();
        (await State(paid)).ShouldBe("paid");
        (await Charges(paid)).ShouldBe("captured");
        await Allows(wallet, card, allowed: false);
        var later = await Invoice(wallet);
        await world.JobsAreDone();
        (await State(later)).ShouldBe("open");
        (await world.As(MoneyWorld.Person()).Post($"payment-methods/{card}/actions/let-pay-invoices", new { allowed = true })).MustRefuse(MoneyRefusals.SavedMethodNotFound);
    }

    [Fact]
    [Covers("M-17")]
    public async Task A_bank_that_wants_to_ask_leaves_the_invoice_to_its_link_and_is_tried_once()
    {
        var (wallet, card) = await Buyer(asks: true);
        await Allows(wallet, card);
        var invoice = await Invoice(wallet);
        await world.JobsAreDone();
        (await Charges(invoice)).ShouldBe("failed");
        await world.PaysBy(invoice.PayLink!);
        (await State(invoice)).ShouldBe("paid");
    }

    [Fact]
    [Covers("M-17", "money-17")]
    public async Task While_the_page_of_the_link_is_open_the_card_waits_and_one_of_the_two_takes_the_money()
    {
        var (wallet, card) = await Buyer();
        world.Wire.Cuts("POST /v1/payment_intents"); // nothing is charged before the page is open
        var invoice = await Invoice(wallet);
        (await world.Visitor().Post($"/api/v1{invoice.PayLink}/payments")).Must(201);
        await Allows(wallet, card);
        await world.Data().InTransaction(tx => tx.Enqueue(new Guildhall.Money.Methods.PayInvoiceByItself(invoice.Document.OrderId), uniqueKey: "again"));
        await world.JobsAreDone();
        world.Wire.Before = null;
        (await Charges(invoice)).ShouldBe("requires_action");
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where order_id = $1", invoice.Document.OrderId.Value));
        await Eventually.True(async () => await State(invoice) == "paid", "The page did not pay it.");
        await world.Clock.Passes(6.Minutes());
        await world.JobsAreDone();
        (await Charges(invoice)).ShouldBe("captured");
    }

    [Fact]
    [Covers("M-17")]
    public async Task Nothing_is_charged_to_a_suspended_account()
    {
        var (wallet, card) = await Buyer();
        await Allows(wallet, card);
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", wallet.Customer.AccountId!.Value);
        var invoice = await Invoice(wallet);
        await world.JobsAreDone();
        (await State(invoice)).ShouldBe("open");
        (await Charges(invoice)).ShouldBe("");
        (await wallet.Pays(await wallet.Order(), card)).MustRefuse(MoneyRefusals.SavedMethodBlocked);
    }

    private async Task<(Wallet Wallet, SavedMethodId Card)> Buyer(bool asks = false)
    {
        var wallet = new Wallet(world, await world.Account());
        return (wallet, await wallet.Keeps(asks));
    }

    private async Task<ReadInvoice.View> Invoice(Wallet wallet) => await world.Issues(world.Bill(wallet.Customer, await world.Account("Omar")));

    private static async Task Allows(Wallet wallet, SavedMethodId card, bool allowed = true) =>
        (await wallet.Http.Post($"payment-methods/{card}/actions/let-pay-invoices", new { allowed })).Must(204);

    private Task<string> State(ReadInvoice.View invoice) => world.Database.Value<string>("select state from money.orders where id = $1", invoice.Document.OrderId.Value);

    private async Task<string> Charges(ReadInvoice.View invoice) =>
        string.Join(' ', await world.Database.Column<string>("select state from money.payments where order_id = $1 order by attempt", invoice.Document.OrderId.Value));
}
