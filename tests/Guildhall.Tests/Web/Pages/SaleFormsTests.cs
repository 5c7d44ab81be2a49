using System.Net;
using Guildhall.Marketplace;

namespace Guildhall.Tests.Web.Pages;

/// <summary>Series, requests and waiting lists by their pages.</summary>
public sealed class SaleFormsTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Fact, Covers("B-4", "marketplace-16")]
    public async Task A_series_is_looked_at_held_and_cancelled_by_its_pages()
    {
        var (omar, layla) = (await world.Person("omar"), await world.Person("layla"));
        var service = await Sells(omar, ("seriesMost", "4"));
        (await layla.Opens(service)).Must().Text.ShouldContain(service + "/series");
        var start = await FreeTime(service);
        WebUtility.HtmlDecode((await layla.Opens($"{service}/series?start=nonsense")).Must().Text).ShouldContain(MarketplaceRefusals.StartInvalid.Sentence);
        var page = $"{service}/series?start={start}&every=1&count=3";
        (await layla.Opens(page)).Must().Text.ShouldContain("name=\"no-3\"");
        WebUtility.HtmlDecode((await world.Guest().Opens(page + "&lang=ar")).Must().Text).ShouldContain("احجز عدة أسابيع");
        (await world.Guest().Sends(page, service + "/series")).Must(303).Headers["Location"].ShouldStartWith("/sign-in");
        var booking = (await layla.Sends(page, service + "/series", ("no-1", "true"), ("no-2", "true"), ("no-3", "true"))).Must(303).Headers["Location"];
        booking.ShouldStartWith("/bookings/bkg_");
        var text = (await layla.Opens(booking)).Must().Text;
        text.ShouldContain("No. 1 of 3");
        var series = text[text.IndexOf("/series/ser_", StringComparison.Ordinal)..][..("/series/ser_".Length + 26)];
        (await layla.Opens(series)).Must().Text.ShouldContain("Cancel all that are left");
        (await omar.Opens(series)).Must().Text.ShouldContain("A series for");
        (await (await world.Person("sean")).Opens(series)).Must(404);
        (await layla.Follows(await layla.Sends(page, service + "/series", ("no-1", "true"), ("no-2", "true")))).Text.ShouldContain("Not all of these times are free");
        (await layla.Opens(series + "/cancel?from=2")).Must().Text.ShouldContain("not paid");
        (await layla.Sends(series + "/cancel?from=1", series + "/cancel")).Must(303).Headers["Location"].ShouldBe(series);
        (await layla.Opens(series)).Must().Text.ShouldNotContain("Cancel all that are left");
        (await omar.Follows(await omar.Sends($"/desk{service}/rules", $"/desk{service}/rules", ("seriesMost", "99")))).Text.ShouldContain(MarketplaceRefusals.SaleRulesInvalid.Sentence);
    }

    [Fact, Covers("B-4")]
    public async Task A_request_is_answered_by_the_providers_page()
    {
        var (omar, sean) = (await world.Person("omar"), await world.Person("sean"));
        var service = await Sells(omar, ("asksApproval", "true"));
        (await sean.Opens(service)).Must().Text.ShouldContain("Ask for this time");
        foreach (var (act, says) in new[] { ("approve", "Pay "), ("decline", "You were not charged") })
        {
            var booking = (await sean.Sends(service, service + "/hold", ("start", await FreeTime(service)))).Must(303).Headers["Location"];
            (await sean.Opens(booking)).Must().Text.ShouldContain("is asked");
            (await omar.Opens("/desk/bookings")).Must().Text.ShouldContain("Waits for a yes");
            (await omar.Opens("/desk" + booking)).Must().Text.ShouldContain("Say yes");
            (await omar.Sends("/desk" + booking, $"/desk{booking}/{act}")).Must(303);
            (await sean.Opens(booking)).Must().Text.ShouldContain(says);
            WebUtility.HtmlDecode((await sean.Opens(booking + "?lang=ar")).Must().Text).ShouldContain("dir=\"rtl\"");
            await sean.Opens(booking + "?lang=en");
        }
    }

    [Fact, Covers("B-4")]
    public async Task A_waiting_list_is_joined_and_left_by_its_pages()
    {
        var (omar, layla) = (await world.Person("omar"), await world.Person("layla"));
        var service = await Sells(omar);
        var day = $"{world.Clock.Now.AddDays(3):yyyy-MM-dd}";
        (await world.Guest().Sends(service, service + "/waiting", ("waitFrom", day), ("waitUntil", day))).Must(303).Headers["Location"].ShouldStartWith("/sign-in");
        (await layla.Follows(await layla.Sends(service, service + "/waiting", ("waitFrom", day), ("waitUntil", "soon")))).Text.ShouldContain(MarketplaceRefusals.WaitDaysInvalid.Sentence);
        (await layla.Sends(service, service + "/waiting", ("waitFrom", day), ("waitUntil", day))).Must(303).Headers["Location"].ShouldBe("/waiting");
        var page = (await layla.Opens("/waiting")).Must().Text;
        page.ShouldContain("Leave the list");
        (await omar.Opens("/waiting")).Must().Text.ShouldContain("one person");
        var leave = page[page.IndexOf("/waiting/wtg_", StringComparison.Ordinal)..][..("/waiting/wtg_".Length + 26)] + "/leave";
        (await layla.Sends("/waiting", leave)).Must(303);
        WebUtility.HtmlDecode((await layla.Opens("/waiting?lang=ar")).Must().Text).ShouldContain("لا تنتظر شيئًا");
        await layla.Opens("/waiting?lang=en");
    }

    // The address of the one service whose rules this class sets.
    private async Task<string> Sells(Guest omar, params (string, string)[] rules)
    {
        var service = new ServiceId(await world.Database.Value<Guid>("select id from marketplace.services where name = 'Contract review'"));
        var page = $"/desk/services/{service}/rules";
        (await omar.Sends(page, page, [("seriesMost", ""), .. rules])).Must(303);
        return $"/services/{service}";
    }

    private async Task<string> FreeTime(string service) => (await world.Visitor().Get($"{service[1..]}/slots?days=7&from={world.Clock.Now.AddDays(2):yyyy-MM-dd}")).Must().At("days").EnumerateArray()
        .SelectMany(d => d.GetProperty("slots").EnumerateArray()).Select(s => s.GetProperty("start").GetDateTimeOffset()).First().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");
}
