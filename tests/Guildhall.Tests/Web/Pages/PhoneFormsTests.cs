using Guildhall.Identity.Phones;

namespace Guildhall.Tests.Web.Pages;

public sealed class PhoneFormsTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Fact, Covers("I-1", "I-6")]
    public async Task A_person_puts_a_number_on_signs_in_with_it_and_takes_it_off_without_script()
    {
        var number = Handset.NewNumber();
        var guest = await world.Person("sean");
        (await guest.Opens("/account/security")).Must().Text.ShouldContain("can be read or redirected");
        var refused = await guest.Follows(await guest.Sends("/account/security", "/account/phone", ("phone", "12")));
        refused.Text.ShouldContain("We cannot send codes to this number.");
        refused.Text.ShouldContain("value=\"12\"");

        (await guest.Sends("/account/security", "/account/phone", ("phone", number))).Must(303);
        var code = await world.CodeOn(number);
        (await guest.Follows(await guest.Sends("/account/security", "/account/phone/verify", ("code", Handset.Not(code))))).Text.ShouldContain(IdentityRefusals.PhoneCodeFailed.Sentence);
        var arabic = string.Concat(code.Select(c => (char)('٠' + (c - '0'))));
        (await guest.Sends("/account/security", "/account/phone/verify", ("code", $"{arabic[..3]} {arabic[3..]}"))).Must(303);
        var page = (await guest.Opens("/account/security")).Must().Text;
        page.ShouldContain($"<bdi dir=\"ltr\">&#x2B;{PhoneNumber.Show(number)[1..]}</bdi>");

        await world.Text(number, 2);
        var other = world.Guest();
        (await other.Opens("/sign-in")).Text.ShouldContain("/sign-in/phone");
        (await other.Sends("/sign-in/phone?returnUrl=%2Fbookings", "/sign-in/phone", ("phone", number))).Must(303).Headers["Location"].ShouldBe("/sign-in/phone/code");
        var fresh = await world.CodeOn(number, 3);
        (await other.Follows(await other.Sends("/sign-in/phone/code", "/sign-in/phone/code", ("code", Handset.Not(fresh))))).Text.ShouldContain(IdentityRefusals.PhoneSignInFailed.Sentence);
        (await other.Sends("/sign-in/phone/code", "/sign-in/phone/code", ("code", fresh))).Must(303).Headers["Location"].ShouldBe("/bookings");
        (await other.Opens("/account")).Must().Text.ShouldContain("sean@example.test");
        other.Cookie("phone-attempt").ShouldBeNull();

        (await guest.Sends("/account/security", "/account/phone/remove")).Must(303);
        (await guest.Opens("/account/security")).Text.ShouldNotContain(PhoneNumber.Show(number)[1..]);
    }

    [Fact, Covers("identity-17")]
    public async Task The_pages_say_the_same_for_a_number_that_nobody_has()
    {
        var guest = world.Guest();
        (await guest.Sends("/sign-in/phone", "/sign-in/phone", ("phone", Handset.NewNumber()))).Must(303).Headers["Location"].ShouldBe("/sign-in/phone/code");
        (await guest.Opens("/sign-in/phone/code")).Must().Text.ShouldContain("six-digit code is on its way");
        (await world.Guest().Opens("/sign-in/phone/code")).Must().Text.ShouldContain("Begin with your number");
    }

    [Fact, Covers("O-9")]
    public async Task The_sandbox_shows_what_came_to_each_phone()
    {
        var number = Handset.NewNumber();
        var guest = await world.Person("layla");
        (await guest.Sends("/account/security", "/account/phone", ("phone", number))).Must(303);
        var code = await world.CodeOn(number);
        var page = await world.Sandbox.Http.GetStringAsync($"/phone?to={Uri.EscapeDataString(number)}");
        page.ShouldContain($"<code class=\"code\">{code}</code>");
        page.ShouldContain($"<bdi dir=\"ltr\">{number}</bdi>");
    }
}
