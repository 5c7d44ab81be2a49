using System.Security.Cryptography;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Invoices;
using Guildhall.Money.Orders;

namespace Guildhall.Tests.Money.Invoices;

/// <summary>What a paid order, a refund and a correction leave on paper.</summary>
public sealed class InvoiceTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-18")]
    public async Task A_paid_order_gets_one_invoice_and_one_receipt_however_often_it_is_told_to_be_paid()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        var fact = new OrderPaid(deal.Order, "test", Guid.NewGuid(), payment, new Amount(25_000, Papers.Kwd));
        for (var i = 0; i < 5; i++) await world.Data(i % 2).InTransaction(tx => WhenOrderPaid.Run(tx, fact));

        var papers = await world.Of(deal.Order);
        papers.Select(p => (p.Kind, p.State, p.Total.Minor)).ShouldBe([(InvoiceKind.Invoice, InvoiceState.Paid, 25_000), (InvoiceKind.Receipt, InvoiceState.Issued, 25_000)]);
        papers[0].Number.ShouldMatch(@"^INV-\d{4}-\d{6}$");
        papers[1].Number.ShouldMatch(@"^RC-\d{4}-\d{6}$");
        (await world.Reads(papers[0].Id)).Related.ShouldHaveSingleItem().Number.ShouldBe(papers[1].Number);
    }

    [Fact]
    [Covers("M-18")]
    public async Task Ten_issues_of_one_order_at_once_make_one_invoice()
    {
        var deal = await world.Order();
        await world.Database.Execute("update money.orders set state = 'paid', paid_at = now(), paid_payment_id = gen_random_uuid() where id = $1", deal.Order.Value);
        await using (var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value))
        {
            var racers = Enumerable.Range(0, 10).Select(i => world.Data(i % 2).InTransaction(tx => IssueOrderInvoice.Run(tx, new IssueOrderInvoice(deal.Order, 500)))).ToList();
            await gate.OpenWhenWaiting(10);
            await Task.WhenAll(racers);
        }
        (await world.Of(deal.Order)).ShouldHaveSingleItem();
        await world.Database.Execute("update money.orders set state = 'open', paid_at = null, paid_payment_id = null where id = $1", deal.Order.Value);
    }

    [Fact]
    [Covers("M-18", "money-32")]
    public async Task Refunds_are_credited_once_they_have_reached_the_customer_and_never_more_than_was_invoiced()
    {
        var deal = await world.Order();
        await deal.Pays();
        foreach (var minor in new[] { 10_000, 15_000 }) await deal.Becomes(await deal.Refunded(minor), Guildhall.Money.Refunds.RefundState.Completed);
        await world.JobsAreDone();

        var papers = await world.Of(deal.Order);
        papers.Where(p => p.Kind == InvoiceKind.CreditNote).Select(p => p.Total.Minor).Order().ShouldBe([10_000, 15_000]);
        papers.Count(p => p.Kind == InvoiceKind.Receipt).ShouldBe(3);
        var invoice = papers.Single(p => p.Kind == InvoiceKind.Invoice);
        (invoice.State, invoice.Credited.Minor).ShouldBe((InvoiceState.Void, 25_000));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Data().InTransaction(async tx =>
        {
            var row = (await InvoiceRows.Find(tx, invoice.Id))!;
            await WriteDocument.Run(tx, Caller.System("test"), IssueCreditNote.Of(tx, row, 1, "one more"));
        }));
    }

    [Fact]
    [Covers("M-18", "M-2")]
    public async Task Of_what_was_only_partly_taken_the_papers_say_what_was_taken()
    {
        var (deal, payment) = await world.Held();
        (await Guildhall.Money.Payments.CapturePayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, payment, new(new Amount(20_010, Papers.Kwd)), default)).OrThrow();
        await deal.Becomes(payment, Guildhall.Money.Payments.PaymentState.Captured);
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
        await world.Data().InTransaction(tx => Guildhall.Money.Payments.SettlePayment.Run(tx, Caller.Gateway("stripe"),
            new Guildhall.Money.Gateways.PaymentFact(id, Guildhall.Money.Gateways.FactState.Captured, new Amount(30_000, Papers.Kwd), $"pi_{id}")));
        var item = await world.Database.Value<long>("select id from money.quarantine where payment_id = $1", id.Value);
        (await Guildhall.Money.Quarantine.ResolveQuarantine.Run(world.Data(), world.Gateways, MoneyWorld.Staff, item, new(Guildhall.Money.Quarantine.Resolution.Accepted, "Enough."), default)).OrThrow();
        var papers = await world.Of(invoice.Document.OrderId);
        papers.Where(p => p.Kind == InvoiceKind.CreditNote).Select(p => p.Total.Minor).ShouldBe([10_000]);
        papers.Single(p => p.Kind == InvoiceKind.Receipt).Total.Minor.ShouldBe(30_000);
        (await world.Reads(invoice.Document.Id)).Document.Credited.Minor.ShouldBe(10_000);
    }

    [Fact]
    [Covers("M-18")]
    public async Task Two_credit_notes_at_once_cannot_take_back_more_than_the_invoice()
    {
        var deal = await world.Order();
        await deal.Pays();
        var invoice = (await world.Of(deal.Order))[0];
        await using var gate = await Gate.Close(world.Database, "select 1 from money.invoice_guards where invoice_id = $1 for update", invoice.Id.Value);
        var racers = Enumerable.Range(0, 4).Select(i => world.Data(i % 2).InTransaction(async tx =>
        {
            var row = (await InvoiceRows.Find(tx, invoice.Id))!;
            return await WriteDocument.Run(tx, Caller.System("test"), IssueCreditNote.Of(tx, row, 15_000, "too much together"));
        })).ToList();
        await gate.OpenWhenWaiting(4);
        var outcomes = await Task.WhenAll(racers.Select(async r => { try { await r; return true; } catch (Npgsql.PostgresException) { return false; } }));
        outcomes.Count(ok => ok).ShouldBe(1);
        (await world.Reads(invoice.Id)).Document.Credited.Minor.ShouldBe(15_000);
    }

    [Fact]
    [Covers("M-18", "money-99")]
    public async Task A_corrected_invoice_keeps_its_bytes_and_is_replaced_by_a_credit_note_and_a_new_one()
    {
        var (buyer, provider) = (await world.Account(), await world.Account("Omar Provider"));
        var wrong = await world.Issues(world.Bill(buyer, provider));
        var before = await world.File(wrong.Document.Id);
        var row = await Row(wrong.Document.Id);

        var answer = (await world.As(MoneyWorld.Staff).Post($"admin/invoices/{wrong.Document.Id}/actions/correct", new
        {
            reason = "The company's name was missing.",
            lines = new[] { new { text = "Plan of the house", amount = new { minor = 40_000, currency = "KWD" }, taxBasisPoints = 0 } },
            buyerDetails = new { name = "Mona & Sons WLL", taxId = "KW-7" },
        })).Must(201);
        await world.JobsAreDone();

        answer.Word("ofNumber").ShouldBe(wrong.Document.Number);
        answer.Word("document.number").ShouldNotBe(wrong.Document.Number);
        (await world.File(wrong.Document.Id)).ShouldBe(before);
        (await Row(wrong.Document.Id)).ShouldBe(row);
        (await world.Reads(wrong.Document.Id)).Document.State.ShouldBe(InvoiceState.Void);
        var papers = await world.Of(wrong.Document.OrderId);
        papers.Count.ShouldBe(3);
        var text = await new PdfReader(await world.File(papers.Single(p => p.Kind == InvoiceKind.Invoice && p.State == InvoiceState.Issued).Id)).Text();
        text.ShouldContain("Mona & Sons WLL");
        text.ShouldContain(wrong.Document.Number);

        object Again(long minor) => new { reason = "again", lines = new[] { new { text = "x", amount = new { minor, currency = "KWD" } } } };
        (await world.As(MoneyWorld.Staff).Post($"admin/invoices/{wrong.Document.Id}/actions/correct", Again(40_000))).MustRefuse(MoneyRefusals.InvoiceVoid);
        (await world.As(MoneyWorld.Staff).Post($"admin/invoices/{answer.Word("document.id")}/actions/correct", Again(39_999))).MustRefuse(MoneyRefusals.InvoiceSumChanged);
    }

    [Fact]
    [Covers("M-18", "money-99")]
    public async Task Nothing_issued_can_be_changed_or_removed_by_the_product()
    {
        var deal = await world.Order();
        await deal.Pays();
        var invoice = (await world.Of(deal.Order))[0];
        var file = await world.File(invoice.Id);
        SHA256.HashData(file).ShouldBe(await world.Database.Value<byte[]>("select sha256 from money.invoice_files where invoice_id = $1", invoice.Id.Value));
        foreach (var sql in new[]
        {
            "update money.invoices set total_minor = 1", "delete from money.invoices", "truncate money.invoices", "update money.invoice_files set bytes = 1", "delete from money.invoice_files",
            "update money.invoice_guards set credited_minor = 0", "update money.invoice_series set last_no = 0", "delete from money.invoice_series", "delete from money.pay_links", "update money.pay_links set made_at = now()",
            "insert into money.invoices (id) values (gen_random_uuid())", "insert into money.invoice_series (series, last_no) values ('X', 1)", "insert into money.invoice_guards values (gen_random_uuid(), gen_random_uuid(), 1)",
        }) (await world.Database.RefusedToApp(sql)).ShouldBe("42501", sql);

        // A second rendering, as after a lease that ran out, changes nothing.
        await RenderInvoice.Run(new Guildhall.Foundation.Jobs.JobContext(0, 1, 1, world.Data(), world.Node(0).Services, default), new RenderInvoice(invoice.Id));
        (await world.File(invoice.Id)).ShouldBe(file);
    }

    [Fact]
    [Covers("M-18", "money-101")]
    public async Task Erasing_the_buyer_makes_name_and_file_unreadable_and_leaves_number_amount_and_hash()
    {
        var (buyer, provider) = (await world.Account("Mona Secretname"), await world.Account());
        var invoice = await world.Issues(world.Bill(buyer, provider));
        (await new PdfReader(await world.File(invoice.Document.Id)).Text()).ShouldContain("Mona Secretname");
        var before = (await world.Reads(invoice.Document.Id)).Document;

        await world.Data().InTransaction(tx => PersonKeys.Destroy(tx, buyer.AccountId!.Value));

        var after = await world.Reads(invoice.Document.Id);
        (after.Document, after.Buyer).ShouldBe((before, null));
        (await world.As(MoneyWorld.Staff).Get($"invoices/{before.Id}/pdf")).MustRefuse(MoneyRefusals.InvoiceErased);
        (await world.Database.Count("money.invoices where id = $1 and (content like '%Secretname%' or position('Secretname'::bytea in buyer_sealed) > 0)", before.Id.Value)).ShouldBe(0);
        (await world.Database.Count("money.invoices where id = $1 and content_sha256 = sha256(convert_to(content, 'UTF8'))", before.Id.Value)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-18", "money-51")]
    public async Task An_Arabic_reader_gets_an_Arabic_file_with_the_digits_of_the_currency()
    {
        var (buyer, provider) = (await world.Account("منى العلي", "ar"), await world.Account());
        var invoice = await world.Issues(world.Bill(buyer, provider, new IssueInvoice.Line("مخطط البيت", new Amount(1_234_500, Papers.Kwd), 500)));
        var text = await new PdfReader(await world.File(invoice.Document.Id)).Text();
        foreach (var words in new[] { "فاتورة", "منى", "العلي", "1,234.500 KWD", "الإجمالي", invoice.Document.Number }) text.ShouldContain(words);
        var yen = await world.Issues(world.Bill(buyer, provider, new IssueInvoice.Line("مخطط", new Amount(1_234, Currency.Of("JPY")))));
        (await new PdfReader(await world.File(yen.Document.Id)).Text()).ShouldContain("1,234 JPY");
    }

    [Fact]
    [Covers("M-18", "money-100")]
    public async Task Buyer_provider_and_staff_read_it_and_a_stranger_finds_nothing()
    {
        var deal = await world.Order();
        await deal.Pays();
        var id = (await world.Of(deal.Order))[0].Id;
        await world.File(id);
        foreach (var reader in new[] { deal.Customer, deal.Provider, MoneyWorld.Person("invoice.view") })
        {
            (await world.As(reader).Get($"invoices/{id}")).Must().Word("document.id").ShouldBe(id.ToString());
            var file = (await world.As(reader).Get($"invoices/{id}/pdf")).Must();
            file.Headers["Content-Type"].ShouldBe("application/pdf");
            file.Headers["Content-Disposition"].ShouldContain("INV-");
        }
        (await world.As(deal.Customer).Get("invoices?kind=invoice")).Must().At("invoices").GetArrayLength().ShouldBe(1);

        var stranger = world.As(MoneyWorld.Person());
        (await stranger.Get($"invoices/{id}")).MustRefuse(MoneyRefusals.InvoiceNotFound);
        (await stranger.Get($"invoices/{id}/pdf")).MustRefuse(MoneyRefusals.InvoiceNotFound);
        (await stranger.Get("invoices")).Must().At("invoices").GetArrayLength().ShouldBe(0);
        (await stranger.Get($"invoices?after={id}&kind=invoice")).Must().At("invoices").GetArrayLength().ShouldBe(0);
        foreach (var path in new[] { "admin/invoices", "admin/invoices.csv" }) (await stranger.Get(path)).Must(403);
        (await stranger.Post("admin/invoices", new { })).Must(403);
        foreach (var act in new[] { "void", "correct" }) (await stranger.Post($"admin/invoices/{id}/actions/{act}", new { reason = "mine" })).Must(403);
        (await world.Visitor().Get($"invoices/{id}")).Must(401);
        (await world.As(MoneyWorld.Staff).Get($"admin/invoices?kind={Uri.EscapeDataString("x' or '1'='1")}")).Must().At("invoices").GetArrayLength().ShouldBe(0);
        var csv = (await world.As(MoneyWorld.Staff).Get("admin/invoices.csv?kind=invoice&state=paid")).Must().Text;
        csv.ShouldStartWith("number,kind,state");
        csv.ShouldContain(",paid,");
    }

    private async Task<string> Row(InvoiceId id) => await world.Database.Value<string>("select md5(i::text) from money.invoices i where i.id = $1", id.Value);
}
