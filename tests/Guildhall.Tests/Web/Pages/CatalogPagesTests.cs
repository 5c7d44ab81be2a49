using System.Net;
using System.Text.RegularExpressions;
using Guildhall.Marketplace;

namespace Guildhall.Tests.Web.Pages;

public sealed partial class CatalogPagesTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Fact, Covers("B-1")]
    public async Task The_search_page_is_its_address_in_both_languages()
    {
        var guest = world.Guest();
        var page = (await guest.Opens("/services?q=contract+omar&sort=first_free&currency=KWD&max=20")).Must().Text;
        page.ShouldContain("Contract review");
        page.ShouldContain("First free:");
        page.ShouldContain("<details class=\"folded\" open");
        page.ShouldNotContain("Company set-up consultation");
        (await guest.Opens("/services?min=5")).Must().Text.ShouldContain(MarketplaceRefusals.SearchCurrencyMissing.Sentence);
        (await guest.Opens("/services?currency=KWD&min=abc")).Must().Text.ShouldContain(MarketplaceRefusals.SearchPriceInvalid.Sentence);
        (await guest.Opens("/services?lat=here&lon=48")).Must().Text.ShouldContain(MarketplaceRefusals.SearchPointMissing.Sentence);
        (await guest.Opens("/services?q=%3Cscript%3Ealert(1)%3C/script%3E")).Must().Text.ShouldNotContain("<script>alert");
        var arabic = WebUtility.HtmlDecode((await guest.Opens("/services?category=law&lang=ar")).Must().Text);
        arabic.ShouldContain("الأقرب موعدًا");
        arabic.ShouldContain("<option value=\"law\" selected>قانون</option>");
        (await guest.Opens("/")).Must().Text.ShouldContain("/services?category=law");
    }

    [Fact, Covers("B-1")]
    public async Task A_provider_adds_and_changes_a_service_by_its_page()
    {
        var omar = await world.Person("omar");
        (await omar.Opens("/desk/services")).Must().Text.ShouldContain("Contract review");
        (string, string)[] fields =
        [
            ("name", "Lease <b>reading</b>"), ("nameAr", "قراءة عقد إيجار"), ("description", "Line by line."), ("kind", "consultation"), ("category", "law"), ("amount", "nine"), ("currency", "KWD"),
            ("minutes", "30"), ("bufferMinutes", "10"), ("noticeMinutes", "60"), ("horizonDays", "30"), ("active", "true"),
        ];
        var refused = await omar.Follows(await omar.Sends("/desk/services/new", "/desk/services/new", fields));
        refused.Text.ShouldContain("Write the price in digits");
        refused.Text.ShouldContain("value=\"Lease &lt;b&gt;reading&lt;/b&gt;\"");
        fields[5] = ("amount", "9.500");
        (await omar.Sends("/desk/services/new", "/desk/services/new", fields)).Must(303).Headers["Location"].ShouldBe("/desk/services");

        var id = new ServiceId(await world.Database.Value<Guid>("select id from marketplace.services where name = 'Lease <b>reading</b>'"));
        var arabic = WebUtility.HtmlDecode((await world.Guest().Opens($"/services/{id}?lang=ar")).Must().Text);
        arabic.ShouldContain("قراءة عقد إيجار");
        (await world.Database.Value<long>("select price_minor from marketplace.services where id = $1", id.Value)).ShouldBe(9_500);
        fields[5] = ("amount", "10.000");
        fields[11] = ("active", "");
        (await omar.Sends($"/desk/services/{id}", $"/desk/services/{id}", fields)).Must(303);
        (await omar.Opens("/desk/services")).Must().Text.ShouldContain("Not on sale");
        (await world.Guest().Opens($"/services/{id}")).Must(404);
        (await (await world.Person("noura")).Opens($"/desk/services/{id}")).Must(404);
        (await omar.Sends("/desk/services", "/desk/services/place", ("latitude", "29.37"), ("longitude", "47.97"))).Must(303);
        (await world.Guest().Opens("/services?lat=29.37&lon=47.97&km=5&sort=distance")).Must().Text.ShouldContain("at most 500 m away");
    }

    [Fact, Covers("B-4", "marketplace-15")]
    public async Task A_provider_keeps_resources_and_says_what_a_service_needs_by_its_pages()
    {
        var omar = await world.Person("omar");
        (await omar.Sends("/desk/resources", "/desk/resources", ("name", "Van <i>2</i>"))).Must(303);
        var page = (await omar.Opens("/desk/resources")).Must().Text;
        page.ShouldContain("Van &lt;i&gt;2&lt;/i&gt;");
        (await omar.Follows(await omar.Sends("/desk/resources", "/desk/resources", ("name", "van <i>2</i>")))).Text.ShouldContain(MarketplaceRefusals.ResourceNameTaken.Sentence);
        var van = new ResourceId(await world.Database.Value<Guid>("select id from marketplace.resources where name = 'Van <i>2</i>'"));
        var service = new ServiceId(await world.Database.Value<Guid>("select id from marketplace.services where name = 'Contract review'"));
        (await omar.Opens($"/desk/services/{service}")).Must().Text.ShouldContain($"/desk/services/{service}/rules");
        var rules = $"/desk/services/{service}/rules";
        var seen = await world.Database.Value<int>("select revision from marketplace.services where id = $1", service.Value);
        (await omar.Sends(rules, rules, ("revision", $"{seen}"), ($"need-{van}", "true"))).Must(303);
        (await omar.Opens(rules)).Must().Text.ShouldContain("checked");
        (await omar.Follows(await omar.Sends("/desk/resources", $"/desk/resources/{van}/remove"))).Text.ShouldContain(MarketplaceRefusals.ResourceNeeded.Sentence);
        var provider = new ProviderId(await world.Database.Value<Guid>("select p.id from marketplace.providers p join identity.accounts a on a.id = p.account_id where a.email = 'noura@example.test'"));
        (await omar.Sends("/desk/resources", $"/desk/resources/{van}/shares", ("provider", $"https://example.test/providers/{provider}/"))).Must(303);
        (await (await world.Person("noura")).Opens("/desk/resources")).Must().Text.ShouldContain("Shared by");
        (await (await world.Person("noura")).Opens(rules)).Must(404);
        (await omar.Sends("/desk/resources", $"/desk/resources/{van}/shares/{provider}/end")).Must(303);
        (await omar.Sends(rules, rules, ("revision", $"{seen + 1}"))).Must(303);
        (await omar.Sends("/desk/resources", $"/desk/resources/{van}", ("name", "Van 3"), ("revision", "1"))).Must(303);
        WebUtility.HtmlDecode((await omar.Opens("/desk/resources?lang=ar")).Must().Text).ShouldContain("مركبات وغرف ومساعدون");
        (await omar.Sends("/desk/resources", $"/desk/resources/{van}/remove")).Must(303);
        (await omar.Opens("/desk/resources")).Must().Text.ShouldNotContain("Van 3");
    }

    [Fact, Covers("B-12", "B-3", "marketplace-51")]
    public async Task Calendars_are_made_shown_once_and_ended_by_their_pages()
    {
        var omar = await world.Person("omar");
        (await omar.Opens("/desk/calendar")).Must().Text.ShouldContain("No link yet");
        var made = (await omar.Sends("/desk/calendar", "/account/calendar/links")).Must().Text;
        var link = Link().Match(made).Value;
        made.ShouldContain("webcal://");
        (await omar.Opens("/desk/calendar")).Must().Text.ShouldNotContain(link);
        (await world.Visitor().Get(link)).Must().Text.ShouldStartWith("BEGIN:VCALENDAR");
        var revoke = Revoke().Match((await omar.Opens("/desk/calendar")).Text).Value;
        (await omar.Sends("/desk/calendar", revoke)).Must(303).Headers["Location"].ShouldBe("/desk/calendar");
        (await world.Visitor().Get(link)).Must(404);

        (await omar.Follows(await omar.Sends("/desk/calendar", "/desk/calendar/calendars", ("name", "Inside"), ("url", "http://10.0.0.1/x.ics")))).Text.ShouldContain("not on the public Internet");
        var service = new ServiceId(await world.Database.Value<Guid>("select id from marketplace.services where name = 'Quick legal question'"));
        (await omar.Opens($"/desk/calendar?service={service}&date={world.Clock.Now.AddDays(3):yyyy-MM-dd}&time=03:00")).Must().Text.ShouldContain("This time is not free");

        var layla = await world.Person("layla");
        (await layla.Opens("/account/calendar")).Must().Text.ShouldContain("All your bookings");
        (await layla.Sends("/account/calendar", "/account/calendar/links")).Must().Text.ShouldContain("/api/v1/calendars/");
        (await layla.Opens("/desk/calendar")).Must(403);
    }

    [GeneratedRegex("/api/v1/calendars/[A-Za-z0-9_-]{43}\\.ics", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("/account/calendar/cal_[0-9a-z]{26}/revoke", RegexOptions.None, 1000)]
    private static partial Regex Revoke();
}
