using Guildhall.Tests.Money;
using Guildhall.Tests.Money.Invoices;

namespace Guildhall.Tests.Web.Console;

/// <summary>Invoices at the browser: issued, corrected and voided by staff, paid by whoever has the link, kept by the buyer.</summary>
public sealed class InvoicePagesTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    [Fact, Covers("M-18", "A-3")]
    public async Task Staff_issue_an_invoice_once_however_often_it_is_pressed_and_void_it()
    {
        var (buyer, provider) = (await world.Account(), await world.Account("Omar"));
        var staff = new StaffBrowser(world, MoneyWorld.Staff);
        var form = await staff.Form("/console/invoices/new", "/console/invoices/new");
        foreach (var (name, value) in Typed(buyer, provider)) form[name] = value;
        var first = (await staff.Sends("/console/invoices/new", form)).Must(303).Headers["Location"];
        (await staff.Sends("/console/invoices/new", form)).Must(303).Headers["Location"].ShouldBe(first);

        var shown = (await staff.Opens(first)).Must().Text;
        foreach (var words in new[] { "Plan of the house", "40.000", "Waits to be paid", "/pay/" }) shown.ShouldContain(words);
        (await staff.Does(first, first + "/void", ("reason", "Never ordered"))).Text.ShouldContain("Void. The credit note is issued");
        (await staff.Opens(first)).Text.ShouldNotContain($"action=\"{first}/void\"");
        (await staff.Opens("/console/invoices?kind=credit_note")).Must().Text.ShouldContain("CN-");
        (await staff.Opens("/console/invoices.csv?kind=invoice&state=void&number=")).Must().Text.ShouldContain(",void,");
    }

    [Fact, Covers("M-18")]
    public async Task What_was_typed_wrongly_comes_back_with_the_reason()
    {
        var (buyer, provider) = (await world.Account(), await world.Account());
        var staff = new StaffBrowser(world, MoneyWorld.Staff);
        foreach (var (name, value) in new[] { ("lines", "no amount here"), ("lines", "x | 1.2345"), ("buyer", "acc_x"), ("due", "2020-01-01") })
        {
            var typed = Typed(buyer, provider).ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
            typed[name] = value;
            (await staff.Does("/console/invoices/new", "/console/invoices/new", [.. typed.Select(f => (f.Key, f.Value))])).Text.ShouldContain("Issue an invoice");
        }
        (await world.Database.Count("money.invoices where buyer_id = $1", buyer.AccountId!.Value)).ShouldBe(0);
    }

    [Fact, Covers("M-18", "money-99")]
    public async Task Staff_correct_an_invoice()
    {
        var wrong = await world.Issues(world.Bill(await world.Account(), await world.Account()));
        var page = $"/console/invoices/{wrong.Document.Id}";
        var staff = new StaffBrowser(world, MoneyWorld.Staff);
        var shown = await staff.Does(page, page + "/correct", ("why", "Tax was wrong"), ("name", "Mona & Sons"), ("lines", "Plan of the house | 40.000 | 0"));
        shown.Text.ShouldContain($"replaces {wrong.Document.Number}");
        shown.Text.ShouldContain("Mona &amp; Sons");
    }

    [Fact, Covers("M-18")]
    public async Task A_link_is_paid_at_the_browser_and_leads_back_to_itself()
    {
        var invoice = await world.Issues(world.Bill(await world.Account(), await world.Account("Omar")));
        var anybody = new Pages.Guest(world);
        var page = invoice.PayLink!;
        (await anybody.Opens(page)).Must().Text.ShouldContain("40.000");
        var away = (await anybody.Sends(page, page)).Must(303).Headers["Location"];
        away.ShouldStartWith("http");
        (await anybody.Opens(page)).Text.ShouldContain("A payment is under way");
        (await anybody.Opens($"/orders/{invoice.Document.OrderId}")).Must(303).Headers["Location"].ShouldBe(page);
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where order_id = $1", invoice.Document.OrderId.Value));
        await world.EventuallyOr("not paid", async () => (await anybody.Opens(page)).Text.Contains("This invoice is paid", StringComparison.Ordinal));
        (await new Pages.Guest(world).Opens("/pay/" + new string('A', 43))).Must(404);
        (await new Pages.Guest(world).Opens($"/orders/{invoice.Document.OrderId}")).Must(303).Headers["Location"].ShouldStartWith("/sign-in");
    }

    [Fact, Covers("M-18", "money-100")]
    public async Task A_buyer_finds_documents_and_files_and_a_stranger_none()
    {
        var deal = await world.Order();
        await deal.Pays();
        var invoice = (await world.Of(deal.Order))[0];
        await world.File(invoice.Id);
        var buyer = new StaffBrowser(world, deal.Customer);
        (await buyer.Opens("/invoices")).Must().Text.ShouldContain(invoice.Number);
        (await buyer.Opens($"/invoices/{invoice.Id}")).Must().Text.ShouldContain("Download the PDF");
        (await buyer.Opens($"/invoices/{invoice.Id}/file")).Must().Headers["Content-Type"].ShouldBe("application/pdf");
        var stranger = new StaffBrowser(world, MoneyWorld.Person());
        (await stranger.Opens($"/invoices/{invoice.Id}")).Must(404);
        (await stranger.Opens($"/invoices/{invoice.Id}/file")).Must(404);
        (await stranger.Opens("/console/invoices")).Must(403);
    }

    [Fact, Covers("M-18")]
    public async Task The_renderer_stands_among_the_integrations() =>
        (await world.As(MoneyWorld.Staff).Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == "pdf").GetProperty("state").GetString().ShouldBe("live");

    private static (string Name, string Value)[] Typed(Guildhall.Foundation.Security.Caller buyer, Guildhall.Foundation.Security.Caller provider) =>
    [
        ("buyer", new AccountId(buyer.AccountId!.Value).ToString()), ("provider", new AccountId(provider.AccountId!.Value).ToString()), ("currency", "KWD"),
        ("lines", "Plan of the house | 30.000 | 5\nA visit | 10.000"), ("due", DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
    ];
}
