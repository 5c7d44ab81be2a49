using System.Text.RegularExpressions;
using Guildhall.Marketplace;
using Guildhall.Money;

namespace Guildhall.Tests.Web.Pages;

public sealed partial class PaymentMethodFormsTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    private const string Cards = "/account/payment-methods";

    [Fact, Covers("M-17", "B-4")]
    public async Task A_card_is_kept_by_a_tick_used_by_a_choice_and_removed_by_a_press()
    {
        var layla = await world.Person("layla");
        (await layla.Opens(Cards)).Must().Text.ShouldContain("No card is kept");
        var first = await Held(layla);
        (await layla.Opens(first)).Text.ShouldContain("Keep this card for next time");
        (await layla.Sends(first, first + "/pay", ("keep", "true"))).Must(303).Headers["Location"].ShouldContain("/pay/cs_test_");
        await PaysAtThePage(first);
        var cards = await Eventually.Get(() => layla.Opens(Cards), a => a.Text.Contains("4242</bdi>", StringComparison.Ordinal), "The card is not shown");
        cards.Text.ShouldContain("12/2034");
        var id = Card().Match(cards.Text).Groups[1].Value;

        var second = await Held(layla);
        (await layla.Opens(second)).Text.ShouldContain($"value=\"{id}\" checked");
        var paid = (await layla.Sends(second, second + "/pay", ("method", id))).Must(303);
        paid.Headers["Location"].ShouldBe(second);
        (await layla.Opens(second)).Text.ShouldContain("Booked and paid");

        var sean = await world.Person("sean");
        var foreign = await sean.Form("/account", "/account");
        (await sean.Posts($"{Cards}/{id}/remove", foreign)).Must(404);
        (await sean.Posts($"{Cards}/{id}/choose", foreign)).Must(404);

        var third = await Held(layla);
        (await layla.Follows(await layla.Sends(Cards, $"{Cards}/{id}/remove"))).Must().Text.ShouldContain("The card is removed");
        (await layla.Opens(Cards)).Text.ShouldContain("No card is kept");
        (await layla.Follows(await layla.Sends(third, third + "/pay", ("method", id)))).Text.ShouldContain(MoneyRefusals.SavedMethodRemoved.Sentence);
    }

    private async Task PaysAtThePage(string booking)
    {
        var id = Id.TryParse<BookingId>(booking["/bookings/".Length..], out var parsed) ? parsed : default;
        await world.Gateway.Pays(await world.Database.Value<string>("select p.gateway_ref from money.payments p join money.orders o on o.id = p.order_id where o.subject_id = $1", id.Value));
    }

    private async Task<string> Held(Guest guest)
    {
        var service = $"/services/{new ServiceId(await world.Database.Value<Guid>("select id from marketplace.services where name = 'Quick legal question'"))}";
        var start = Starts().Matches((await guest.Opens(service)).Must().Text)[^1].Groups[1].Value; // taken times are not offered
        return (await guest.Sends(service, service + "/hold", ("start", start))).Must(303).Headers["Location"];
    }

    [GeneratedRegex("payment-methods/(pmt_[a-z0-9]+)/remove", RegexOptions.None, 1000)]
    private static partial Regex Card();

    [GeneratedRegex("name=\"start\" value=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Starts();
}
