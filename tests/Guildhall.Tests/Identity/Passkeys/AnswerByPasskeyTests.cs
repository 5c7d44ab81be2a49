namespace Guildhall.Tests.Identity.Passkeys;

public sealed class AnswerByPasskeyTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-6")]
    public async Task A_passkey_is_the_second_step_after_the_password()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        var challenge = await Asked(person);
        challenge.At("methods").EnumerateArray().Select(m => m.GetString()).First().ShouldBe("passkey");
        var ask = (await Begins(world.Visitor(), challenge)).Must();
        ask.At("options.allowCredentials").GetArrayLength().ShouldBe(1);
        var tokens = (await Answers(world.Visitor(), challenge, ask, passkey)).Must();
        (await world.Database.Value<string>("select level || ' ' || proven_by from identity.sessions where account_id = $1 and ended_at is null and proven_by = 'passkey'", person.Id)).ShouldBe("2 passkey");
        person.Token = tokens.Word("accessToken");
        (await person.Get("me")).Must();
    }

    [Fact]
    [Covers("I-6", "asvs-7.5.1")]
    public async Task A_passkey_proves_the_person_again_before_a_sensitive_act()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        await world.ProofGrowsOld(person);
        (await person.Post("auth/passkeys/actions/begin")).MustRefuse(FoundationRefusals.StepUpRequired);
        var challenge = (await person.Post("auth/step-ups")).Must(201);
        var stranger = await world.Person();
        (await Begins(stranger, challenge)).MustRefuse(IdentityRefusals.ChallengeFailed);
        var ask = (await Begins(person, challenge)).Must();
        (await Answers(stranger, challenge, ask, passkey)).MustRefuse(IdentityRefusals.ChallengeFailed);
        person.Token = (await Answers(person, challenge, ask, passkey)).Must().Word("accessToken");
        (await person.Post("auth/passkeys/actions/begin")).Must();
    }

    [Fact]
    [Covers("identity-43", "asvs-6.6.2")]
    public async Task What_one_challenge_asked_for_answers_no_other()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        var (first, second) = (await Asked(person), await Asked(person));
        var ask = (await Begins(world.Visitor(), first)).Must();
        (await Answers(world.Visitor(), second, ask, passkey)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await Answers(world.Visitor(), first, ask, passkey)).Must();
        (await Answers(world.Visitor(), first, ask, passkey)).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_sign_in_ask_answers_no_challenge_and_a_challenges_ask_signs_nobody_in()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        var challenge = await Asked(person);
        var signIn = (await world.Visitor().Post("auth/passkey-sign-in/actions/begin")).Must();
        (await Answers(world.Visitor(), challenge, signIn, passkey)).MustRefuse(IdentityRefusals.ChallengeFailed);
        var ask = (await Begins(world.Visitor(), challenge)).Must();
        (await world.Visitor().Post("auth/passkey-sign-in", new { token = ask.Word("token"), credential = passkey.Signs(ask.At("options")) })).MustRefuse(IdentityRefusals.PasskeyRefused);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task Another_persons_passkey_answers_nothing()
    {
        var (person, _) = await world.PersonWithPasskey();
        var (_, theirs) = await world.PersonWithPasskey();
        var challenge = await Asked(person);
        (await Answers(world.Visitor(), challenge, (await Begins(world.Visitor(), challenge)).Must(), theirs)).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_counter_that_does_not_go_up_is_refused_and_audited()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        passkey.Count = 1;
        var challenge = await Asked(person);
        (await Answers(world.Visitor(), challenge, (await Begins(world.Visitor(), challenge)).Must(), passkey)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await world.Database.Value<string>("select after->>'fault' from foundation.audit where action = 'passkey.refused' and subject_id = $1", new AccountId(person.Id).ToString())).ShouldBe("counter_went_back");
    }

    [Fact]
    public async Task Only_the_challenges_token_begins_and_only_with_a_passkey()
    {
        var (person, _) = await world.PersonWithPasskey();
        var challenge = await Asked(person);
        (await world.Visitor().Post($"auth/challenges/{challenge.Word("id")}/passkey/actions/begin", new { challengeToken = new string('A', 43) })).MustRefuse(IdentityRefusals.ChallengeFailed);
        var other = await world.Person();
        (await Begins(other, (await other.Post("auth/step-ups")).Must(201))).MustRefuse(IdentityRefusals.MethodNotOffered);
    }

    private async Task<Answer> Asked(Person person)
    {
        var refused = (await world.Visitor().Post("auth/sign-in", new { email = person.Email, password = Person.Password })).MustRefuse(IdentityRefusals.MfaRequired);
        return refused with { Text = refused.Text.Replace("\"challengeId\"", "\"id\"", StringComparison.Ordinal).Replace("\"challengeToken\"", "\"token\"", StringComparison.Ordinal) };
    }

    private static Task<Answer> Begins(Visitor visitor, Answer challenge) =>
        visitor.Post($"auth/challenges/{challenge.Word("id")}/passkey/actions/begin", new { challengeToken = challenge.Word("token") });

    private static Task<Answer> Answers(Visitor visitor, Answer challenge, Answer ask, SoftPasskey passkey) => visitor.Post($"auth/challenges/{challenge.Word("id")}/passkey",
        new { challengeToken = challenge.Word("token"), token = ask.Word("token"), credential = passkey.Signs(ask.At("options")) });
}
