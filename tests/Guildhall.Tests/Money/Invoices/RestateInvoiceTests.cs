using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Invoices;
using Guildhall.Money.Payments;
using Guildhall.Money.Quarantine;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Invoices;

/// <summary>Papers say what was really paid, whatever was ordered, and follow when it turns out otherwise.</summary>
public sealed class RestateInvoiceTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-18", "M-2")]
    public async Task Of_what_was_only_partly_taken_the_papers_say_what_was_taken()
    {
        var (deal, payment) = await world.Held();
        (await CapturePayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, payment, new(new Amount(20_010, Papers.Kwd)), default)).OrThrow();
        await deal.Becomes(payment, PaymentState.Captured);
        var papers = await world.Of(deal.Order);
        papers.Select(p => (p.Kind, p.Total.Minor)).ShouldBe([(InvoiceKind.Invoice, 20_010), (InvoiceKind.Receipt, 20_010)]);
        (await world.Reads(papers[0].Id)).Lines.Sum(l => l.Amount.Minor).ShouldBe(20_010);
    }

    [Fact]
    [Covers("M-18", "M-4")]
    public async Task An_invoice_of_which_less_was_paid_is_credited_with_the_rest()
    {
        var (buyer, provider) = (await world.Account(), await world.Account());
        var invoice = await world.Issues(world.Bill(buyer, provider));
        var started = (await world.Visitor().Post($"/api/v1{invoice.PayLink}/payments")).Must(201);
        var payment = started.Word("id");
        Guildhall.Money.PaymentId.TryParse(payment, null, out var id).ShouldBeTrue();
        await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"),
            new PaymentFact(id, FactState.Captured, new Amount(30_000, Papers.Kwd), $"pi_{id}")));
        var item = await world.Database.Value<long>("select id from money.quarantine where payment_id = $1", id.Value);
        (await ResolveQuarantine.Run(world.Data(), world.Gateways, MoneyWorld.Staff, item, new(Resolution.Accepted, "Enough."), default)).OrThrow();
        var papers = await world.Of(invoice.Document.OrderId);
        papers.Where(p => p.Kind == InvoiceKind.CreditNote).Select(p => p.Total.Minor).ShouldBe([10_000]);
        papers.Single(p => p.Kind == InvoiceKind.Receipt).Total.Minor.ShouldBe(30_000);
        (await world.Reads(invoice.Document.Id)).Document.Credited.Minor.ShouldBe(10_000);
    }

    [Fact]
    [Covers("M-18")]
    public async Task A_receipt_is_written_although_its_invoice_was_wholly_credited_before()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        await deal.Becomes(await deal.Refunded(), RefundState.Completed);
        var invoice = (await world.Of(deal.Order)).Single(p => p.Kind == InvoiceKind.Invoice);
        invoice.State.ShouldBe(InvoiceState.Void);
        // As if the job of the receipt had come last.
        await world.Database.Execute("delete from money.invoice_files where invoice_id in (select id from money.invoices where payment_id = $1 and kind = 'receipt')", payment.Value);
        await world.Database.Execute("delete from money.invoices where payment_id = $1 and kind = 'receipt'", payment.Value);
        await world.Data().InTransaction(tx => IssueReceipt.Run(tx, new IssueReceipt(deal.Order, payment, null)));
        (await world.Database.Value<Guid>("select invoice_id from money.invoices where payment_id = $1 and kind = 'receipt'", payment.Value)).ShouldBe(invoice.Id.Value);
    }

    [Theory, InlineData(10_000), InlineData(25_000)]
    [Covers("M-18", "money-99")]
    public async Task A_refund_that_was_credited_and_then_failed_is_invoiced_again(long refunded)
    {
        var deal = await world.Order();
        await deal.Pays();
        var refund = await deal.Refunded(refunded);
        await deal.Becomes(refund, RefundState.Completed);
        var before = await world.Of(deal.Order);
        before.Where(p => p.Kind == InvoiceKind.CreditNote).Select(p => p.Total.Minor).ShouldBe([refunded]);
        await world.Data().InTransaction(tx => SettleRefund.Run(tx, Caller.Gateway("stripe"),
            new RefundFact(refund, RefundFactState.Failed, new Amount(refunded, Papers.Kwd), "re_x", "The account is closed.")));
        await Eventually.True(async () => (await world.Of(deal.Order)).Count > before.Count, "Nothing was issued after the refund had failed.");
        var papers = await world.Of(deal.Order);
        papers.Single(p => p.Kind == InvoiceKind.Invoice && p.State == InvoiceState.Paid).Total.Minor.ShouldBe(25_000);
        (papers.Where(p => p.Kind == InvoiceKind.Invoice).Sum(p => p.Total.Minor) - papers.Where(p => p.Kind == InvoiceKind.CreditNote).Sum(p => p.Total.Minor)).ShouldBe(25_000);
        if (refunded == 25_000) return; // the gateway itself knows that nothing is left
        await deal.Becomes(await deal.Refunded(5_000), RefundState.Completed);
        papers = await world.Of(deal.Order);
        papers.Single(p => p.Kind == InvoiceKind.Invoice && p.State == InvoiceState.Paid).Credited.Minor.ShouldBe(5_000);
    }
}
