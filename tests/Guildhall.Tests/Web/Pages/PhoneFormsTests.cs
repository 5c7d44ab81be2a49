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

    [Fact, Covers("identity-39", "asvs-3.7.2")]
    public async Task After_the_code_the_way_leads_nowhere_but_here()
    {
        var number = Handset.NewNumber();
        var guest = await world.Person("noura");
        (await guest.Sends("/account/security", "/account/phone", ("phone", number))).Must(303);
        (await guest.Sends("/account/security", "/account/phone/verify", ("code", await world.CodeOn(number)))).Must(303);
        await world.Text(number, 2); // the notice that it belongs to an account now
        var other = world.Guest();
        (await other.Sends("/sign-in/phone", "/sign-in/phone", ("phone", number), ("returnUrl", "//evil.test"))).Must(303);
        (await other.Sends("/sign-in/phone/code", "/sign-in/phone/code", ("code", await world.CodeOn(number, 3)))).Must(303).Headers["Location"].ShouldBe("/");
    }

    [Fact, Covers("I-1", "I-6")]
    public async Task A_second_step_is_taken_by_a_text_after_the_password_and_not_after_the_phone_itself()
    {
        var number = Handset.NewNumber();
        var omar = await world.Person("omar");
        await omar.Sends("/account/security", "/account/phone", ("phone", number));
        (await omar.Sends("/account/security", "/account/phone/verify", ("code", await world.CodeOn(number)))).Must(303);
        (await omar.Sends("/account/security", "/account/security/totp/start")).Must(303);
        var app = new Authenticator(world, SecurityFormsTests.Secret().Match((await omar.Opens("/account/security/totp")).Must().Text).Groups[1].Value);
        (await omar.Sends("/account/security/totp", "/account/security/totp/confirm", ("code", await app.Code()))).Must();

        var again = world.Guest();
        (await again.Sends("/sign-in", "/sign-in", ("email", "omar@example.test"), ("password", Guildhall.Marketplace.Seed.SeedMarketplace.Password), ("returnUrl", "/bookings"))).Must(303);
        (await again.Opens("/sign-in/second?by=sms_code")).Must().Text.ShouldContain("Text me a code");
        await world.Text(number, 2); // the notice that it belongs to an account now
        (await again.Sends("/sign-in/second?by=sms_code", "/sign-in/second/sms/send", ("returnUrl", "/bookings"))).Must(303).Headers["Location"].ShouldBe("/sign-in/second?by=sms_code&returnUrl=%2Fbookings");
        var code = await world.CodeOn(number, 3);
        (await again.Follows(await again.Sends("/sign-in/second?by=sms_code", "/sign-in/second/sms", ("code", Handset.Not(code))))).Text.ShouldContain(IdentityRefusals.ChallengeFailed.Sentence);
        (await again.Sends("/sign-in/second?by=sms_code&returnUrl=/bookings", "/sign-in/second/sms", ("code", code))).Must(303).Headers["Location"].ShouldBe("/bookings");
        (await again.Opens("/bookings")).Must();

        // The phone was the first step: a code to the same phone is no second one.
        var third = world.Guest();
        (await third.Sends("/sign-in/phone?returnUrl=/bookings", "/sign-in/phone", ("phone", number))).Must(303);
        (await third.Sends("/sign-in/phone/code", "/sign-in/phone/code", ("code", await world.CodeOn(number, 4)))).Must(303).Headers["Location"].ShouldBe("/sign-in/second?returnUrl=%2Fbookings");
        third.Cookie("guildhall").ShouldBeNull();
        var page = (await third.Opens("/sign-in/second")).Must().Text;
        page.ShouldContain("/sign-in/second/totp");
        page.ShouldNotContain("sms_code");
        (await third.Sends("/sign-in/second", "/sign-in/second/totp", ("code", await app.NextCode()))).Must(303);
        (await third.Opens("/bookings")).Must();
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
