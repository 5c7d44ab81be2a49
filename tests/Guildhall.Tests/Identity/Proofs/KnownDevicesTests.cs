using Guildhall.Identity.Proofs;

namespace Guildhall.Tests.Identity.Proofs;

public sealed class KnownDevicesTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1";

    [Fact]
    [Covers("I-6", "asvs-7.5.1")]
    public async Task A_remembered_device_is_not_asked_for_thirty_days_and_has_proven_nothing_for_sensitive_acts()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var device = await Remembered(person, app);
        await world.Clock.Passes(29.Days());
        var signedIn = (await SignsIn(person, device, Firefox.Replace("140", "141", StringComparison.Ordinal))).Must();
        person.Takes(signedIn);
        (await person.Delete("auth/totp")).MustRefuse(FoundationRefusals.StepUpRequired);
        var listed = (await person.Get("auth/devices")).Must();
        listed.At("items.0.current").GetBoolean().ShouldBeTrue();
        listed.At("items.0.rememberedUntil").ValueKind.ShouldNotBe(System.Text.Json.JsonValueKind.Null);
        listed.Word("items.0.name").ShouldContain("Firefox");
        await world.Clock.Passes(2.Days());
        (await SignsIn(person, signedIn.Word("deviceToken"))).MustRefuse(IdentityRefusals.MfaRequired);
    }

    [Fact]
    [Covers("identity-45")]
    public async Task A_device_of_another_account_is_a_stranger()
    {
        var (person, other) = (await world.Person(), await world.Person());
        var (app, _) = await person.SetsUpTotp();
        await other.SetsUpTotp();
        var device = await Remembered(person, app);
        (await SignsIn(other, device)).MustRefuse(IdentityRefusals.MfaRequired);
        (await SignsIn(person, device)).Must();
    }

    [Fact]
    [Covers("identity-45")]
    public async Task After_a_new_password_or_other_factors_no_device_is_trusted()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var device = await Remembered(person, app);
        await world.Data().InTransaction(tx => KnownDevices.TrustNone(tx, new AccountId(person.Id)));
        (await SignsIn(person, device)).MustRefuse(IdentityRefusals.MfaRequired);

        device = await Remembered(person, app);
        (await person.Post("auth/backup-codes")).Must(201);
        (await SignsIn(person, device)).MustRefuse(IdentityRefusals.MfaRequired);
    }

    [Fact]
    [Covers("identity-45")]
    public async Task What_was_copied_into_another_browser_is_asked()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var device = await Remembered(person, app);
        (await SignsIn(person, device, Safari)).MustRefuse(IdentityRefusals.MfaRequired);
        (await SignsIn(person, device)).Must();
    }

    [Fact]
    [Covers("identity-45")]
    public async Task A_copy_beyond_the_grace_takes_the_device_away_from_both()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var copy = await Remembered(person, app);
        var next = (await SignsIn(person, copy)).Must().Word("deviceToken");
        (await SignsIn(person, copy)).Must(); // a lost answer: within the minute
        await world.Clock.Passes(2.Minutes());
        (await SignsIn(person, copy)).MustRefuse(IdentityRefusals.MfaRequired);
        (await SignsIn(person, next)).MustRefuse(IdentityRefusals.MfaRequired);
        (await world.Database.Count("identity.devices where account_id = $1 and revoked_at is not null", person.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Thinking_about_the_second_step_for_some_minutes_does_not_make_a_device_its_own_copy()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var device = (await (await world.KnocksAs(person)).Totp(await app.NextCode())).Must().Word("deviceToken");
        var step = await world.KnocksAs(person, device);
        await world.Clock.Passes(5.Minutes());
        var next = (await step.Totp(await app.Code(), remember: true, device: device)).Must().Word("deviceToken");
        next.ShouldNotBe(device);
        (await world.Visitor().Post("auth/sign-in", new { email = person.Email, password = Person.Password, deviceToken = next })).Must();
        (await world.Database.Count("identity.devices where account_id = $1", person.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("I-6", "identity-41")]
    public async Task A_device_is_forgotten_with_its_sessions_and_a_strangers_is_not_found()
    {
        var (person, stranger) = (await world.Person(), await world.Person());
        var (app, _) = await person.SetsUpTotp();
        var device = await Remembered(person, app);
        var there = new Person(world, person.Id, person.Email).Takes((await SignsIn(person, device)).Must());
        var id = (await person.Get("auth/devices")).Must().Word("items.0.id");
        (await stranger.Delete("auth/devices/" + id)).MustRefuse(FoundationRefusals.NotFound);
        (await world.Database.Count("foundation.audit where action = 'malicious_direct_reference' and actor_id = $1 and subject_id = $2", stranger.Id, id)).ShouldBe(1);
        (await person.Delete("auth/devices/" + id)).Must(204);
        for (var node = 0; node < 2; node++) { there.OnlyNode = node; (await there.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        (await person.Get("me")).Must();
        (await person.Delete("auth/devices/" + id)).MustRefuse(FoundationRefusals.NotFound);
        (await SignsIn(person, device)).MustRefuse(IdentityRefusals.MfaRequired);
    }

    [Fact]
    [Covers("I-6", "identity-45")]
    public async Task A_device_that_was_forgotten_is_met_anew_and_told_of()
    {
        var person = await (await world.NotYetSignedIn()).SignsIn();
        var device = (await new Browser(world, Firefox).Post("auth/sign-in", new { email = person.Email, password = Person.Password })).Must().Word("deviceToken");
        var id = (await person.Get("auth/devices")).Must().At("items").EnumerateArray().Single(d => !d.GetProperty("current").GetBoolean()).GetProperty("id").GetString();
        (await person.Delete("auth/devices/" + id)).Must(204);
        (await SignsIn(person, device)).Must();
        (await world.Told(person, "new_device")).ShouldBe(2);
        (await world.Database.Count("identity.devices where account_id = $1", person.Id)).ShouldBe(3);
    }

    private async Task<string> Remembered(Person person, Authenticator app)
    {
        var visitor = new Browser(world, Firefox);
        var step = Step.Of(visitor, (await visitor.Post("auth/sign-in", new { email = person.Email, password = Person.Password })).MustRefuse(IdentityRefusals.MfaRequired));
        return (await step.Totp(await app.NextCode(), remember: true)).Must().Word("deviceToken");
    }

    private Task<Answer> SignsIn(Person person, string device, string agent = Firefox) =>
        new Browser(world, agent).Post("auth/sign-in", new { email = person.Email, password = Person.Password, deviceToken = device });

    private sealed class Browser(World world, string agent) : Visitor(world)
    {
        protected override (string Name, string Value)? Also => ("User-Agent", agent);
    }
}
