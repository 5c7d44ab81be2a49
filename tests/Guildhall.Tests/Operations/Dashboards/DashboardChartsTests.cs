using System.Globalization;
using System.Text.Json;
using Guildhall.Tests.Money;
using Guildhall.Tests.Web.Console;

namespace Guildhall.Tests.Operations.Dashboards;

/// <summary>The charts of the staff: what each day brought, per currency, for who may see it; the page draws what the API says.</summary>
[Covers("A-3")]
public sealed class DashboardChartsTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    [Fact]
    public async Task Charged_fee_and_escrow_of_a_day_are_counted_in_each_currency_alone()
    {
        var before = (Kwd: await Today("KWD"), Usd: await Today("USD"));
        await (await world.Order(new Amount(40_000, MoneyWorld.Kwd))).PaidAndReleased();
        await (await world.Order(new Amount(20_000, MoneyWorld.Kwd))).Pays();
        await (await world.Order(new Amount(9_900, MoneyWorld.Usd))).Pays();
        var after = (Kwd: await Today("KWD"), Usd: await Today("USD"));

        (after.Kwd.Captured - before.Kwd.Captured, after.Kwd.Fee - before.Kwd.Fee, after.Kwd.Escrow - before.Kwd.Escrow).ShouldBe((60_000, 6_000, 20_000));
        (after.Usd.Captured - before.Usd.Captured, after.Usd.Fee - before.Usd.Fee, after.Usd.Escrow - before.Usd.Escrow).ShouldBe((9_900, 0, 9_900));
    }

    [Fact]
    public async Task Going_back_in_time_escrow_is_what_it_was()
    {
        await (await world.Order(new Amount(33_000, MoneyWorld.Kwd))).Pays();
        var held = (await Today("KWD")).Escrow;
        await world.Clock.Passes(TimeSpan.FromDays(2));
        await (await world.Order(new Amount(7_000, MoneyWorld.Kwd))).Pays();
        var days = (await Charts("payment.view")).GetProperty("money").EnumerateArray().Single(m => m.GetProperty("currency").GetString() is "KWD").GetProperty("days").EnumerateArray().ToArray();
        days.Length.ShouldBe(30);
        days.TakeLast(3).Select(d => d.Minor("escrow")).ShouldBe([held, held, held + 7_000]);
        days[^2].Minor("captured").ShouldBe(0);
    }

    [Fact]
    public async Task How_payments_ended_is_counted_by_gateway()
    {
        var before = await Ends();
        await (await world.Order()).Pays();
        var (paid, total) = await Ends();
        (paid - before.Paid, total - before.Total).ShouldBe((1, 1));
    }

    [Fact]
    [Covers("I-12")]
    public async Task A_part_is_for_who_may_see_what_it_counts()
    {
        string[] parts = ["money", "gateways", "bookings", "queue", "notifications"];
        foreach (var (permission, shown) in new[] { ("payment.view", "money gateways"), ("booking.view", "bookings"), ("job.replay", "queue"), ("delivery.view", "notifications"), ("withdrawal.view", "") })
        {
            var charts = await Charts(permission);
            string.Join(' ', parts.Where(p => charts.GetProperty(p).ValueKind is not JsonValueKind.Null)).ShouldBe(shown, permission);
        }
        (await new StaffBrowser(world, MoneyWorld.Person("dashboard.view")).Opens("/console/charts")).Must().Text.ShouldContain("No chart for your account");
        var page = (await new StaffBrowser(world, MoneyWorld.Person("dashboard.view", "booking.view")).Opens("/console/charts")).Must().Text;
        page.ShouldContain("Bookings and no-shows");
        page.ShouldNotContain("Escrow");
    }

    [Fact]
    public async Task The_page_says_behind_each_chart_the_figures_of_the_api()
    {
        await (await world.Order(new Amount(41_500, MoneyWorld.Kwd))).Pays();
        var captured = (await Today("KWD")).Captured;
        var page = (await new StaffBrowser(world, MoneyWorld.Staff).Opens("/console/charts?currency=KWD")).Must().Text;
        page.ShouldContain("<caption class=\"hush\">Charged and the platform&#x27;s fee by day, KWD</caption>");
        foreach (var title in new[] { "Sales and fee", "Escrow", "Payments by gateway", "Bookings and no-shows", "Messages by state", "Age of the queue" }) page.ShouldContain(title);
        var shown = Guildhall.Web.Components.Charts.Numbers.Of(MoneyWorld.Kwd)(captured);
        page.ShouldContain($"<bdi>{shown}</bdi>", customMessage: captured.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<JsonElement> Charts(string permission) => (await world.As(MoneyWorld.Person("dashboard.view", permission)).Get("admin/dashboard")).Must().At("charts");

    private async Task<(long Captured, long Fee, long Escrow)> Today(string currency)
    {
        var money = (await Charts("payment.view")).GetProperty("money").EnumerateArray().Where(m => m.GetProperty("currency").GetString() == currency).ToArray();
        return money is [var one] && one.GetProperty("days").EnumerateArray().Last() is var day ? (day.Minor("captured"), day.Minor("fee"), day.Minor("escrow")) : default;
    }

    private async Task<(long Paid, long Total)> Ends()
    {
        var stripe = (await Charts("payment.view")).GetProperty("gateways").EnumerateArray().Where(g => g.GetProperty("gateway").GetString() is "stripe").ToArray();
        return stripe is [var g] ? (g.GetProperty("paid").GetInt64(), g.GetProperty("paid").GetInt64() + g.GetProperty("refused").GetInt64() + g.GetProperty("givenUp").GetInt64()) : default;
    }
}
