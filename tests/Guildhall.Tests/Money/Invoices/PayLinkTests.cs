using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Invoices;
using Guildhall.Money.Orders;

namespace Guildhall.Tests.Money.Invoices;

/// <summary>Invoices to be paid: issued by staff, paid by whoever has the link, at the gateway like anything else.</summary>
public sealed class PayLinkTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-18")]
    public async Task Whoever_has_the_link_sees_and_pays_it_without_signing_in_and_it_says_that_it_is_paid()
    {
        var (buyer, provider) = (await world.Account(), await world.Account("Omar"));
        var invoice = await world.Issues(world.Bill(buyer, provider));
        var link = invoice.PayLink.ShouldNotBeNull();
        link.ShouldMatch("^/pay/[A-Za-z0-9_-]{43}$");

        var seen = (await world.Visitor().Get($"/api/v1{link}")).Must();
        (seen.Word("state"), seen.Word("number"), seen.At("total.minor").GetInt64()).ShouldBe(("payable", invoice.Document.Number, 40_000));
        await world.PaysBy(link);

        (await world.Visitor().Post($"/api/v1{link}/payments")).MustRefuse(MoneyRefusals.OrderPaid);
        var papers = await world.Of(invoice.Document.OrderId);
        papers.Select(p => (p.Kind, p.State)).ShouldBe([(InvoiceKind.Invoice, InvoiceState.Paid), (InvoiceKind.Receipt, InvoiceState.Issued)]);
        (await world.Books.Has(provider)).ShouldBe(34_000); // delivered when it was invoiced: released, less the fee
        (await world.Reads(invoice.Document.Id, buyer)).PayLink.ShouldBeNull();
    }

    [Fact]
    [Covers("M-18")]
    public async Task A_link_is_guessed_by_nobody_kept_by_nobody_and_mailed_once()
    {
        var (buyer, provider) = (await world.Account(), await world.Account());
        var invoice = await world.Issues(world.Bill(buyer, provider));
        var token = invoice.PayLink![5..];
        await world.JobsAreDone();

        foreach (var wrong in new[] { "x", token[..42] + (token[42] == 'A' ? 'B' : 'A'), new string('A', 43), invoice.Document.Id.ToString(), "%27or%271%27=%271" })
            (await world.Visitor().Get($"/api/v1/pay/{wrong}")).Must(404);
        (await world.Database.Count($"money.pay_links l where l::text like '%{token}%'")).ShouldBe(0);
        (await world.Database.Count($"foundation.jobs j where j::text like '%{token}%'")).ShouldBe(0);
        (await world.Database.Count($"messaging.notices n where n::text like '%{token}%'")).ShouldBe(0);
        (await world.Database.Count("messaging.deliveries where person_id = $1 and template = 'invoice_to_pay'", buyer.AccountId!.Value)).ShouldBe(1);
        (await world.As(provider).Get($"invoices/{invoice.Document.Id}")).Must().At("payLink").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    [Covers("M-18", "M-11", "money-40")]
    public async Task What_a_complaint_holds_is_released_when_the_complaint_has_ended()
    {
        var (buyer, provider) = (await world.Account(), await world.Account("Omar"));
        var invoice = await world.Issues(world.Bill(buyer, provider));
        world.WhenPaid = async (tx, fact) => (await Guildhall.Money.Escrow.HoldOrder.Hold(tx, MoneyWorld.Staff, fact.Order, "Not what was agreed.")).OrThrow();
        await world.PaysBy(invoice.PayLink!);
        (await world.Books.Has(provider)).ShouldBe(0);
        (await Guildhall.Money.Escrow.HoldOrder.End(world.Data(), MoneyWorld.Staff, invoice.Document.OrderId, "Settled.", default)).OrThrow();
        await world.Clock.Passes(2.Hours());
        await world.EventuallyOr("It was never released.", async () => await world.Books.Has(provider) == 34_000);
    }

    [Fact]
    [Covers("M-18")]
    public async Task A_voided_and_an_expired_link_say_so_and_take_no_money()
    {
        var (buyer, provider) = (await world.Account(), await world.Account());
        var voided = await world.Issues(world.Bill(buyer, provider));
        (await world.As(MoneyWorld.Staff).Post($"admin/invoices/{voided.Document.Id}/actions/void", new { reason = "Never ordered." })).Must().Word("document.state").ShouldBe("void");
        (await world.Visitor().Get($"/api/v1{voided.PayLink}")).Must().Word("state").ShouldBe("void");
        (await world.Visitor().Post($"/api/v1{voided.PayLink}/payments")).MustRefuse(MoneyRefusals.InvoiceVoid);
        var note = (await world.Of(voided.Document.OrderId)).Single(p => p.Kind == InvoiceKind.CreditNote);
        (note.Total.Minor, note.Of).ShouldBe((40_000, voided.Document.Id));

        var late = await world.Issues(world.Bill(buyer, provider));
        await world.Clock.Passes(TimeSpan.FromDays(15));
        (await world.Visitor().Get($"/api/v1{late.PayLink}")).Must().Word("state").ShouldBe("expired");
        (await world.Visitor().Post($"/api/v1{late.PayLink}/payments")).MustRefuse(MoneyRefusals.OrderExpired);
    }

    [Fact]
    [Covers("M-18")]
    public async Task A_paid_invoice_is_not_voided_and_one_voided_while_it_was_being_paid_is_issued_anew()
    {
        var (buyer, provider) = (await world.Account(), await world.Account());
        var paid = await world.Issues(world.Bill(buyer, provider));
        await world.PaysBy(paid.PayLink!);
        (await world.As(MoneyWorld.Staff).Post($"admin/invoices/{paid.Document.Id}/actions/void", new { reason = "oops" })).MustRefuse(MoneyRefusals.InvoicePaid);

        var racing = await world.Issues(world.Bill(buyer, provider));
        (await world.Visitor().Post($"/api/v1{racing.PayLink}/payments")).Must(201);
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments order by id desc limit 1"), "timeout_but_charged");
        await VoidInvoice.Run(world.Data(), world.Get<MasterKey>(), MoneyWorld.Staff, racing.Document.Id, "Too late?", default);
        await world.JobsAreDone();
        var papers = await world.Of(racing.Document.OrderId);
        var order = (await Guildhall.Money.Orders.Orders.Find(world.Data(), racing.Document.OrderId))!;
        papers.Count(p => p.Kind == InvoiceKind.Invoice && p.State == InvoiceState.Paid).ShouldBe(order.State == OrderState.Paid ? 1 : 0);
    }

    [Fact]
    [Covers("M-18")]
    public async Task A_deposit_stays_in_escrow_until_the_final_invoice_that_takes_it_off_is_paid()
    {
        var (buyer, provider) = (await world.Account(), await world.Account());
        var deposit = await world.Issues(world.Bill(buyer, provider, new IssueInvoice.Line("In advance", new Amount(10_500, Papers.Kwd), 500)) with { Deposit = true });
        var final = world.Bill(buyer, provider, new IssueInvoice.Line("The house", new Amount(105_000, Papers.Kwd), 500)) with { Deducts = deposit.Document.Id };
        (await IssueInvoice.Run(world.Data(), world.Get<MasterKey>(), MoneyWorld.Staff, final, default)).Refusal.ShouldBe(MoneyRefusals.DepositNotUsable); // not paid yet
        await world.PaysBy(deposit.PayLink!);
        (await world.Books.Has(provider)).ShouldBe(0);

        await using (var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deposit.Document.OrderId.Value))
        {
            var racers = Enumerable.Range(0, 3).Select(i => IssueInvoice.Run(world.Data(i % 2), world.Get<MasterKey>(), MoneyWorld.Staff, final, default)).ToList();
            await gate.OpenWhenWaiting(3);
            var outcomes = await Task.WhenAll(racers);
            outcomes.Count(o => o.Granted).ShouldBe(1);
            var issued = outcomes.Single(o => o.Granted).OrThrow();
            (issued.Document.Total.Minor, issued.Document.Tax.Minor).ShouldBe((94_500, 4_500));
            await world.PaysBy(issued.PayLink!);
        }
        (await world.Books.Has(provider)).ShouldBe(105_000 * 85 / 100);
    }

    [Fact]
    [Covers("M-18", "money-1")]
    public async Task Ten_posts_with_one_key_issue_one_invoice()
    {
        var (buyer, provider) = (await world.Account(), await world.Account());
        var (staff, key) = (world.As(MoneyWorld.Staff), Guid.NewGuid().ToString());
        var body = world.Bill(buyer, provider);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => staff.Post("admin/invoices", new
        {
            buyer = body.Buyer.ToString(), provider = body.Provider.ToString(), dueAt = body.DueAt, lines = new[] { new { text = "Once", amount = new { minor = 5_000, currency = "KWD" }, taxBasisPoints = 500 } },
        }, key)));
        answers.ShouldAllBe(a => a.Status == 201);
        answers.Select(a => a.Word("document.number")).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-18", "money-49")]
    public async Task What_cannot_be_invoiced_is_refused_with_the_reason()
    {
        var (buyer, provider) = (await world.Account(), await world.Account());
        var good = world.Bill(buyer, provider);
        async Task Refused(IssueInvoice.Body body, Refusal refusal) => (await IssueInvoice.Run(world.Data(), world.Get<MasterKey>(), MoneyWorld.Staff, body, default)).Refusal!.Code.ShouldBe(refusal.Code);
        await Refused(good with { Lines = [] }, MoneyRefusals.InvoiceInvalid);
        await Refused(good with { Lines = [new("", new Amount(1, Papers.Kwd))] }, MoneyRefusals.InvoiceInvalid);
        await Refused(good with { Lines = [new("x", new Amount(0, Papers.Kwd))] }, MoneyRefusals.AmountNotPositive);
        await Refused(good with { Lines = [new("x", new Amount(-1, Papers.Kwd)), new("y", new Amount(5, Papers.Kwd))] }, MoneyRefusals.InvoiceInvalid);
        await Refused(good with { Lines = [new("x", new Amount(long.MaxValue, Papers.Kwd)), new("y", new Amount(1, Papers.Kwd))] }, MoneyRefusals.InvoiceInvalid);
        await Refused(good with { Lines = [new("x", new Amount(1, Papers.Kwd)), new("y", new Amount(1, MoneyWorld.Usd))] }, MoneyRefusals.InvoiceInvalid);
        await Refused(good with { Lines = [.. Enumerable.Repeat(new IssueInvoice.Line("x", new Amount(1, Papers.Kwd)), 101)] }, MoneyRefusals.InvoiceInvalid);
        await Refused(good with { DueAt = world.Clock.Now }, MoneyRefusals.InvoiceInvalid);
        await Refused(good with { Provider = good.Buyer }, MoneyRefusals.InvoiceInvalid);
        (await world.Database.Count("money.invoices where buyer_id = $1", buyer.AccountId!.Value)).ShouldBe(0);
    }
}
