using Guildhall.Marketplace.Seed;

namespace Guildhall.Tests.Web.Pages;

public sealed class SignInFormTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Theory, Covers("I-1")]
    [InlineData("/desk/money", "/desk/money")]
    [InlineData("https://evil.test/", "/")]
    [InlineData("//evil.test", "/")]
    [InlineData("/\\evil.test", "/")]
    [InlineData("/%2f/evil.test", "/")]
    [InlineData("/\u3031evil", "/")]
    [InlineData("/é", "/")]
    public async Task Signing_in_leads_on_to_our_own_addresses_only(string asked, string leadsTo)
    {
        var answer = await world.Guest().Sends("/sign-in", "/sign-in", ("email", "omar@example.test"), ("password", SeedMarketplace.Password), ("returnUrl", asked));
        answer.Must(303).Headers["Location"].ShouldBe(leadsTo);
        answer.Headers["Set-Cookie"].ShouldContain("guildhall=");
        answer.Headers["Set-Cookie"].ShouldContain("httponly");
    }

    [Fact, Covers("I-1")]
    public async Task A_wrong_password_comes_back_with_the_address_kept_and_nothing_of_the_password()
    {
        var guest = world.Guest();
        var answer = await guest.Sends("/sign-in", "/sign-in", ("email", "sean@example.test"), ("password", "wrong horse battery"));
        var page = (await guest.Follows(answer.Must(303))).Must().Text;
        page.ShouldContain(IdentityRefusals.SignInFailed.Sentence);
        page.ShouldContain("value=\"sean@example.test\"");
        page.ShouldNotContain("wrong horse");
        guest.Cookie("guildhall").ShouldBeNull();
    }

    [Fact]
    public async Task A_page_of_ones_own_asks_to_sign_in_and_comes_back()
    {
        var guest = world.Guest();
        (await guest.Opens("/bookings")).Must(302).Headers["Location"].ShouldBe("/sign-in?returnUrl=%2Fbookings");
    }

    [Fact, Covers("I-1")]
    public async Task A_new_person_confirms_the_address_and_signs_in()
    {
        const string email = "new.person@example.test";
        var guest = world.Guest();
        var weak = await guest.Sends("/sign-up", "/sign-up", ("displayName", "New Person"), ("email", email), ("password", "password12345678"), ("zone", "Asia/Kuwait"));
        var again = (await guest.Follows(weak.Must(303))).Must().Text;
        again.ShouldContain(IdentityRefusals.PasswordTooWeak.Sentence);
        again.ShouldContain("value=\"New Person\"");

        (await guest.Sends("/sign-up", "/sign-up", ("displayName", "New Person"), ("email", email), ("password", Person.Password), ("zone", "Asia/Kuwait"))).Must(303).Headers["Location"].ShouldBe("/verify");
        var early = await guest.Sends("/sign-in", "/sign-in", ("email", email), ("password", Person.Password));
        (await guest.Follows(early)).Text.ShouldContain(IdentityRefusals.EmailNotVerified.Sentence);

        var mail = await Eventually.Get(() => world.Gateway.MailTo(email), found => found.Count > 0, "No message came");
        var text = mail[0].GetProperty("text").GetString()!;
        var token = text[(text.IndexOf("verify-email#", StringComparison.Ordinal) + "verify-email#".Length)..].Split('\n', ' ')[0].Trim();
        (await guest.Opens("/verify-email")).Must(); // opening the link's page changes nothing
        (await world.Database.Value<string>("select state from identity.accounts where email = $1", email)).ShouldBe("unverified");

        (await guest.Sends("/verify-email", "/verify/link", ("token", token))).Must(303).Headers["Location"].ShouldBe("/sign-in");
        (await guest.Sends("/sign-in", "/sign-in", ("email", email), ("password", Person.Password))).Must(303);
        (await guest.Opens("/account")).Must().Text.ShouldContain("New Person");
    }

    [Fact, Covers("I-5")]
    public async Task One_device_signs_another_out()
    {
        var (here, there) = (await world.Person("priya"), await world.Person("priya"));
        (await here.Sends("/account", "/account/sessions/end-others")).Must(303);
        (await there.Opens("/account")).Must(302);
        (await here.Opens("/account")).Must();
        (await here.Sends("/account", "/sign-out")).Must(303);
        (await here.Opens("/account")).Must(302);
    }
}
