namespace Guildhall.Tests.Web.Pages;

/// <summary>Invitations, roles, applications, looking as somebody else, and one's own data, at a browser without script.</summary>
public sealed class PeoplePagesTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Fact]
    [Covers("I-2")]
    public async Task A_colleague_is_invited_by_mail_and_signs_in_with_a_password_of_their_own()
    {
        var admin = await world.Person("admin");
        var shown = await admin.Follows(await admin.Sends("/console/invitations", "/console/invitations/new", ("email", "nora@example.test"), ("displayName", "Nora New"), ("roles", "finance"), ("language", "en"), ("days", "7")));
        shown.Must().Text.ShouldContain("nora@example.test");
        var mail = await world.Mail("nora@example.test");
        mail.ShouldStartWith("Ada Admin invites you");
        var token = mail[(mail.IndexOf("/invitation#", StringComparison.Ordinal) + "/invitation#".Length)..][..43];

        var nora = world.Guest();
        var weak = await nora.Sends("/invitation", "/invitation", ("token", token), ("displayName", ""), ("password", "passwordpassword"));
        weak.Must(303).Headers["Location"].ShouldBe($"/invitation#{token}");
        (await nora.Follows(weak)).Text.ShouldContain("easy to guess");
        (await nora.Follows(await nora.Sends("/invitation", "/invitation", ("token", token), ("displayName", ""), ("password", "nine quiet copper rivers")))).Must().Text.ShouldContain("Your account is ready");
        (await nora.Sends("/sign-in", "/sign-in", ("email", "nora@example.test"), ("password", "nine quiet copper rivers"))).Must(303);
        (await nora.Opens("/console/withdrawals")).Must();
        (await nora.Opens("/console/roles")).Must(403);
        (await world.Guest().Sends("/invitation", "/invitation", ("token", token), ("password", "nine quiet copper rivers"))).Must(303);
    }

    [Fact]
    [Covers("I-2")]
    public async Task An_invitation_is_sent_again_and_revoked_from_its_list()
    {
        var admin = await world.Person("admin");
        await admin.Sends("/console/invitations", "/console/invitations/new", ("email", "omid@example.test"), ("roles", "finance"), ("days", "7"));
        var page = (await admin.Opens("/console/invitations")).Must().Text;
        var id = page[(page.IndexOf("/console/invitations/ivt_", StringComparison.Ordinal) + "/console/invitations/".Length)..][..30];
        (await admin.Follows(await admin.Sends("/console/invitations", $"/console/invitations/{id}/resend"))).Text.ShouldContain("Sent again");
        (await admin.Follows(await admin.Sends("/console/invitations", $"/console/invitations/{id}/revoke"))).Text.ShouldContain("Revoked");
        (await admin.Follows(await admin.Sends("/console/invitations", "/console/invitations/new", ("email", "nowhere"), ("days", "7")))).Text.ShouldContain("not an e-mail address");
    }

    [Fact]
    [Covers("I-12")]
    public async Task Staff_look_as_a_customer_under_a_banner_change_nothing_and_come_back()
    {
        var admin = await world.Person("admin");
        var layla = Id.Format("acc", await world.Database.Value<Guid>("select id from identity.accounts where email = 'layla@example.test'"));
        (await admin.Sends($"/console/people/{layla}", $"/console/people/{layla}/impersonate", ("why", "a ticket"))).Must(303).Headers["Location"].ShouldBe("/");
        foreach (var path in new[] { "/", "/bookings", "/account", "/services", "/nowhere" })
        {
            var page = await admin.Opens(path);
            page.Text.ShouldContain("You look as");
            page.Text.ShouldContain("Layla Al-Sayed");
            page.Text.ShouldContain("action=\"/stop-looking\"");
            page.Text.ShouldNotContain("action=\"/sign-out\"");
        }
        (await admin.Sends("/account", "/account", ("displayName", "Mallory"), ("language", "en"), ("zone", "UTC"), ("theme", "auto"))).Must(403).Text.ShouldContain("Nothing can be changed until you stop");
        (await admin.Opens("/account/data")).Must(403);
        (await admin.Opens("/desk/money/bank")).Must(403);
        (await admin.Opens("/console")).Must(403);
        (await world.Database.Value<string>("select display_name from identity.accounts where email = 'layla@example.test'")).ShouldBe("Layla Al-Sayed");

        var back = await admin.Sends("/bookings", "/stop-looking");
        back.Must(303).Headers["Location"].ShouldBe($"/console/people/{layla}");
        (await admin.Follows(back)).Must().Text.ShouldNotContain("You look as");
        (await admin.Opens("/console")).Must();
        (await world.Database.Count("""
            foundation.audit a join identity.accounts s on s.id = a.actor_id
            where s.email = 'admin@example.test' and a.action = 'account.looked_at' and a.subject_id = $1 and a.after ->> 'path' = '/bookings'
            """, layla)).ShouldBeGreaterThanOrEqualTo(1);
        await world.EventuallyOr("Layla is told", async () => (await world.Gateway.MailTo("layla@example.test")).Any(m => m.ToString().Contains("Our staff looked at your account", StringComparison.Ordinal)));
    }

    [Fact]
    [Covers("I-12")]
    public async Task A_role_is_made_filled_and_removed_and_an_old_page_is_told_what_differs()
    {
        var admin = await world.Person("admin");
        (await admin.Follows(await admin.Sends("/console/roles", "/console/roles/new", ("name", "helpdesk"), ("says", "Answers customers")))).Must().Text.ShouldContain("Answers customers");
        var old = await admin.Form("/console/roles/helpdesk", "/console/roles/helpdesk/change");
        (await admin.Follows(await admin.Sends("/console/roles/helpdesk", "/console/roles/helpdesk/change", ("permissions", "account.view"), ("why", "they need it")))).Text.ShouldContain("Saved.");
        (old["permissions"], old["why"]) = ("session.end", "from an old page");
        (await admin.Follows(await admin.Posts("/console/roles/helpdesk/change", old))).Text.ShouldContain("Only you had: session.end. Only they have: account.view.");
        (await admin.Opens("/console/roles")).Must().Text.ShouldContain("Helpdesk");
        (await admin.Follows(await admin.Sends("/console/roles/helpdesk", "/console/roles/helpdesk/delete"))).Text.ShouldContain("Removed.");
        (await admin.Opens("/console/roles/helpdesk")).Must(404);
    }

    [Fact]
    [Covers("I-1", "B-2")]
    public async Task A_customer_applies_staff_approve_and_the_desk_is_open()
    {
        var (sean, admin) = (await world.Person("sean"), await world.Person("admin"));
        (await sean.Opens("/account")).Text.ShouldContain("href=\"/account/provider\"");
        (await Applies("Ireland")).Text.ShouldContain("two letters");
        (await Applies("IE")).Text.ShouldContain("Waits for a decision");
        var queue = (await admin.Opens("/console/applications")).Must().Text;
        var id = queue[(queue.IndexOf("/console/applications/pap_", StringComparison.Ordinal) + "/console/applications/".Length)..][..30];
        (await admin.Follows(await admin.Sends($"/console/applications/{id}", $"/console/applications/{id}/reject", ("reason", "")))).Text.ShouldContain("Some fields need correcting");
        (await admin.Follows(await admin.Sends($"/console/applications/{id}", $"/console/applications/{id}/approve"))).Text.ShouldContain("Approved.");
        await world.EventuallyOr("the desk is open", async () => (await sean.Opens("/desk")).Status == 200);
        (await world.Mail("sean@example.test")).ShouldContain("You are a provider now");

        async Task<Answer> Applies(string country) => await sean.Follows(await sean.Sends("/account/provider", "/account/provider",
            ("businessName", "Kelly Pipes"), ("kind", "technician"), ("services", "Pipes and taps"), ("country", country), ("about", "I mend.")));
    }

    [Fact]
    [Covers("I-15")]
    public async Task A_person_gets_their_copy_asks_to_be_erased_and_thinks_better_of_it()
    {
        var guest = await world.Person("layla");
        (await guest.Follows(await guest.Sends("/account/data", "/account/data/export"))).Must().Text.ShouldContain("being made");
        await world.EventuallyOr("the copy is ready", async () => (await guest.Opens("/account/data")).Text.Contains("href=\"/account/data/exp_", StringComparison.Ordinal));
        var page = (await guest.Opens("/account/data")).Text;
        var link = page[page.IndexOf("/account/data/exp_", StringComparison.Ordinal)..][..("/account/data/".Length + 30)];
        (await guest.Opens(link)).Must().Text.ShouldContain("layla@example.test");

        (await guest.Follows(await guest.Sends("/account/data", "/account/data/erase", ("password", "not mine")))).Text.ShouldContain("The password is wrong");
        (await guest.Follows(await guest.Sends("/account/data", "/account/data/erase", ("password", Guildhall.Marketplace.Seed.SeedMarketplace.Password)))).Text.ShouldContain("Your account will be erased on");
        var admin = await world.Person("admin");
        var layla = Id.Format("acc", await world.Database.Value<Guid>("select id from identity.accounts where email = 'layla@example.test'"));
        (await admin.Opens($"/console/people/{layla}")).Text.ShouldContain("Keep the account");
        (await guest.Follows(await guest.Sends("/account/data", "/account/data/keep"))).Text.ShouldContain("Your account stays.");
        (await admin.Follows(await admin.Sends($"/console/people/{layla}", $"/console/people/{layla}/erase", ("why", "asked by letter")))).Text.ShouldContain("Noted;");
        (await admin.Follows(await admin.Sends($"/console/people/{layla}", $"/console/people/{layla}/keep", ("why", "changed their mind")))).Text.ShouldContain("The account stays.");
    }

    [Fact]
    [Covers("I-12", "asvs-3.7.2")]
    public async Task An_act_that_needs_a_fresh_proof_leads_there_and_back_to_its_page()
    {
        var admin = await world.Person("admin");
        var form = await admin.Form("/console/roles", "/console/roles/new");
        await world.Database.Execute("update identity.sessions s set proven_at = proven_at - interval '11 minutes' from identity.accounts a where a.id = s.account_id and a.email = 'admin@example.test'");
        (form["name"], form["says"]) = ("late", "Too late");
        (await admin.Posts("/console/roles/new", form)).Must(303).Headers["Location"].ShouldBe("/account/prove?returnUrl=%2Fconsole%2Froles");
        (await world.Database.Count("identity.roles where name = 'late'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("/invitation")]
    [InlineData("/account/data")]
    [InlineData("/account/provider")]
    [InlineData("/console/invitations")]
    [InlineData("/console/roles")]
    [InlineData("/console/roles/finance")]
    [InlineData("/console/applications")]
    [Covers("A-3")]
    public async Task Every_page_opens_in_both_languages_and_stays_light(string page)
    {
        var admin = await world.Person("admin");
        foreach (var language in new[] { "en", "ar" })
        {
            var shown = (await admin.Opens($"{page}?lang={language}")).Must();
            shown.Text.ShouldContain("<h1>");
            System.Text.Encoding.UTF8.GetByteCount(shown.Text).ShouldBeLessThan(60_000);
        }
    }
}
