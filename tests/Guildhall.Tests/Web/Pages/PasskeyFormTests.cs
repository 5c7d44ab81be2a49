using System.Text.Json;

namespace Guildhall.Tests.Web.Pages;

/// <summary>The forms of passkeys as their script sends them; the script itself is tested in a browser.</summary>
public sealed class PasskeyFormTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    private const string Page = "/account/security";
    private const string Add = "/account/passkeys";

    [Fact, Covers("I-6")]
    public async Task A_passkey_is_added_renamed_used_and_removed_by_form()
    {
        var (layla, passkey) = (await world.Person("layla"), world.Passkey());
        (await Adds(layla, passkey, "Blue <phone>")).Must(303).Headers["Location"].ShouldBe(Page);
        (await layla.Opens(Page)).Must().Text.ShouldContain("A name has no addresses and no markup.");
        (await Adds(layla, passkey, "Blue phone")).Must(303);
        var page = (await layla.Opens(Page)).Must().Text;
        page.ShouldContain("Blue phone was added");
        page.ShouldContain("not used yet");

        var id = new PasskeyId(await world.Database.Value<Guid>("select id from identity.passkeys where name = 'Blue phone'"));
        (await layla.Sends(Page, $"{Add}/{id}", ("name", "Work laptop"))).Must(303);
        (await layla.Opens(Page)).Must().Text.ShouldContain("Work laptop");

        var guest = world.Guest();
        (await SignsIn(guest, passkey, "/bookings")).Must(303).Headers["Location"].ShouldBe("/bookings");
        (await guest.Opens(Page)).Must().Text.ShouldContain("Work laptop");

        (await layla.Sends(Page, $"{Add}/{id}/remove")).Must(303);
        (await layla.Opens(Page)).Must().Text.ShouldNotContain("Work laptop");
        (await SignsIn(world.Guest(), passkey, "/bookings")).Must(303).Headers["Location"].ShouldBe("/sign-in?returnUrl=%2Fbookings");
    }

    [Fact, Covers("I-6")]
    public async Task A_refused_passkey_is_said_on_the_page_in_the_readers_language()
    {
        var (sean, liar) = (await world.Person("sean"), world.Passkey());
        liar.Origin = "http://evil.test";
        (await sean.Opens(Page + "?lang=ar")).Must();
        (await Adds(sean, liar, "")).Must(303).Headers["Location"].ShouldBe(Page);
        System.Net.WebUtility.HtmlDecode((await sean.Opens(Page)).Must().Text).ShouldContain("تعذّر التحقق من مفتاح المرور الجديد");
        var guest = world.Guest();
        (await SignsIn(guest, liar, "")).Must(303).Headers["Location"].ShouldBe("/sign-in");
        (await guest.Opens("/sign-in")).Must().Text.ShouldContain("This passkey was not accepted");
    }

    [Fact, Covers("identity-39")]
    public async Task After_the_passkey_the_way_leads_nowhere_but_here()
    {
        var (layla, passkey) = (await world.Person("noura"), world.Passkey());
        var form = await Begun(layla, Page, Add, ask => passkey.Creates(ask));
        (await layla.Posts(Add, new Dictionary<string, string>(form) { ["page"] = "https://evil.test/" })).Must(303).Headers["Location"].ShouldBe(Page);
        (await SignsIn(world.Guest(), passkey, "//evil.test")).Must(303).Headers["Location"].ShouldBe("/");
    }

    [Fact, Covers("I-6", "asvs-7.5.1")]
    public async Task Who_has_not_proven_themselves_lately_is_sent_to_do_it_and_comes_back_to_the_page()
    {
        var omar = await world.Person("omar");
        await world.Database.Execute("update identity.sessions set proven_at = proven_at - interval '11 minutes'");
        var form = await omar.Form(Page, Add);
        (await omar.Posts(Add + "/begin", form)).Must(303).Headers["Location"].ShouldBe("/account/prove?returnUrl=%2Faccount%2Fsecurity");
    }

    [Fact, Covers("I-6", "asvs-6.3.4")]
    public async Task A_passkey_takes_the_second_step_after_the_password_and_proves_anew()
    {
        var (priya, passkey) = (await world.Person("priya"), world.Passkey());
        (await Adds(priya, passkey, "Key ring")).Must(303);
        var guest = world.Guest();
        (await guest.Sends("/sign-in", "/sign-in", ("email", "priya@example.test"), ("password", Guildhall.Marketplace.Seed.SeedMarketplace.Password))).Must(303).Headers["Location"].ShouldBe("/sign-in/second");
        var form = await Begun(guest, "/sign-in/second?returnUrl=/bookings", "/sign-in/second/passkey", ask => passkey.Signs(ask));
        (await guest.Posts("/sign-in/second/passkey", form)).Must(303).Headers["Location"].ShouldBe("/bookings");
        (await guest.Opens("/bookings")).Must();

        await world.Database.Execute("update identity.sessions set proven_at = proven_at - interval '11 minutes'");
        (await guest.Sends(Page, "/account/security/backup-codes")).Must(303).Headers["Location"].ShouldBe("/account/prove?returnUrl=%2Faccount%2Fsecurity");
        form = await Begun(guest, "/account/prove?returnUrl=/account/security", "/account/prove/passkey", ask => passkey.Signs(ask));
        (await guest.Posts("/account/prove/passkey", form)).Must(303).Headers["Location"].ShouldBe(Page);
        (await guest.Sends(Page, "/account/security/backup-codes")).Must().Text.ShouldContain("class=\"codes\"");
    }

    private static async Task<Answer> Adds(Guest person, SoftPasskey passkey, string name)
    {
        var form = await Begun(person, Page, Add, ask => passkey.Creates(ask));
        return await person.Posts(Add, new Dictionary<string, string>(form) { ["name"] = name });
    }

    private static async Task<Answer> SignsIn(Guest guest, SoftPasskey passkey, string returnUrl)
    {
        var form = await Begun(guest, "/sign-in", "/sign-in/passkey", ask => passkey.Signs(ask));
        return await guest.Posts("/sign-in/passkey", new Dictionary<string, string>(form) { ["returnUrl"] = returnUrl });
    }

    // What the script does: fetches what to sign, signs it, fills the form.
    private static async Task<Dictionary<string, string>> Begun(Guest guest, string page, string action, Func<JsonElement, object> sign)
    {
        var form = await guest.Form(page, action);
        var ask = (await guest.Posts(action + "/begin", form)).Must();
        form["token"] = ask.Word("token");
        form["credential"] = JsonSerializer.Serialize(sign(ask.At("options")));
        return form;
    }
}
