using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Proofs;

public sealed class SecondStepTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("asvs-2.3.1", "asvs-9.2.2")]
    public async Task Asvs_2_3_1_No_step_can_be_skipped()
    {
        var (person, other) = (await world.Person(), await world.Person());
        var (app, _) = await person.SetsUpTotp();
        await other.SetsUpTotp();
        var (step, strange) = (await world.KnocksAs(person), await world.KnocksAs(other));
        var code = await app.NextCode();
        (await (step with { Id = new ChallengeId(Guid.NewGuid()).ToString() }).Totp(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (step with { Token = strange.Token }).Totp(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (step with { Token = "" }).Totp(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await strange.Totp(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (step with { Token = step.Id }).Totp(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await world.Visitor().Post("auth/refresh", new { refreshToken = step.Token })).Status.ShouldBe(401);
        (await new Visitor(world) { Token = step.Token }.Get("me")).MustRefuse(IdentityRefusals.InvalidToken);
        (await step.Totp(code)).Must();
    }

    [Fact]
    [Covers("asvs-2.3.1")]
    public async Task A_challenge_is_void_once_the_account_was_signed_out_everywhere_or_suspended()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        (await person.Post("sessions/actions/end-all")).Must(204);
        (await step.Totp(await app.NextCode())).MustRefuse(IdentityRefusals.ChallengeFailed);
        step = await world.KnocksAs(person);
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", person.Id);
        (await step.Totp(await app.NextCode())).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("asvs-6.6.3", "I-9")]
    public async Task Asvs_6_6_3_The_fifth_wrong_answer_burns_the_challenge()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        var right = await app.NextCode();
        for (var i = 0; i < Challenges.Tries; i++) (await step.Totp(Wrong(right))).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await step.Totp(right)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (await world.KnocksAs(person)).Totp(right)).Must();
    }

    [Fact]
    [Covers("asvs-6.6.3")]
    public async Task A_challenge_is_open_for_ten_minutes()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        await world.Clock.Passes(Challenges.Lifetime);
        (await step.Totp(await app.NextCode())).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (await world.KnocksAs(person)).Totp(await app.Code())).Must();
    }

    [Fact]
    [Covers("I-9", "asvs-6.3.1", "identity-20", "identity-27")]
    public async Task Ten_wrong_answers_an_hour_lock_strangers_out_and_not_the_owner_at_a_known_device_or_in_a_session()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var device = (await (await world.KnocksAs(person)).Totp(await app.NextCode())).Must().Word("deviceToken");
        for (var round = 0; round < AnswerChallenge.Attempts / Challenges.Tries; round++)
        {
            var step = await world.KnocksAs(person);
            for (var i = 0; i < Challenges.Tries; i++) (await step.BackupCode("AAAA-AAAA-AAAA-AAAA")).MustRefuse(IdentityRefusals.ChallengeFailed);
        }
        var stranger = await world.KnocksAs(person);
        var locked = (await stranger.Totp(await app.NextCode())).MustRefuse(IdentityRefusals.SecondStepLocked);
        int.Parse(locked.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(3000, AnswerChallenge.AttemptsWithinSeconds);
        (await (await world.KnocksAs(person, device)).Totp(await app.Code(), device: device)).Must();
        person.Takes((await (await person.StepsUp()).Totp(await app.NextCode())).Must());
        (await person.Get("me")).Must();
    }

    [Fact]
    [Covers("asvs-6.3.5")]
    public async Task Asvs_6_3_5_A_wrong_second_step_of_a_stranger_and_a_success_after_failures_are_told()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var right = await app.NextCode();
        var step = await world.KnocksAs(person);
        (await step.Totp(Wrong(right))).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await world.Told(person, "second_step_failed")).ShouldBe(1);
        for (var i = 0; i < 2; i++) (await step.Totp(Wrong(right))).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await world.Told(person, "second_step_failed")).ShouldBe(1); // once an hour, not once a try
        (await world.Told(person, "signed_in_after_failures")).ShouldBe(0);
        (await step.Totp(right)).Must();
        (await world.Told(person, "signed_in_after_failures")).ShouldBe(1);

        var other = await world.NotYetSignedIn();
        for (var i = 0; i < 3; i++) (await world.Visitor().Post("auth/sign-in", new { email = other.Email, password = "guess number " + i })).MustRefuse(IdentityRefusals.SignInFailed);
        await other.SignsIn();
        (await world.Told(other, "signed_in_after_failures")).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'session.second_step_refused' and subject_id = $1", new AccountId(person.Id).ToString())).ShouldBe(3);
    }

    [Fact]
    [Covers("asvs-7.2.4")]
    public async Task Asvs_7_2_4_Stepping_up_replaces_the_session_and_keeps_its_end()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var before = (Session: person.Session, Token: person.Token, Refresh: person.RefreshToken);
        var step = await person.StepsUp();
        (await new Visitor(world) { Token = (await world.Person()).Token }.Post($"auth/challenges/{step.Id}/totp", new { challengeToken = step.Token, code = await app.NextCode() })).MustRefuse(IdentityRefusals.ChallengeFailed);
        person.Takes((await step.Totp(await app.Code())).Must());
        person.Session.ShouldNotBe(before.Session);
        (await new Visitor(world) { Token = before.Token }.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
        (await world.Visitor().Post("auth/refresh", new { refreshToken = before.Refresh })).MustRefuse(IdentityRefusals.SessionExpired);
        (await world.Database.Count("(select distinct expires_at from identity.sessions where account_id = $1) s", person.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("asvs-6.3.3")]
    public async Task Asvs_6_3_3_Who_holds_a_role_that_needs_a_second_factor_can_do_nothing_but_set_one_up()
    {
        await world.Database.Execute("update identity.roles set needs_second_factor = true where name = 'finance'");
        var person = await world.Person("finance");
        (await person.Get("me")).MustRefuse(FoundationRefusals.SecondFactorNeeded);
        (await person.Get("sessions")).MustRefuse(FoundationRefusals.SecondFactorNeeded);
        (await person.Get("auth/factors")).Must().At("needed").GetBoolean().ShouldBeTrue();
        await person.SetsUpTotp();
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        person.OnlyNode = null;
        (await person.Delete("auth/totp")).MustRefuse(IdentityRefusals.LastSecondFactor);
        await world.Database.Execute("update identity.roles set needs_second_factor = false where name = 'finance'");
        (await person.Delete("auth/totp")).Must(204);
    }

    [Fact]
    [Covers("asvs-6.3.4")]
    public async Task Asvs_6_3_4_Programs_and_browsers_are_asked_for_the_same_and_what_was_remembered_counts_as_one_factor()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var identity = world.Get<IdentityParts>();
        foreach (var kind in (SessionKind[])[SessionKind.Bearer, SessionKind.Cookie])
            (await SignIn.Run(identity, Nobody, new SignIn.Body(person.Email, Person.Password), kind, default)).Refusal!.Code.ShouldBe("mfa_required");
        var device = (await (await world.KnocksAs(person)).Totp(await app.NextCode(), remember: true)).Must().Word("deviceToken");
        foreach (var kind in (SessionKind[])[SessionKind.Bearer, SessionKind.Cookie])
        {
            var signedIn = (await SignIn.Run(identity, Nobody, new SignIn.Body(person.Email, Person.Password, device), kind, default)).OrThrow();
            (await world.Database.Count("identity.sessions where id = $1 and level = 1 and proven_at is null", signedIn.Session.Id.Value)).ShouldBe(1);
            device = signedIn.DeviceToken!;
        }
    }

    private static readonly Caller Nobody = new() { Kind = CallerKind.Anonymous, Address = System.Net.IPAddress.Loopback };

    private static string Wrong(string right) => right[..5] + (char)('0' + ((right[5] - '0' + 1) % 10));
}
