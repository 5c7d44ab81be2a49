using System.Net;
using System.Text.RegularExpressions;
using Guildhall.Marketplace.Seed;

namespace Guildhall.Tests.Web.Pages;

public sealed partial class SecurityFormsTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Fact]
    [Covers("I-6")]
    public async Task A_person_sets_up_an_app_signs_in_with_it_proves_who_they_are_and_removes_it_all_by_form()
    {
        var layla = await world.Person("layla");
        (await layla.Sends("/account/security", "/account/security/totp/start")).Must(303).Headers["Location"].ShouldBe("/account/security/totp");
        var page = (await layla.Opens("/account/security/totp")).Must().Text;
        var app = new Authenticator(world, Secret().Match(page).Groups[1].Value);
        (await Peers.Ask("qr", new { svg = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(WebUtility.HtmlDecode(Picture().Match(page).Groups[1].Value))) })).GetString()!.ShouldContain(app.Secret);
        var wrong = await layla.Sends("/account/security/totp", "/account/security/totp/confirm", ("code", "12345"));
        (await layla.Follows(wrong.Must(303))).Text.ShouldContain(IdentityRefusals.TotpCodeWrong.Sentence);
        var shown = (await layla.Sends("/account/security/totp", "/account/security/totp/confirm", ("code", await app.Code()))).Must().Text;
        var codes = Codes().Matches(shown).Select(m => m.Groups[1].Value).ToArray();
        codes.Length.ShouldBe(10);
        (await layla.Opens("/account/security")).Must().Text.ShouldNotContain(codes[0]);

        var again = world.Guest();
        var asked = await again.Sends("/sign-in", "/sign-in", ("email", "layla@example.test"), ("password", SeedMarketplace.Password), ("returnUrl", "/bookings"));
        asked.Must(303).Headers["Location"].ShouldBe("/sign-in/second?returnUrl=%2Fbookings");
        asked.Headers["Set-Cookie"].ShouldContain("guildhall-challenge=");
        again.Cookie("guildhall").ShouldBeNull();
        (await again.Opens("/bookings")).Must(302);
        (await again.Follows(await again.Sends("/sign-in/second", "/sign-in/second/totp", ("code", "000000")))).Text.ShouldContain(IdentityRefusals.ChallengeFailed.Sentence);
        var done = await again.Sends("/sign-in/second?returnUrl=/bookings", "/sign-in/second/totp", ("code", await app.NextCode()), ("remember", "true"));
        done.Must(303).Headers["Location"].ShouldBe("/bookings");
        again.Cookie("guildhall-challenge").ShouldBeNull();
        (await again.Opens("/bookings")).Must();

        // A remembered browser is not asked, and proves itself for sensitive acts all the same.
        again.Forgets("guildhall");
        (await again.Sends("/sign-in", "/sign-in", ("email", "layla@example.test"), ("password", SeedMarketplace.Password))).Must(303).Headers["Location"].ShouldBe("/");
        (await again.Sends("/account/security", "/account/security/totp/remove")).Must(303).Headers["Location"].ShouldBe("/account/prove?returnUrl=%2Faccount%2Fsecurity");
        (await again.Opens("/account/prove?by=backup_code&returnUrl=/account/security")).Must().Text.ShouldContain("/account/prove/backup-code");
        (await again.Sends("/account/prove?by=backup_code&returnUrl=/account/security", "/account/prove/backup-code", ("code", codes[4]))).Must(303).Headers["Location"].ShouldBe("/account/security");
        (await again.Sends("/account/security", "/account/security/totp/remove")).Must(303).Headers["Location"].ShouldBe("/account/security");
        (await layla.Opens("/bookings")).Must(302); // the other browser is out
        (await world.Guest().Sends("/sign-in", "/sign-in", ("email", "layla@example.test"), ("password", SeedMarketplace.Password))).Must(303).Headers["Location"].ShouldBe("/");
    }

    [Fact]
    [Covers("I-6", "asvs-3.7.2")]
    public async Task The_second_step_is_taken_by_a_code_from_the_mail_and_leads_to_our_own_addresses_only()
    {
        var sean = await world.Person("sean");
        (await sean.Sends("/account/security", "/account/security/totp/start")).Must(303);
        var app = new Authenticator(world, Secret().Match((await sean.Opens("/account/security/totp")).Must().Text).Groups[1].Value);
        (await sean.Sends("/account/security/totp", "/account/security/totp/confirm", ("code", await app.Code()))).Must();
        var again = world.Guest();
        (await again.Sends("/sign-in", "/sign-in", ("email", "sean@example.test"), ("password", SeedMarketplace.Password))).Must(303);
        (await again.Sends("/sign-in/second?by=email_code", "/sign-in/second/email/send")).Must(303);
        var mail = await Eventually.Get(() => world.Gateway.MailTo("sean@example.test"), found => found.Any(m => Digits().IsMatch(m.GetProperty("text").GetString()!)), "No code came");
        var code = Digits().Match(mail.First(m => Digits().IsMatch(m.GetProperty("text").GetString()!)).GetProperty("text").GetString()!).Groups[1].Value;
        (await again.Sends("/sign-in/second?by=email_code", "/sign-in/second/email", ("code", code), ("returnUrl", "//evil.test"))).Must(303).Headers["Location"].ShouldBe("/");
        (await again.Opens("/account/security")).Must();
        (await world.Guest().Opens("/sign-in/second")).Must().Text.ShouldContain("This step is over");
    }

    [Fact]
    [Covers("identity-39", "asvs-3.7.2")]
    public async Task Who_proves_anew_is_led_to_our_own_addresses_only()
    {
        var noura = await world.Person("noura");
        (await noura.Sends("/account/prove", "/account/prove/password", ("currentPassword", SeedMarketplace.Password), ("returnUrl", "//evil.test"))).Must(303).Headers["Location"].ShouldBe("/");
        (await noura.Sends("/account/prove", "/account/prove/password", ("currentPassword", SeedMarketplace.Password), ("returnUrl", "/bookings"))).Must(303).Headers["Location"].ShouldBe("/bookings");
    }

    [Fact]
    [Covers("I-11")]
    public async Task The_page_of_the_mail_takes_the_pasted_link_where_no_script_reads_it()
    {
        var (here, there) = (await world.Person("priya"), await world.Person("priya"));
        var mail = await Eventually.Get(() => world.Gateway.MailTo("priya@example.test"), found => found.Any(m => m.GetProperty("text").GetString()!.Contains("not-me#", StringComparison.Ordinal)), "No message came");
        var link = NotMe().Match(mail.First(m => m.GetProperty("text").GetString()!.Contains("not-me#", StringComparison.Ordinal)).GetProperty("text").GetString()!).Value;
        var guest = world.Guest();
        (await guest.Follows(await guest.Sends("/not-me", "/not-me", ("token", "https://guildhall.test/not-me#no")))).Text.ShouldContain(IdentityRefusals.LinkInvalid.Sentence);
        (await guest.Sends("/not-me", "/not-me", ("token", link))).Must(303).Headers["Location"].ShouldBe("/sign-in");
        foreach (var browser in (Guest[])[here, there]) (await browser.Opens("/account")).Must(302);
    }

    [Fact]
    [Covers("I-6")]
    public async Task A_device_is_forgotten_by_form()
    {
        var omar = await world.Person("omar");
        var page = (await omar.Opens("/account/security")).Must().Text;
        var forget = Forget().Match(page).Groups[1].Value;
        (await omar.Sends("/account/security", forget)).Must(303).Headers["Location"].ShouldBe("/");
        (await omar.Opens("/account/security")).Must(302);
    }

    [GeneratedRegex("<code dir=\"ltr\" title=\"([A-Z2-7]{32})\"", RegexOptions.None, 1000)]
    internal static partial Regex Secret();

    [GeneratedRegex("src=\"data:image/svg(?:\\+|&#x2B;)xml;base64,([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Picture();

    [GeneratedRegex("<li><code dir=\"ltr\">([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>", RegexOptions.None, 1000)]
    private static partial Regex Codes();

    [GeneratedRegex("your code is ([0-9]{6})", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex("http\\S+not-me#[A-Za-z0-9_-]{43}", RegexOptions.None, 1000)]
    private static partial Regex NotMe();

    [GeneratedRegex("action=\"(/account/security/devices/[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Forget();
}
