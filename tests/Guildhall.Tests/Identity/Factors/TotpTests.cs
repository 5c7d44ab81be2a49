using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Factors;

namespace Guildhall.Tests.Identity.Factors;

public sealed class TotpTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Theory]
    [Covers("I-6")]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_rfc_6238(long seconds, string code)
    {
        var (seed, at) = (Encoding.ASCII.GetBytes("12345678901234567890"), DateTimeOffset.FromUnixTimeSeconds(seconds));
        Totp.Match(seed, code, at).ShouldBe(seconds / 30);
        Totp.Match(seed, code, at.AddSeconds(30)).ShouldBe(seconds / 30);
        Totp.Match(seed, code, at.AddSeconds(60)).ShouldBeNull();
        Totp.Match(seed, code, at.AddSeconds(-30)).ShouldBeNull();
    }

    [Theory]
    [Covers("asvs-2.2.1")]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870822")]
    [InlineData("٢٨٧٠٨٢")]
    [InlineData("28708a")]
    public void What_is_not_six_digits_is_no_code(string code) =>
        Totp.Match(Encoding.ASCII.GetBytes("12345678901234567890"), code, DateTimeOffset.FromUnixTimeSeconds(59)).ShouldBeNull();

    [Fact]
    [Covers("I-6")]
    public async Task A_camera_reads_the_qr_code_and_the_app_that_scanned_it_signs_in()
    {
        var person = await world.Person();
        var begun = (await person.Post("auth/totp")).Must(201);
        var scanned = (await Peers.Ask("qr", new { svg = begun.Word("qrSvg") })).GetString();
        scanned.ShouldBe(begun.Word("uri"));
        scanned.ShouldBe($"otpauth://totp/Guildhall:{Uri.EscapeDataString(person.Email)}?secret={begun.Word("secret")}&issuer=Guildhall&algorithm=SHA1&digits=6&period=30");
        begun.Word("secret").Length.ShouldBe(32); // 160 bits

        var app = new Authenticator(world, begun.Word("secret"));
        (await person.Post("auth/totp/actions/confirm", new { code = await app.Code() })).Must().At("backupCodes").GetArrayLength().ShouldBe(10);
        var step = await world.KnocksAs(person);
        step.Methods.ShouldBe(["totp", "backup_code", "email_code"]);
        person.Takes((await step.Totp(await app.NextCode())).Must());
        (await person.Get("auth/factors")).Must().At("totp").GetDateTimeOffset().ShouldBeGreaterThan(world.Clock.Now.AddMinutes(-5));
    }

    [Fact]
    [Covers("identity-3")]
    public async Task The_code_that_set_the_app_up_does_not_sign_in()
    {
        var person = await world.Person();
        var app = new Authenticator(world, (await person.Post("auth/totp")).Must(201).Word("secret"));
        var first = await app.Code();
        (await person.Post("auth/totp/actions/confirm", new { code = first })).Must();
        (await (await world.KnocksAs(person)).Totp(first)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (await world.KnocksAs(person)).Totp(await app.NextCode())).Must();
    }

    [Fact]
    [Covers("asvs-6.5.1", "asvs-15.4.2")]
    public async Task Asvs_6_5_1_Of_fifty_at_once_with_one_code_of_the_app_one_succeeds()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var code = await app.NextCode();
        var account = new AccountId(person.Id);
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.totp where account_id = $1 for update", person.Id);
        var uses = Enumerable.Range(0, 50).Select(i => world.Data(i % 2).InTransaction(tx => Totp.Use(tx, new MasterKey(World.MasterKey), account, code))).ToArray();
        await gate.OpenWhenWaiting(10);
        (await Task.WhenAll(uses)).Count(used => used).ShouldBe(1);
        (await (await world.KnocksAs(person)).Totp(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("asvs-6.5.5", "identity-55")]
    public async Task Asvs_6_5_5_This_step_and_the_one_before_are_good_and_none_other()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        await world.Clock.Passes(5.Minutes());
        await world.Clock.Passes(TimeSpan.FromSeconds(31 - world.Clock.Now.ToUnixTimeSeconds() % 30)); // a step has just begun
        var step = await world.KnocksAs(person);
        (await step.Totp(await app.Code(stepsAgo: 2))).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await step.Totp(await app.Code(stepsAgo: -2))).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await step.Totp(await app.Code(stepsAgo: 1))).Must();
        // Forward only: the one of this moment is good still, the one before it is past for good.
        var (before, now) = (await app.Code(stepsAgo: 1), await app.Code());
        (await (await world.KnocksAs(person)).Totp(now)).Must();
        (await (await world.KnocksAs(person)).Totp(before)).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("asvs-11.3.1", "identity-57")]
    public async Task Asvs_11_3_1_The_seed_is_sealed_and_opens_for_its_account_alone()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var data = await world.Database.Value<byte[]>("select secret from identity.totp where account_id = $1", person.Id);
        var master = new MasterKey(World.MasterKey);
        var seed = Totp.Open(master, new AccountId(person.Id), data);
        Totp.Text(seed).ShouldBe(app.Secret);
        data.AsSpan().IndexOf(seed).ShouldBe(-1);
        Should.Throw<CryptographicException>(() => Totp.Open(master, new AccountId(Guid.NewGuid()), data));
        Should.Throw<CryptographicException>(() => Totp.Open(new MasterKey(RandomNumberGenerator.GetBytes(32)), new AccountId(person.Id), data));
    }

    [Fact]
    [Covers("asvs-6.5.3")]
    public void Asvs_6_5_3_Seeds_are_160_random_bits() =>
        Enumerable.Range(0, 200).Select(_ => Convert.ToHexString(Totp.NewSeed())).Distinct(StringComparer.Ordinal).Count(seed => seed.Length == 40).ShouldBe(200);

    [Fact]
    [Covers("identity-7", "I-5")]
    public async Task A_session_that_was_ended_while_it_set_up_an_app_does_not_come_back()
    {
        var person = await world.Person();
        var thief = await person.OnAnotherDevice();
        var app = new Authenticator(world, (await thief.Post("auth/totp")).Must(201).Word("secret"));
        var code = await app.Code();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.accounts where id = $1 for update", person.Id);
        var ending = person.Post("sessions/actions/end-all");
        await Eventually.True(async () => await gate.Waiting() > 0, "The end of all sessions waits at the gate.");
        var confirming = thief.Post("auth/totp/actions/confirm", new { code });
        await gate.OpenWhenWaiting(2);
        (await ending).Must(204);
        (await confirming).MustRefuse(IdentityRefusals.SessionExpired);
        (await world.Database.Count("identity.totp where account_id = $1 and confirmed_at is not null", person.Id)).ShouldBe(0);
    }

    [Fact]
    [Covers("asvs-7.2.4", "asvs-7.4.3", "asvs-6.3.5")]
    public async Task Asvs_7_2_4_Setting_up_an_app_gives_a_new_session_and_ends_all_others()
    {
        var person = await world.Person();
        var (phone, before) = (await person.OnAnotherDevice(), person.Token);
        await person.SetsUpTotp();
        person.Token.ShouldNotBe(before);
        (await person.Get("me")).Must();
        for (var node = 0; node < 2; node++)
        {
            phone.OnlyNode = node;
            (await phone.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
            (await new Visitor(world) { Token = before, OnlyNode = node }.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
        }
        (await world.Told(person, "totp_added")).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'factor.totp_added' and actor_id = $1", person.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("asvs-7.5.1")]
    public async Task Asvs_7_5_1_Changing_factors_wants_a_fresh_proof()
    {
        var person = await world.Person();
        await person.Waits(11.Minutes());
        (await person.Post("auth/totp")).MustRefuse(FoundationRefusals.StepUpRequired);
        (await person.Post("auth/totp/actions/confirm", new { code = "000000" })).MustRefuse(FoundationRefusals.StepUpRequired);
        (await person.Delete("auth/totp")).MustRefuse(FoundationRefusals.StepUpRequired);
        (await person.Post("auth/backup-codes")).MustRefuse(FoundationRefusals.StepUpRequired);

        var step = await person.StepsUp();
        person.Takes((await person.Post($"auth/challenges/{step.Id}/password", new { challengeToken = step.Token, password = Person.Password })).Must());
        var (app, _) = await person.SetsUpTotp();
        await person.Waits(11.Minutes());
        (await person.Delete("auth/totp")).MustRefuse(FoundationRefusals.StepUpRequired);
        // With a second factor the password alone proves nothing any more.
        step = await person.StepsUp();
        step.Methods.ShouldBe(["totp", "backup_code"]);
        (await person.Post($"auth/challenges/{step.Id}/password", new { challengeToken = step.Token, password = Person.Password })).MustRefuse(IdentityRefusals.MethodNotOffered);
        var before = person.Token;
        person.Takes((await step.Totp(await app.Code())).Must());
        (await new Visitor(world) { Token = before }.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
        (await person.Delete("auth/totp")).Must(204);
    }

    [Fact]
    [Covers("asvs-6.5.6", "asvs-7.4.3")]
    public async Task Asvs_6_5_6_The_owner_removes_the_app_and_is_asked_no_more()
    {
        var person = await world.Person();
        var (app, codes) = await person.SetsUpTotp();
        var phone = new Person(world, person.Id, person.Email).Takes((await (await world.KnocksAs(person)).Totp(await app.NextCode())).Must());
        (await person.Delete("auth/totp")).Must(204);
        (await phone.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
        (await person.Delete("auth/totp")).MustRefuse(FoundationRefusals.NotFound);
        (await world.Told(person, "totp_removed")).ShouldBe(1);
        (await world.Database.Count("identity.backup_codes where account_id = $1", person.Id)).ShouldBe(0);
        codes.Count.ShouldBe(10);
        await person.SignsIn();
        (await person.Get("auth/factors")).Must().At("totp").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task Beginning_again_voids_what_was_shown_and_a_new_phone_takes_the_place_of_the_old_one_with_its_first_code()
    {
        var person = await world.Person();
        var old = new Authenticator(world, (await person.Post("auth/totp")).Must(201).Word("secret"));
        var app = new Authenticator(world, (await person.Post("auth/totp")).Must(201).Word("secret"));
        (await person.Post("auth/totp/actions/confirm", new { code = await old.Code() })).MustRefuse(IdentityRefusals.TotpCodeWrong);
        await person.SignsIn(); // an app that was not confirmed is asked for nowhere
        (await person.Post("auth/totp/actions/confirm", new { code = await app.Code() })).Must();
        person.Takes((await (await world.KnocksAs(person)).Totp(await app.NextCode())).Must());
        (await person.Post("auth/totp/actions/confirm", new { code = await app.NextCode() })).MustRefuse(IdentityRefusals.TotpNotStarted);

        var phone = new Authenticator(world, (await person.Post("auth/totp")).Must(201).Word("secret"));
        (await (await world.KnocksAs(person)).Totp(await phone.Code())).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (await world.KnocksAs(person)).Totp(await app.NextCode())).Must(); // the old one is in use still
        person.Takes((await person.Post("auth/totp/actions/confirm", new { code = await phone.Code() })).Must(), "tokens");
        (await (await world.KnocksAs(person)).Totp(await app.NextCode())).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (await world.KnocksAs(person)).Totp(await phone.NextCode())).Must();
    }

    [Fact]
    public async Task What_was_begun_waits_a_quarter_of_an_hour()
    {
        var person = await world.Person();
        var app = new Authenticator(world, (await person.Post("auth/totp")).Must(201).Word("secret"));
        await world.Clock.Passes(StartTotp.Lifetime);
        await person.SignsIn();
        (await person.Post("auth/totp/actions/confirm", new { code = await app.Code() })).MustRefuse(IdentityRefusals.TotpNotStarted);
    }
}
