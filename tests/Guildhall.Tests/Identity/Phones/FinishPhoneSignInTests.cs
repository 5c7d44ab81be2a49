namespace Guildhall.Tests.Identity.Phones;

public sealed class FinishPhoneSignInTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("I-1")]
    public async Task A_confirmed_number_and_its_code_open_a_session()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        var attempt = await Starts(number);
        attempt.Word("risk.text").ShouldContain("passkey");
        var signedIn = (await Enters(attempt, await world.CodeOn(number, 3))).Must();
        var again = new Visitor(world) { Token = signedIn.Word("accessToken") };
        (await again.Get("me")).Must().Word("email").ShouldBe(person.Email);
        (await world.Database.Value<string>("select proven_by || ' ' || level from identity.sessions where account_id = $1 order by created_at desc, id desc limit 1", person.Id)).ShouldBe("phone_code 1");
        signedIn.Word("deviceToken").Length.ShouldBe(43);
    }

    [Fact]
    [Covers("identity-17", "marketplace-41")]
    public async Task An_unknown_number_gets_the_same_answer_after_the_same_work_and_no_message()
    {
        var known = await (await world.Person()).Confirms();
        var unknown = Handset.NewNumber();
        var (one, other) = (await Starts(known), await Starts(unknown));
        one.Json.EnumerateObject().Select(p => p.Name).ShouldBe(other.Json.EnumerateObject().Select(p => p.Name));
        one.Word("risk.text").ShouldBe(other.Word("risk.text"));
        one.Headers.Keys.Order().ShouldBe(other.Headers.Keys.Order());
        await world.JobsAreDone();
        (await world.TextsTo(unknown)).ShouldBeEmpty();
        // What the request wrote is alike; who has the number is looked up by the job.
        (await world.Database.Count("identity.phone_sign_ins where phone in ($1, $2)", known, unknown)).ShouldBe(2);
        (await world.Database.Count("foundation.audit where action = 'session.code_asked' and subject_id in ($1, $2)", one.Word("attemptId"), other.Word("attemptId"))).ShouldBe(2);

        var wrong = (await Enters(one, Handset.Not(await world.CodeOn(known, 3)))).MustRefuse(IdentityRefusals.PhoneSignInFailed);
        var nobody = (await Enters(other, "123456")).MustRefuse(IdentityRefusals.PhoneSignInFailed);
        wrong.Word("detail").ShouldBe(nobody.Word("detail"));
        wrong.Headers.Keys.Order().ShouldBe(nobody.Headers.Keys.Order());
    }

    [Fact]
    [Covers("asvs-6.6.2")]
    public async Task Asvs_6_6_2_The_code_of_one_attempt_fits_no_other_and_no_other_token()
    {
        var number = await (await world.Person()).Confirms();
        var first = await Starts(number);
        var code = await world.CodeOn(number, 3);
        var second = await Starts(number);
        var fresh = await world.CodeOn(number, 4);
        if (!string.Equals(code, fresh, StringComparison.Ordinal)) (await Enters(second, code)).MustRefuse(IdentityRefusals.PhoneSignInFailed);
        (await world.Visitor().Post("auth/phone-sign-in/actions/verify", new { attemptId = first.Word("attemptId"), token = second.Word("token"), code })).MustRefuse(IdentityRefusals.PhoneSignInFailed);
        (await Enters(first, code)).Must();
        (await Enters(second, fresh)).Must();
    }

    [Fact]
    [Covers("asvs-6.6.3", "asvs-6.5.5", "marketplace-41")]
    public async Task Asvs_6_6_3_Five_wrong_codes_or_ten_minutes_end_the_attempt()
    {
        var number = await (await world.Person()).Confirms();
        var attempt = await Starts(number);
        var code = await world.CodeOn(number, 3);
        for (var i = 1; i <= 5; i++) (await Enters(attempt, Handset.Not(code, i))).MustRefuse(IdentityRefusals.PhoneSignInFailed);
        (await Enters(attempt, code)).MustRefuse(IdentityRefusals.PhoneSignInFailed);

        var late = await Starts(number);
        var soonOld = await world.CodeOn(number, 4);
        await world.Clock.Passes(10.Minutes());
        (await Enters(late, soonOld)).MustRefuse(IdentityRefusals.PhoneSignInFailed);
    }

    [Fact]
    [Covers("asvs-6.5.1", "identity-1")]
    public async Task Of_twenty_who_enter_one_code_at_once_one_gets_in()
    {
        var number = await (await world.Person()).Confirms();
        var attempt = await Starts(number);
        var code = await world.CodeOn(number, 3);
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.phone_sign_ins where phone = $1 for update", number);
        var racers = Enumerable.Range(0, 20).Select(_ => Enters(attempt, code)).ToArray();
        await gate.OpenWhenWaiting(10);
        var answers = await Task.WhenAll(racers);
        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Count(a => a.Code is "phone_sign_in_failed").ShouldBe(19);
    }

    [Fact]
    public async Task A_number_that_was_taken_off_meanwhile_signs_nobody_in()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        var attempt = await Starts(number);
        var code = await world.CodeOn(number, 3);
        (await person.Delete("me/phone")).Must(204);
        (await Enters(attempt, code)).MustRefuse(IdentityRefusals.PhoneSignInFailed);
    }

    [Fact]
    public async Task A_suspended_person_is_told_so_only_with_the_right_code_which_is_used_up()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        var attempt = await Starts(number);
        var code = await world.CodeOn(number, 3);
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", person.Id);
        (await Enters(attempt, Handset.Not(code))).MustRefuse(IdentityRefusals.PhoneSignInFailed);
        (await Enters(attempt, code)).MustRefuse(IdentityRefusals.AccountSuspended);
        (await Enters(attempt, code)).MustRefuse(IdentityRefusals.PhoneSignInFailed);
    }

    [Fact]
    [Covers("I-6")]
    public async Task A_second_factor_is_asked_for_and_a_second_code_to_the_same_phone_is_none()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        await person.HasAuthenticator();
        var attempt = await Starts(number);
        var asked = (await Enters(attempt, await world.CodeOn(number, 3))).MustRefuse(IdentityRefusals.MfaRequired);
        asked.At("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["totp", "email_code"]);
        (await world.Visitor().Post($"auth/challenges/{asked.Word("challengeId")}/sms/actions/send", new { challengeToken = asked.Word("challengeToken") })).MustRefuse(IdentityRefusals.MethodNotOffered);
    }

    [Fact]
    public async Task Staff_do_not_sign_in_by_phone()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        await world.Database.Execute("insert into identity.account_roles (account_id, role, granted_at) values ($1, 'admin', $2)", person.Id, world.Clock.Now);
        await Starts(number);
        await world.JobsAreDone();
        (await world.TextsTo(number)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_number_that_is_none_is_said_to_be_none()
    {
        (await world.Visitor().Post("auth/phone-sign-in", new { phone = "12" })).MustRefuse(IdentityRefusals.PhoneNotAccepted);
        (await world.Visitor().Post("auth/phone-sign-in", new { phone = "+1 900 234 5678" })).MustRefuse(IdentityRefusals.PhoneNotAccepted);
    }

    [Fact]
    public async Task What_ran_out_is_deleted()
    {
        var number = Handset.NewNumber();
        await Starts(number);
        await world.JobsAreDone();
        await world.Clock.Passes(30.Minutes());
        await world.EventuallyOr("It is still there.", async () => await world.Database.Count("identity.phone_sign_ins where phone = $1", number) == 0);
    }

    private async Task<Answer> Starts(string number) => (await world.Visitor().Post("auth/phone-sign-in", new { phone = number })).Must(202);

    private Task<Answer> Enters(Answer attempt, string code) =>
        world.Visitor().Post("auth/phone-sign-in/actions/verify", new { attemptId = attempt.Word("attemptId"), token = attempt.Word("token"), code });
}
