namespace Guildhall.Tests.Identity.Phones;

public sealed class AnswerBySmsTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("I-6", "asvs-6.6.1")]
    public async Task A_code_to_the_confirmed_number_is_a_second_step_and_the_risk_is_said()
    {
        var (person, number) = await WithPhone();
        var challenge = await Challenged(person);
        challenge.At("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["totp", "sms_code", "email_code"]);
        var sent = (await Asks(challenge)).Must(202);
        (sent.Word("to"), sent.At("codesLeft").GetInt32()).ShouldBe(("…" + number[^3..], 2));
        sent.Word("risk.text").ShouldContain("authenticator");
        var signedIn = (await Enters(challenge, await world.CodeOn(number, 3))).Must();
        (await new Visitor(world) { Token = signedIn.Word("accessToken") }.Get("me")).Must();
        (await world.Database.Value<string>("select proven_by || ' ' || level from identity.sessions where account_id = $1 order by created_at desc, id desc limit 1", person.Id)).ShouldBe("sms_code 2");
        (await Enters(challenge, await world.CodeOn(number, 3))).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("asvs-6.6.2", "asvs-6.5.1")]
    public async Task Asvs_6_6_2_A_code_of_one_challenge_fails_on_another()
    {
        var (person, number) = await WithPhone();
        var (one, other) = (await Challenged(person), await Challenged(person));
        (await Asks(one)).Must(202);
        var code = await world.CodeOn(number, 3);
        (await Enters(other, code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await Asks(other)).Must(202);
        var fresh = await world.CodeOn(number, 4);
        if (!string.Equals(code, fresh, StringComparison.Ordinal)) (await Enters(other, code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await Enters(one, code)).Must();
        (await Enters(other, fresh)).Must();
    }

    [Fact]
    [Covers("asvs-6.6.3", "asvs-6.5.5")]
    public async Task Asvs_6_6_3_The_sixth_answer_is_too_many_and_ten_minutes_too_late()
    {
        var (person, number) = await WithPhone();
        var challenge = await Challenged(person);
        (await Asks(challenge)).Must(202);
        var code = await world.CodeOn(number, 3);
        for (var i = 1; i <= 5; i++) (await Enters(challenge, Handset.Not(code, i))).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await Enters(challenge, code)).MustRefuse(IdentityRefusals.ChallengeFailed);

        var (late, theirs) = await WithPhone();
        var old = await Challenged(late);
        (await Asks(old)).Must(202);
        var soonOld = await world.CodeOn(theirs, 3);
        await world.Clock.Passes(10.Minutes());
        (await Enters(old, soonOld)).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("marketplace-41")]
    public async Task A_new_code_voids_the_old_one_and_three_are_all_there_are()
    {
        var (person, number) = await WithPhone();
        var challenge = await Challenged(person);
        (await Asks(challenge)).Must(202);
        var first = await world.CodeOn(number, 3);
        (await Asks(challenge)).Must(202);
        var second = await world.CodeOn(number, 4);
        if (!string.Equals(first, second, StringComparison.Ordinal)) (await Enters(challenge, first)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await Asks(challenge)).Must(202).At("codesLeft").GetInt32().ShouldBe(0);
        (await Asks(challenge)).MustRefuse(IdentityRefusals.TextsUsedUp);
        (await Enters(challenge, await world.CodeOn(number, 5))).Must();
    }

    [Fact]
    [Covers("asvs-6.5.1")]
    public async Task Of_ten_who_enter_one_code_at_once_one_gets_in()
    {
        var (person, number) = await WithPhone();
        var challenge = await Challenged(person);
        (await Asks(challenge)).Must(202);
        var code = await world.CodeOn(number, 3);
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.challenges where account_id = $1 for update", person.Id);
        var racers = Enumerable.Range(0, 10).Select(_ => Enters(challenge, code)).ToArray();
        await gate.OpenWhenWaiting(5);
        (await Task.WhenAll(racers)).Count(a => a.Status == 200).ShouldBe(1);
    }

    [Fact]
    [Covers("asvs-6.6.1")]
    public async Task Without_a_confirmed_number_or_with_a_role_of_staff_no_code_is_offered_or_sent()
    {
        var person = await world.NotYetSignedIn();
        await person.HasAuthenticator();
        var challenge = await Challenged(person);
        challenge.At("methods").EnumerateArray().Select(m => m.GetString()).ShouldNotContain("sms_code");
        (await Asks(challenge)).MustRefuse(IdentityRefusals.MethodNotOffered);

        var (staff, number) = await WithPhone();
        await world.Database.Execute("insert into identity.account_roles (account_id, role, granted_at) values ($1, 'admin', $2)", staff.Id, world.Clock.Now);
        (await Asks(await Challenged(staff))).MustRefuse(IdentityRefusals.MethodNotOffered);
        (await world.TextsTo(number)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_code_of_a_number_that_was_taken_off_meanwhile_opens_nothing()
    {
        var (person, number) = await WithPhone();
        var challenge = await Challenged(person);
        (await Asks(challenge)).Must(202);
        var code = await world.CodeOn(number, 3);
        (await person.Delete("me/phone")).Must(204);
        (await Enters(challenge, code)).Status.ShouldBeOneOf(401, 422);
    }

    [Fact]
    public async Task The_wrong_token_learns_nothing_and_sends_nothing()
    {
        var (person, number) = await WithPhone();
        var challenge = await Challenged(person);
        (await world.Visitor().Post($"auth/challenges/{challenge.Word("challengeId")}/sms/actions/send", new { challengeToken = new string('A', 43) })).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await world.TextsTo(number)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Who_has_no_second_factor_steps_up_by_text_message()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        await world.Clock.Passes(11.Minutes());
        await person.StaysSignedIn();
        (await person.Delete("me/phone")).MustRefuse(FoundationRefusals.StepUpRequired);
        var challenge = (await person.Post("auth/step-ups")).Must(201);
        challenge.At("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["password", "sms_code"]);
        var (id, token) = (challenge.Word("id"), challenge.Word("token"));
        (await world.Visitor().Post($"auth/challenges/{id}/sms/actions/send", new { challengeToken = token })).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await person.Post($"auth/challenges/{id}/sms/actions/send", new { challengeToken = token })).Must(202);
        person.Token = (await person.Post($"auth/challenges/{id}/sms", new { challengeToken = token, code = await world.CodeOn(number, 3) })).Must().Word("accessToken");
        (await person.Delete("me/phone")).Must(204);
        (await person.Post("auth/step-ups")).Must(201).At("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["password"]);
    }

    private async Task<(Person Person, string Number)> WithPhone()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        await person.HasAuthenticator();
        return (person, number);
    }

    private async Task<Answer> Challenged(Person person) =>
        (await world.Visitor().Post("auth/sign-in", new { email = person.Email, password = Person.Password })).MustRefuse(IdentityRefusals.MfaRequired);

    private Task<Answer> Asks(Answer challenge) => world.Visitor().Post($"auth/challenges/{challenge.Word("challengeId")}/sms/actions/send", new { challengeToken = challenge.Word("challengeToken") });

    private Task<Answer> Enters(Answer challenge, string code) =>
        world.Visitor().Post($"auth/challenges/{challenge.Word("challengeId")}/sms", new { challengeToken = challenge.Word("challengeToken"), code });
}
