using Guildhall.Tests.Money;
using Guildhall.Tests.Money.Withdrawals;

namespace Guildhall.Tests.Web.Console;

/// <summary>Payments and withdrawals are found by what staff know of them, and the table to download holds the same rows.</summary>
public sealed class MoneyListTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    [Fact]
    [Covers("A-3", "M-16")]
    public async Task A_list_of_payments_is_narrowed_and_its_table_says_the_same()
    {
        var deal = await world.Order(new Amount(25_110, MoneyWorld.Kwd));
        var payment = await deal.Pays();
        var other = await (await world.Order(new Amount(26_220, MoneyWorld.Kwd))).Pays();
        var browser = new StaffBrowser(world, MoneyWorld.Person("payment.view"));
        var day = world.Clock.Now.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (query, finds) in new[]
        {
            ("currency=KWD&least=25.110&most=25.110", true), ("currency=KWD&least=25.120&most=25.200", false), ("currency=kwd&gateway=stripe&least=25.110&most=25.110", true),
            ("gateway=knet&currency=KWD&least=25.110", false), ($"from={day}&until=2999-01-01", true), ("until=2020-01-01", false), ("state=captured&currency=KWD", true), ("state=failed", false),
            ("state=in_escrow&currency=USD", false), ($"provider={new Guildhall.Identity.AccountId(deal.Provider.AccountId!.Value)}", true),
        })
        {
            var page = (await browser.Opens("/console/payments?" + query)).Must().Text;
            page.Contains($"/console/payments/{payment}\"", StringComparison.Ordinal).ShouldBe(finds, query);
            var link = System.Net.WebUtility.HtmlDecode(page[page.IndexOf("/api/v1/admin/payments.csv", StringComparison.Ordinal)..]).Split('"')[0];
            var csv = (await browser.Opens(link)).Must().Text;
            csv.Contains($"{payment},", StringComparison.Ordinal).ShouldBe(finds, link);
        }
        (await browser.Opens("/console/payments?least=5")).Must().Text.ShouldContain("Amounts need a currency");
        var all = (await world.As(MoneyWorld.Staff).Get("admin/payments.csv?currency=KWD&least=25110&most=25110")).Must().Text;
        all.ShouldContain("captured,stripe");
        all.ShouldContain(",KWD,25.110,25.110,0.000,");
        all.ShouldNotContain(other.ToString());
        (await world.As(MoneyWorld.Person("withdrawal.view")).Get("admin/payments.csv")).Must(403);
    }

    [Fact]
    [Covers("A-3", "M-13")]
    public async Task A_list_of_withdrawals_is_narrowed_and_its_table_says_the_same()
    {
        var deal = await world.Order();
        await deal.PaidAndReleased();
        var asked = (await world.Asks(deal.Provider, 11_000)).OrThrow().Id;
        var browser = new StaffBrowser(world, MoneyWorld.Person("withdrawal.view"));
        foreach (var (query, finds) in new[]
        {
            ("state=pending&currency=KWD&least=11&most=11", true), ("state=all&currency=KWD&least=11.001", false), ("state=completed", false),
            ($"state=all&provider={new Guildhall.Identity.AccountId(deal.Provider.AccountId!.Value)}", true), ("state=all&gateway=bank_file", false), ("state=all&until=2020-01-01", false),
        })
        {
            (await browser.Opens("/console/withdrawals?" + query)).Must().Text.Contains($"/console/withdrawals/{asked}\"", StringComparison.Ordinal).ShouldBe(finds, query);
        }
        var csv = (await world.As(MoneyWorld.Staff).Get($"admin/withdrawals.csv?state=pending&provider={deal.Provider.AccountId}")).Must().Text;
        csv.ShouldContain($"{asked},pending,");
        csv.ShouldContain(",KWD,11.000,0.000,11.000,");
        csv.ShouldNotContain("CBKU", customMessage: "bank details stay sealed");
        (await world.As(MoneyWorld.Person("payment.view")).Get("admin/withdrawals.csv")).Must(403);
    }
}
