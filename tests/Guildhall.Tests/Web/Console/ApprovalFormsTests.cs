using Guildhall.Foundation.Security;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Web.Console;

public sealed class ApprovalFormsTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    private static readonly Caller Mona = MoneyWorld.Person("settlement.record", "approval.decide", "payment.view", "fee.edit");
    private static readonly Caller Sami = MoneyWorld.Person("settlement.record", "approval.decide");

    [Fact, Covers("M-22", "A-3")]
    public async Task One_records_an_order_paid_in_cash_and_another_approves_it_on_its_page()
    {
        var deal = await world.Order();
        var browser = new StaffBrowser(world, Mona);
        var proposed = await browser.Does("/console/settlements", "/console/settlements/orders", ("order", deal.Order.ToString()), ("by", "cash"), ("document", "Receipt 17"), ("reason", "At the desk."));
        proposed.Must().Text.ShouldContain("another member of staff decides");
        var page = $"/console/approvals/{new Guildhall.Money.ApprovalId(await world.Database.Value<Guid>("select id from money.approvals where subject = $1", deal.Order.ToString()))}";
        (await new StaffBrowser(world, Sami).Opens("/console/approvals")).Must().Text.ShouldContain($"href=\"{page}\"");
        var done = await new StaffBrowser(world, Sami).Does(page, page + "/approve");
        done.Must().Text.ShouldContain("Approved and done");
        (await deal.Owes("cash")).ShouldBe(-25_000);
        await world.SettlesDown();
    }

    [Fact, Covers("M-22")]
    public async Task What_is_missing_is_said_at_its_field_and_what_was_typed_stays()
    {
        var deal = await world.Order();
        var shown = await new StaffBrowser(world, Mona).Does("/console/settlements", "/console/settlements/orders", ("order", deal.Order.ToString()), ("by", "cash"), ("document", ""), ("reason", "Kept as typed"));
        shown.Must().Text.ShouldContain("Name the document");
        shown.Text.ShouldContain("Kept as typed");
        (await world.Database.Value<long>("select count(*) from money.approvals where subject = $1", deal.Order.ToString())).ShouldBe(0);
    }

    [Fact, Covers("B-4", "A-3")]
    public async Task Cancellation_terms_are_set_after_it_was_shown_what_they_do()
    {
        const string Page = "/console/cancellation-terms";
        var browser = new StaffBrowser(world, MoneyWorld.Person("booking.terms"));
        (await browser.Opens(Page)).Must().Text.ShouldContain("Free to cancel until 24 h before");
        var tried = $"{Page}?h1=48&p1=100&h2=12&p2=40&later=10&noshow=0&move=48&moves=2&sale=25&in=KWD";
        var shown = System.Net.WebUtility.HtmlDecode((await browser.Opens(tried)).Must().Text);
        shown.ShouldContain("until 12 h before");
        shown.ShouldContain("10<span class=\"amount-part\">.000"); // 40 % of 25
        (await browser.Opens(tried.Replace("later=10", "later=50", StringComparison.Ordinal))).Text.ShouldContain("Who cancels later never gets more back");
        var stale = await browser.Form(tried, Page + "/set");
        (await browser.Does(tried, Page + "/set", ("why", "Two days are fair."))).Must().Text.ShouldContain("Version 2 holds");
        stale["why"] = "Too late.";
        (await browser.Opens((await browser.Sends(Page + "/set", stale)).Must(303).Headers["Location"])).Text.ShouldContain("Somebody has set these terms since you looked");
        (await browser.Opens(Page)).Text.ShouldContain("Two days are fair.");
        await world.Database.Execute("delete from marketplace.cancellation_policies where version = 2");
    }

    [Fact, Covers("M-11", "A-3")]
    public async Task A_fee_rule_is_tried_set_and_retired_on_one_page()
    {
        await world.Database.Execute("delete from money.fee_rules");
        var browser = new StaffBrowser(world, Mona);
        var set = await browser.Does("/console/fees", "/console/fees/set", ("percent", "12.5"), ("currency", "KWD"), ("fixed", "0.250"), ("tax", "10"), ("reason", "Agreed."));
        set.Must().Text.ShouldContain("12.5 %, plus 0.250");
        var tried = System.Net.WebUtility.HtmlDecode((await browser.Opens("/console/fees?sale=100&in=KWD")).Must().Text);
        tried.ShouldContain("12<span class=\"amount-part\">.750"); // 12.5 % of 100 and 0.250
        tried.ShouldContain("1<span class=\"amount-part\">.275");
        (await browser.Does("/console/fees", "/console/fees/set", ("percent", "12.555"), ("reason", "No."))).Must().Text.ShouldContain("at most two decimals");
        var id = new Guildhall.Money.FeeRuleId(await world.Database.Value<Guid>("select id from money.fee_rules where retired_at is null"));
        (await browser.Does("/console/fees", $"/console/fees/{id}/retire")).Must().Text.ShouldContain("Retired.");
        (await world.Database.Value<long>("select count(*) from money.fee_rules where retired_at is null")).ShouldBe(0);
    }
}
