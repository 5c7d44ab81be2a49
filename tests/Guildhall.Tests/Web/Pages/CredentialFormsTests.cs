using Guildhall.Marketplace.Seed;

namespace Guildhall.Tests.Web.Pages;

public sealed class CredentialFormsTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    private const string Chosen = "six patient velvet anchors";

    [Fact, Covers("I-7")]
    public async Task Somebody_who_forgot_a_password_chooses_a_new_one_by_the_link_of_the_mail()
    {
        var guest = world.Guest();
        (await guest.Opens("/sign-in")).Must().Text.ShouldContain("href=\"/forgot-password\"");
        var known = await guest.Sends("/forgot-password", "/forgot-password", ("email", "sean@example.test"));
        var unknown = await world.Guest().Sends("/forgot-password", "/forgot-password", ("email", "nobody@example.test"));
        known.Must(303).Headers["Location"].ShouldBe(unknown.Must(303).Headers["Location"]);
        (await guest.Follows(known)).Text.ShouldContain("If we know that address");
        var token = await Token("sean@example.test");

        var weak = (await guest.Sends("/reset-password", "/reset-password", ("token", token), ("password", "password12345678"))).Must(303);
        weak.Headers["Location"].ShouldBe("/reset-password#" + token); // behind #: in no log, and not in a cookie
        weak.Headers["Set-Cookie"].ShouldNotContain(token);
        (await guest.Follows(weak)).Must().Text.ShouldContain(IdentityRefusals.PasswordTooWeak.Sentence);
        (await guest.Sends("/reset-password", "/reset-password", ("token", token), ("password", Chosen))).Must(303).Headers["Location"].ShouldBe("/sign-in");
        var again = (await guest.Sends("/reset-password", "/reset-password", ("token", token), ("password", Chosen + " more"))).Must(303);
        again.Headers["Location"].ShouldBe("/reset-password");
        (await guest.Follows(again)).Text.ShouldContain(IdentityRefusals.PasswordResetFailed.Sentence);
        (await guest.Sends("/sign-in", "/sign-in", ("email", "sean@example.test"), ("password", Chosen))).Must(303);
        guest.Cookie("guildhall").ShouldNotBeNull();
    }

    [Fact, Covers("I-7")]
    public async Task Without_script_the_link_is_pasted()
    {
        var guest = world.Guest();
        (await guest.Sends("/forgot-password", "/forgot-password", ("email", "maha.test@example.test"))).Must(303);
        (await guest.Sends("/forgot-password", "/forgot-password", ("email", "omar@example.test"))).Must(303);
        var token = await Token("omar@example.test");
        var form = await guest.Form("/reset-password", "/reset-password");
        form.Remove("token");
        (form["link"], form["pasted-password"]) = ("http://localhost/reset-password#" + token, Chosen);
        (await guest.Posts("/reset-password", form)).Must(303).Headers["Location"].ShouldBe("/sign-in");
    }

    [Fact, Covers("I-8", "asvs-7.4.3")]
    public async Task A_password_is_changed_on_the_account_page_and_this_browser_stays_signed_in()
    {
        var (here, there) = (await world.Person("priya"), await world.Person("priya"));
        var wrong = await here.Sends("/account", "/account/password", ("currentPassword", "not this one"), ("newPassword", Chosen));
        (await here.Follows(wrong.Must(303))).Must().Text.ShouldContain("The present password is wrong");
        var held = here.Cookie("guildhall");
        (await here.Follows(await here.Sends("/account", "/account/password", ("currentPassword", SeedMarketplace.Password), ("newPassword", Chosen)))).Must().Text.ShouldContain("Your password is changed");
        here.Cookie("guildhall").ShouldNotBe(held);
        (await here.Opens("/account")).Must();
        (await there.Opens("/account")).Must(302);
    }

    [Fact, Covers("I-1", "asvs-7.5.1")]
    public async Task An_address_is_changed_on_the_account_page_after_a_fresh_proof()
    {
        var layla = await world.Person("layla");
        (await layla.Follows(await layla.Sends("/account", "/account/email", ("email", "layla.new@example.test")))).Must().Text.ShouldContain("on their way to the new address");
        var mail = await Eventually.Get(() => world.Gateway.MailTo("layla.new@example.test"), found => found.Count > 0, "No message came");
        var text = mail[0].GetProperty("text").GetString()!;
        var token = text.Substring(text.IndexOf("confirm-email#", StringComparison.Ordinal) + "confirm-email#".Length, 43);
        (await layla.Follows(await layla.Sends("/confirm-email", "/confirm-email", ("code", "000 000")))).Text.ShouldContain(IdentityRefusals.VerificationFailed.Sentence);
        (await layla.Follows(await layla.Sends("/confirm-email", "/confirm-email/link", ("token", token)))).Must().Text.ShouldContain("layla.new@example.test");

        await world.Clock.Passes(11.Minutes());
        (await layla.Sends("/account", "/account/email", ("email", "layla.newer@example.test"))).Must(303).Headers["Location"].ShouldBe("/account/prove?returnUrl=%2Faccount");
    }

    [Fact, Covers("asvs-6.4.6")]
    public async Task Staff_send_a_link_from_the_page_of_a_person()
    {
        var (admin, id) = (await world.Person("admin"), await world.Database.Value<Guid>("select id from identity.accounts where email = 'finance@example.test'"));
        var page = $"/console/people/{new AccountId(id)}";
        (await admin.Follows(await admin.Sends(page, page + "/send-reset", ("why", "")))).Must().Text.ShouldContain("need correcting");
        (await admin.Follows(await admin.Sends(page, page + "/send-reset", ("why", "called, cannot get in")))).Must().Text.ShouldContain("on its way to their address");
        (await Token("finance@example.test")).Length.ShouldBe(43);
    }

    private async Task<string> Token(string address)
    {
        var mails = await Eventually.Get(() => world.Gateway.MailTo(address), found => found.Any(m => m.GetProperty("text").GetString()!.Contains("reset-password#", StringComparison.Ordinal)), "No link came");
        var text = mails.Select(m => m.GetProperty("text").GetString()!).First(t => t.Contains("reset-password#", StringComparison.Ordinal));
        return text.Substring(text.IndexOf("reset-password#", StringComparison.Ordinal) + "reset-password#".Length, 43);
    }
}
