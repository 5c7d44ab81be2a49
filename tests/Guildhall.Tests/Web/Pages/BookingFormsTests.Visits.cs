using System.Text.RegularExpressions;

namespace Guildhall.Tests.Web.Pages;

public sealed partial class BookingFormsTests
{
    [Fact, Covers("B-10", "B-11")]
    public async Task A_visit_has_an_address_on_its_page_and_the_technician_does_the_day_by_forms_alone()
    {
        var layla = await world.Person("layla");
        var booking = await Held(layla, later: true, name: "Air conditioner service");
        (await layla.Follows(await layla.Sends(booking, booking + "/visit/address", ("address", "Block 4, <b>house</b> 7"), ("point", "north")))).Text.ShouldContain("Write it as latitude, longitude");
        (await layla.Follows(await layla.Sends(booking, booking + "/visit/address", ("address", "Block 4, <b>house</b> 7"), ("point", "29.3339, 48.0758")))).Text.ShouldContain("Block 4, &lt;b&gt;house&lt;/b&gt; 7");
        var noura = await world.Person("noura");
        (await noura.Opens("/desk" + booking)).Must().Text.ShouldNotContain("Block 4");
        await world.Gateway.Pays((await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"].Split('/')[^1]);
        await Eventually.True(async () => (await layla.Opens(booking)).Text.Contains("Booked and paid", StringComparison.Ordinal), "The booking was not confirmed");
        var start = new DateTimeOffset(await world.Database.Value<DateTime>("select starts_at from marketplace.bookings where id = $1", IdOf(booking).Value));
        await world.Clock.Passes(start - world.Clock.Now);
        (layla, noura) = (await world.Person("layla"), await world.Person("noura"));

        var code = CodeOnPage().Match((await layla.Opens(booking)).Must().Text).Groups[1].Value;
        code.Length.ShouldBe(7);
        var day = $"/desk/visits?date={start.AddHours(3):yyyy-MM-dd}";
        var (desk, id) = ("/desk" + booking, IdOf(booking).ToString());
        var page = (await noura.Opens(day)).Must().Text;
        page.ShouldContain("destination=29.3339%2C48.0758");
        page.ShouldContain("Block 4, &lt;b&gt;house&lt;/b&gt; 7");
        (await noura.Sends(day, desk + "/visit/on-my-way", ("minutes-" + id, "20"))).Must(303).Headers["Location"].ShouldBe($"{day}#{id}");
        (await layla.Opens(booking)).Text.ShouldContain("The technician is on the way");
        (await noura.Follows(await noura.Sends(day, desk + "/visit/check-in", ("code-" + id, "000000")))).Text.ShouldContain("Tries left: 4");
        (await noura.Follows(await noura.Sends(day, desk + "/visit/check-in", ("code-" + id, code)))).Text.ShouldContain("Checked in.");
        (await layla.Opens(booking)).Text.ShouldContain("Arrived, checked in with the customer");
        (await noura.Opens("/desk")).Must();
        System.Net.WebUtility.HtmlDecode((await noura.Opens(day + "&lang=ar")).Must().Text).ShouldContain("افتح في الخريطة");
        (await noura.Opens(day + "&lang=en")).Must();
        (await noura.Follows(await noura.Sends(day, desk + "/complete"))).Text.ShouldContain("Completed");
        (await layla.Opens(day)).Must(403);
        var sean = await world.Person("sean");
        var strange = await sean.Form("/account", "/account");
        strange["idempotencyKey"] = Guid.NewGuid().ToString("n");
        (await sean.Posts(desk + "/visit/check-in", strange)).Must(404);
    }

    [GeneratedRegex("id=\"check-in-code\">([0-9]{3} [0-9]{3})<", RegexOptions.None, 1000)]
    private static partial Regex CodeOnPage();
}
