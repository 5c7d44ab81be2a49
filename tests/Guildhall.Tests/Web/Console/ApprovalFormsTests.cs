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
