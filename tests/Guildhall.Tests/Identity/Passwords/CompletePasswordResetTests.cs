using System.Text;
using Guildhall.Identity.Passwords;

namespace Guildhall.Tests.Identity.Passwords;

public sealed partial class CompletePasswordResetTests(PasswordWorld world) : IClassFixture<PasswordWorld>
{
    private const string Check = "auth/password-resets/actions/check", Complete = "auth/password-resets/actions/complete";

    [Fact]
    [Covers("I-7", "asvs-6.3.7")]
    public async Task Somebody_who_forgot_gets_a_link_chooses_a_password_and_is_signed_out_everywhere()
    {
        var person = await world.Person();
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        var token = await world.Forgets(person);
        (await world.Visitor().Post(Check, new { token })).Must().At("minLength").GetInt32().ShouldBe(15);
        (await world.Resets(token)).Must(204);

        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        (await world.Visitor().Post("auth/refresh", new { refreshToken = person.RefreshToken })).MustRefuse(IdentityRefusals.SessionExpired);
        (await world.SignsIn(person.Email, Person.Password)).MustRefuse(IdentityRefusals.SignInFailed);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
        (await world.Database.Value<string>("select ended_why from identity.sessions where account_id = $1 order by created_at limit 1", person.Id)).ShouldBe("password_changed");
        await Eventually.True(async () => (await world.Gateway.MailTo(person.Email)).Any(m => m.GetProperty("subject").GetString() == "Your password was changed"), "The owner was not told.");
        var audit = await world.Database.Value<string>("select a::text from foundation.audit a where action = 'password.reset' and subject_id = $1", new AccountId(person.Id).ToString());
        audit.ShouldNotContain(token);
        audit.ShouldNotContain("pbkdf2");
    }

    [Fact]
    [Covers("identity-32", "I-7")]
    public async Task A_link_is_used_up_by_nothing_but_its_one_success()
    {
        var person = await world.NotYetSignedIn();
        var token = await world.Forgets(person);
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            foreach (var address in (string[])["/reset-password", "/reset-password?token=" + token, "/reset-password%23" + token]) await world.Visitor().Send(method, address);
        (await world.Visitor().Post(Check, new { token })).Must();
        (await world.Visitor().Post(Check, new { token })).Must();
        (await world.Resets(token, "short")).MustRefuse(FoundationRefusals.InvalidInput);
        (await world.Resets(token, "aaaaaaaaaaaaaaaaaaaa")).MustRefuse(IdentityRefusals.PasswordTooWeak);
        (await world.Resets(token, Person.Password)).MustRefuse(IdentityRefusals.PasswordUsedBefore);
        (await world.Resets(token)).Must(204);

        (await world.Resets(token, PasswordWorld.Second)).MustRefuse(IdentityRefusals.PasswordResetFailed);
        (await world.Visitor().Post(Check, new { token })).MustRefuse(IdentityRefusals.PasswordResetFailed);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
    }

    [Fact]
    [Covers("identity-32", "asvs-15.4.1")]
    public async Task Of_six_who_use_one_link_at_once_one_succeeds()
    {
        var person = await world.NotYetSignedIn();
        var token = await world.Forgets(person);
        await world.JobsAreDone();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.accounts where id = $1 for update", person.Id);
        var racers = Enumerable.Range(0, 6).Select(n => world.Resets(token, $"{PasswordWorld.First} number {n}")).ToArray();
        await gate.OpenWhenWaiting(6);
        var answers = await Task.WhenAll(racers);
        answers.Count(a => a.Status == 204).ShouldBe(1);
        answers.Count(a => a.Code is "password_reset_failed").ShouldBe(5);
        (await world.Database.Count("identity.password_history where account_id = $1", person.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("I-7", "asvs-15.4.1")]
    public async Task Who_signs_in_with_the_old_password_while_a_new_one_is_being_stored_does_not_get_in()
    {
        var person = await world.NotYetSignedIn();
        var token = await world.Forgets(person);
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.accounts where id = $1 for update", person.Id);
        var reset = world.Resets(token);
        await Eventually.True(async () => await gate.Waiting() > 0, "The reset waits at the gate.");
        var signIn = world.SignsIn(person.Email, Person.Password);
        await gate.OpenWhenWaiting(2);
        (await reset).Must(204);
        (await signIn).MustRefuse(IdentityRefusals.SignInFailed);
        (await world.Database.Count("identity.sessions where account_id = $1 and ended_at is null", person.Id)).ShouldBe(0);
    }

    [Fact]
    [Covers("identity-32", "I-7")]
    public async Task A_link_that_was_replaced_ran_out_was_made_up_or_belongs_to_a_suspended_account_is_one_refusal()
    {
        var (person, other) = (await world.NotYetSignedIn(), await world.NotYetSignedIn());
        var first = await world.Forgets(person);
        var second = await world.Forgets(person, count: 2);
        var others = await world.Forgets(other);
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", other.Id);
        var answers = new List<Answer>();
        foreach (var bad in (string[])[first, others, "", new string('A', 43), new string('x', 5000), second[..42] + (second[42] == 'A' ? 'E' : 'A')]) answers.Add(await world.Resets(bad));
        await world.Clock.Passes(60.Minutes());
        answers.Add(await world.Resets(second));
        foreach (var answer in answers) answer.MustRefuse(IdentityRefusals.PasswordResetFailed);
        answers.Select(a => a.Text.Replace(a.Word("requestId"), "", StringComparison.Ordinal)).Distinct().Count().ShouldBe(1);
        (await world.SignsIn(person.Email, Person.Password)).Must();
    }

    [Fact]
    [Covers("identity-33", "asvs-3.4.5", "asvs-16.2.5")]
    public async Task Asvs_3_4_5_The_secret_of_a_link_reaches_no_log_no_referer_and_no_other_site()
    {
        var person = await world.NotYetSignedIn();
        var token = await world.Forgets(person);
        foreach (var page in (string[])["/reset-password", "/forgot-password", "/confirm-email"])
        {
            var answer = await world.Visitor().Send(HttpMethod.Get, page, null, ("Accept", "text/html"));
            answer.Headers["Referrer-Policy"].ShouldBe("no-referrer");
            answer.Headers["Cache-Control"].ShouldStartWith("no-store");
            Foreign().IsMatch(answer.Text).ShouldBeFalse(page);
        }
        (await world.Visitor().Post(Check, new { token })).Must();
        (await world.Resets(token, "too easy")).Status.ShouldBe(422);
        (await world.Resets(token)).Must(204);
        await world.JobsAreDone();
        world.Log.ShouldAllBe(line => !line.Contains(token, StringComparison.Ordinal) && !line.Contains(PasswordWorld.First, StringComparison.Ordinal));
        var dump = string.Join('\n', await world.Database.Column<string>("""
            select payload::text from foundation.jobs union all select d::text from messaging.deliveries d
            union all select r::text from identity.password_resets r union all select a::text from foundation.audit a
            """));
        dump.ShouldNotContain(token);
    }

    [Fact]
    [Covers("identity-35", "asvs-6.4.3", "identity-45")]
    public async Task Asvs_6_4_3_The_second_factor_is_still_asked_and_no_device_is_remembered()
    {
        var person = await world.NotYetSignedIn();
        var device = (await world.SignsIn(person.Email, Person.Password)).Must().Word("deviceToken");
        await world.HasAuthenticator(person);
        await world.Database.Execute("update identity.devices set trusted_until = now() + interval '20 days' where account_id = $1", person.Id);
        device = (await world.SignsIn(person.Email, Person.Password, device)).Must().Word("deviceToken");

        var token = await world.Forgets(person);
        (await world.Visitor().Post(Check, new { token })).Must().At("minLength").GetInt32().ShouldBe(8);
        (await world.Resets(token, "gq7#vPx2")).Must(204); // eight are enough beside a second factor
        (await world.SignsIn(person.Email, "gq7#vPx2", device)).MustRefuse(IdentityRefusals.MfaRequired);
        (await world.SignsIn(person.Email, "gq7#vPx2")).MustRefuse(IdentityRefusals.MfaRequired);
    }

    [Theory]
    [Covers("identity-28", "asvs-6.2.8", "asvs-6.2.9")]
    [InlineData("  nine crooked amber ladders  ", "nine crooked amber ladders")]
    [InlineData("Nine Crooked Amber Ladders", "nine crooked amber ladders")]
    [InlineData("nine crooked amber\0ladders", "nine crooked amber")]
    [InlineData("nine crooked amber ladders nine crooked amber ladders and nine more of the s", "nine crooked amber ladders nine crooked amber ladders and nine more of them")]
    [InlineData("the grocer counted one hundred and twenty eight olives before breakfast while his uncle repaired a violin under the old stone arch", "the grocer counted one hundred and twenty eight olives")]
    public async Task A_new_password_is_kept_exactly_as_it_is(string password, string almost)
    {
        var person = await world.NotYetSignedIn();
        (await world.Resets(await world.Forgets(person), password)).Must(204);
        (await world.SignsIn(person.Email, almost)).MustRefuse(IdentityRefusals.SignInFailed);
        (await world.SignsIn(person.Email, password)).Must();
    }

    [Fact]
    [Covers("identity-28")]
    public async Task A_broken_character_is_no_body_and_a_megabyte_is_too_much()
    {
        var token = await world.Forgets(await world.NotYetSignedIn());
        var broken = new StringContent($$"""{"token":"{{token}}","password":"nine crooked amber \ud800 ladders"}""", Encoding.UTF8, "application/json");
        (await world.Visitor().Send(HttpMethod.Post, Complete, broken)).MustRefuse(FoundationRefusals.InvalidBody);
        (await world.Resets(token, new string('x', 1_000_000))).MustRefuse(FoundationRefusals.BodyTooLarge);
        (await world.Resets(token)).Must(204);
    }

    [Fact]
    [Covers("I-9", "I-7")]
    public async Task Who_was_locked_out_after_forgetting_signs_in_with_the_new_password_at_once()
    {
        var person = await world.NotYetSignedIn();
        for (var i = 0; i < 5; i++) await world.SignsIn(person.Email, "was it this one " + i);
        (await world.SignsIn(person.Email, Person.Password)).MustRefuse(IdentityRefusals.SignInLocked);
        (await world.Resets(await world.Forgets(person))).Must(204);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
    }

    [System.Text.RegularExpressions.GeneratedRegex("<(?:link|script|img|iframe)[^>]+=\"(?:https?:)?//", System.Text.RegularExpressions.RegexOptions.None, 1000)]
    private static partial System.Text.RegularExpressions.Regex Foreign();

    [Fact]
    [Covers("I-7", "asvs-6.4.6")]
    public async Task An_account_that_must_change_its_password_gets_in_only_by_a_new_one()
    {
        var person = await world.NotYetSignedIn();
        await world.Database.Execute("update identity.accounts set must_change_password = true where id = $1", person.Id);
        (await world.SignsIn(person.Email, "not the password at all")).MustRefuse(IdentityRefusals.SignInFailed);
        (await world.SignsIn(person.Email, Person.Password)).MustRefuse(IdentityRefusals.PasswordChangeRequired);
        (await world.Database.Count("identity.sessions where account_id = $1", person.Id)).ShouldBe(0);
        (await world.Resets(await world.ResetToken(person.Email))).Must(204);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
        for (var i = 0; i < 2 * RequestPasswordReset.PerHour; i++) await world.SignsIn(person.Email, PasswordWorld.First);
        (await world.Database.Count("messaging.deliveries where person_id = $1 and template = 'password_reset'", person.Id)).ShouldBe(1);
    }
}
