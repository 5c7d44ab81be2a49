using System.Net;
using System.Text.RegularExpressions;
using Guildhall.Marketplace;

namespace Guildhall.Tests.Web.Pages;

/// <summary>A customer's one page, without script.</summary>
public sealed partial class MyPageTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Fact, Covers("B-11")]
    public async Task A_customer_finds_what_to_pay_and_what_is_paid_on_one_page_whose_links_all_lead_somewhere()
    {
        var sean = await world.Person("sean");
        (await world.Guest().Opens("/my")).Must(302).Headers["Location"].ShouldBe("/sign-in?returnUrl=%2Fmy");
        var before = (await sean.Opens("/my")).Must().Text;
        before.ShouldContain("Nothing is booked");
        before.ShouldContain("Nothing was paid yet.");
        before.ShouldNotContain("id=\"to-pay\"");

        var service = $"/services/{new ServiceId(await world.Database.Value<Guid>("select id from marketplace.services where name = 'Contract review'"))}";
        var start = (await world.Visitor().Get($"{service[1..]}/slots?days=7&from={world.Clock.Now.AddDays(2):yyyy-MM-dd}")).Must().At("days").EnumerateArray()
            .SelectMany(d => d.GetProperty("slots").EnumerateArray()).First().GetProperty("start").GetDateTimeOffset();
        var booking = (await sean.Sends(service, service + "/hold", ("start", start.ToString("O")))).Must(303).Headers["Location"];
        var held = (await sean.Opens("/my")).Must().Text;
        held.ShouldContain("id=\"to-pay\"");
        held.ShouldContain("data-countdown");
        held.ShouldContain(booking + "#now");
        (await (await world.Person("layla")).Opens("/my")).Must().Text.ShouldNotContain(booking); // hers alone

        (await sean.Sends(booking, booking + "/pay")).Must(303);
        (await sean.Opens("/my")).Must().Text.ShouldContain("Continue to payment");
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments order by created_at desc limit 1"), "success");
        var paid = await Eventually.Get(async () => (await sean.Opens("/my")).Must().Text, text => !text.Contains("id=\"to-pay\"", StringComparison.Ordinal) && Files().IsMatch(text), "It was not paid, or its papers did not come");
        paid.ShouldContain(booking + "#chat");
        paid.ShouldContain(booking + "/cancel");
        paid.ShouldNotContain("Nothing was paid yet.");
        foreach (var link in Links().Matches(paid).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value).Split('#')[0]).Where(l => l.Length > 0).Distinct(StringComparer.Ordinal))
            (await sean.Opens(link)).Status.ShouldBe(200, link);

        var arabic = WebUtility.HtmlDecode((await sean.Opens("/my?lang=ar")).Must().Text);
        foreach (var word in new[] { "dir=\"rtl\"", "صفحتك", "الحجوزات القادمة", "المدفوع في السنة الماضية" }) arabic.ShouldContain(word);
    }

    [GeneratedRegex("/invoices/[a-z]+_[^/\"]+/file", RegexOptions.None, 1000)]
    private static partial Regex Files();

    [GeneratedRegex("<a [^>]*href=\"(/[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Links();
}
