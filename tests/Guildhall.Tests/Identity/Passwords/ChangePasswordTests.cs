using System.Text.Json;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Passwords;

public sealed class ChangePasswordTests(PasswordWorld world) : IClassFixture<PasswordWorld>
{
    [Fact]
    [Covers("I-8", "asvs-6.2.2")]
    public async Task Asvs_6_2_2_and_6_2_3_A_change_needs_the_present_password_and_a_new_one()
    {
        var person = await world.Person();
        (await person.Post("me/password", new { newPassword = PasswordWorld.First })).MustRefuse(FoundationRefusals.InvalidBody);
        (await person.Post("me/password", new { currentPassword = Person.Password })).MustRefuse(FoundationRefusals.InvalidBody);
        (await person.Post("me/password", new { currentPassword = "not the present one", newPassword = PasswordWorld.First })).MustRefuse(IdentityRefusals.CurrentPasswordWrong);
        (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = Person.Password })).MustRefuse(IdentityRefusals.PasswordUsedBefore);
        (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = "too short" })).MustRefuse(FoundationRefusals.InvalidInput).At("fields").TryGetProperty("newPassword", out _).ShouldBeTrue();
        (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = "Somebody Else person" })).MustRefuse(IdentityRefusals.PasswordTooWeak);
        (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First })).Must();
        (await world.SignsIn(person.Email, Person.Password)).MustRefuse(IdentityRefusals.SignInFailed);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
        (await world.Mail(person.Email)).ShouldContain("Your password was changed");
        (await world.Visitor().Post("me/password", new { currentPassword = "x", newPassword = "y" })).MustRefuse(FoundationRefusals.SignInFirst);
    }

    [Fact]
    [Covers("asvs-7.4.3", "asvs-7.2.4", "identity-45", "I-8")]
    public async Task Asvs_7_4_3_Every_other_session_ends_and_the_one_that_asked_goes_on_as_a_new_one()
    {
        var person = await world.Person();
        var phone = await person.OnAnotherDevice();
        for (var node = 0; node < 2; node++) { person.OnlyNode = phone.OnlyNode = node; (await person.Get("me")).Must(); (await phone.Get("me")).Must(); }
        await world.Database.Execute("update identity.devices set trusted_until = now() + interval '20 days' where account_id = $1", person.Id);
        await world.Clock.Passes(5.Minutes());
        var answer = (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First })).Must();

        for (var node = 0; node < 2; node++) { person.OnlyNode = phone.OnlyNode = node; (await phone.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        (await world.Visitor().Post("auth/refresh", new { refreshToken = phone.RefreshToken })).MustRefuse(IdentityRefusals.SessionExpired);
        var ends = await world.Database.Value<DateTime>("select expires_at from identity.sessions where account_id = $1 and proven_by = 'password' order by created_at limit 1", person.Id);
        answer.At("session.expiresAt").GetDateTimeOffset().UtcDateTime.ShouldBe(ends, TimeSpan.FromMilliseconds(1));
        person.Token = answer.Word("accessToken");
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        (await world.Visitor().Post("auth/refresh", new { refreshToken = answer.Word("refreshToken") })).Must();
        (await world.Database.Count("identity.devices where account_id = $1 and trusted_until is not null", person.Id)).ShouldBe(0);
        (await world.Database.Count("foundation.audit where action = 'password.changed' and actor_id = $1", person.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("identity-7", "I-5")]
    public async Task A_session_that_was_ended_while_it_changed_the_password_does_not_come_back()
    {
        var person = await world.Person();
        var thief = await person.OnAnotherDevice();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.accounts where id = $1 for update", person.Id);
        var ending = person.Post("sessions/actions/end-all");
        await Eventually.True(async () => await gate.Waiting() > 0, "The end of all sessions waits at the gate.");
        var changing = thief.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First });
        await gate.OpenWhenWaiting(2);
        (await ending).Must(204);
        (await changing).MustRefuse(IdentityRefusals.SessionExpired);
        (await world.SignsIn(person.Email, Person.Password)).Must();
    }

    [Fact]
    [Covers("identity-7", "I-5")]
    public async Task Nor_when_everybody_was_signed_out_meanwhile()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.accounts where id = $1 for update", person.Id);
        var changing = person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First });
        await Eventually.True(async () => await gate.Waiting() > 0, "The change waits at the gate.");
        (await admin.Post("admin/sessions/actions/end-everyone", new { why = "a stolen backup" })).Must();
        await gate.Open();
        (await changing).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("I-7", "identity-32")]
    public async Task A_link_to_a_new_password_dies_when_the_password_is_changed()
    {
        var person = await world.Person();
        var token = await world.Forgets(person);
        (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First })).Must();
        (await world.Resets(token, PasswordWorld.Second)).MustRefuse(IdentityRefusals.PasswordResetFailed);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
    }

    [Fact]
    [Covers("asvs-7.4.3")]
    public async Task A_session_of_two_factors_is_no_better_proven_by_the_password_alone()
    {
        var person = await world.Person();
        await world.HasAuthenticator(person);
        await world.Clock.Passes(20.Minutes());
        await world.Refreshes(person);
        person.Token = (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = "gq7#vPx2" })).Must().Word("accessToken");
        (await person.Post("me/email", new { email = "later@example.test" })).MustRefuse(FoundationRefusals.StepUpRequired);
    }

    [Fact]
    [Covers("I-9", "asvs-6.3.1", "identity-21")]
    public async Task Wrong_present_passwords_have_an_end_from_however_many_addresses()
    {
        var person = await world.Person();
        var (identity, stop) = (world.Get<IdentityParts>(), TestContext.Current.CancellationToken);
        var since = await world.Database.Value<DateTime?>("select password_changed_at from identity.accounts where id = $1", person.Id);
        var day = SignInLimits.Attempt.Of(identity.Marks.Account(person.Email), since, null, null).Day;
        for (var i = 1; i < SignInLimits.PerAccountDay; i++) (await identity.Limits.Hit(day, SignInLimits.PerAccountDay, SignInLimits.DaySeconds, stop)).ShouldBeNull(); // as from other addresses
        (await person.Post("me/password", new { currentPassword = "the last guess", newPassword = PasswordWorld.First })).MustRefuse(IdentityRefusals.CurrentPasswordWrong);
        (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First })).MustRefuse(IdentityRefusals.SignInLocked).Headers.ShouldContainKey("Retry-After");
    }

    [Fact]
    [Covers("I-9", "asvs-6.2.2")]
    public async Task Wrong_present_passwords_count_with_failed_sign_ins()
    {
        var person = await world.Person();
        for (var i = 0; i < 3; i++) (await person.Post("me/password", new { currentPassword = "guess number " + i, newPassword = PasswordWorld.First })).MustRefuse(IdentityRefusals.CurrentPasswordWrong);
        for (var i = 3; i < SignIn.Attempts; i++) (await world.SignsIn(person.Email, "guess number " + i)).MustRefuse(IdentityRefusals.SignInFailed);
        (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First })).MustRefuse(IdentityRefusals.SignInLocked).Headers.ShouldContainKey("Retry-After");
        (await person.Get("me")).Must();
        (await world.Database.Count("foundation.audit where action = 'password.change_refused' and actor_id = $1", person.Id)).ShouldBe(3);
    }

    [Fact]
    [Covers("I-8")]
    public async Task None_of_the_last_five_passwords_is_taken_again_and_the_sixth_is()
    {
        var person = await world.Person();
        var used = new List<string> { Person.Password };
        for (var i = 0; i < 5; i++)
        {
            var next = $"{PasswordWorld.Second} round {i}";
            foreach (var old in used.TakeLast(PasswordHistory.Remembered)) (await Changes(person, used[^1], old)).MustRefuse(IdentityRefusals.PasswordUsedBefore);
            person.Token = (await Changes(person, used[^1], next)).Must().Word("accessToken");
            used.Add(next);
        }
        (await world.Database.Count("identity.password_history where account_id = $1", person.Id)).ShouldBe(PasswordHistory.Remembered - 1);
        (await Changes(person, used[^1], Person.Password)).Must();
    }

    [Fact]
    [Covers("asvs-6.2.10", "I-8")]
    public async Task Asvs_6_2_10_No_password_grows_too_old_unless_an_operator_insists_and_that_is_on_record()
    {
        var (person, admin) = (await world.NotYetSignedIn(), await world.Person("admin"));
        await world.Database.Execute("update identity.accounts set password_changed_at = now() - interval '10 years' where id = $1", person.Id);
        (await world.SignsIn(person.Email, Person.Password)).Must();
        (await Health()).GetProperty("level").GetString().ShouldBe("ok");

        (await admin.Patch("admin/settings/identity.password_days", new { value = 90, seenVersion = 0, why = "a customer's contract" })).Must();
        (await world.SignsIn(person.Email, Person.Password)).MustRefuse(IdentityRefusals.PasswordChangeRequired);
        await Eventually.Get(Health, h => h.GetProperty("level").GetString() is "warning", "Health does not warn");
        (await world.Database.Value<string>("select after->>'note' from foundation.audit where action = 'setting.changed' and subject_id = 'identity.password_days'")).ShouldContain("ASVS 6.2.10");
        (await world.Resets(await world.ResetToken(person.Email))).Must(204);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
        (await admin.Patch("admin/settings/identity.password_days", new { value = 0, seenVersion = 1, why = "the contract has ended" })).Must();

        async Task<JsonElement> Health() => (await admin.Get("admin/health")).At("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "password_days");
    }

    [Fact]
    [Covers("identity-29", "I-8")]
    public async Task When_the_hashing_threads_are_taken_a_change_is_refused_and_not_counted()
    {
        var person = await world.Person();
        person.OnlyNode = 0;
        using var hold = new ManualResetEventSlim();
        using var started = new CountdownEvent(Environment.ProcessorCount);
        var (hashing, taken) = (world.Get<HashingThreads>(), new List<Task>());
        for (var i = 0; i < Environment.ProcessorCount; i++) taken.Add(hashing.TryRun(() => { started.Signal(); hold.Wait(TimeSpan.FromSeconds(20)); return 0; }, default)!);
        started.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        while (hashing.TryRun(() => 0, default) is { } task) taken.Add(task);
        try
        {
            for (var i = 0; i < SignIn.Attempts + 1; i++)
                (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First })).MustRefuse(IdentityRefusals.Busy);
        }
        finally { hold.Set(); }
        await Task.WhenAll(taken);
        (await Changes(person, Person.Password, PasswordWorld.First)).Must();
    }

    private static Task<Answer> Changes(Person person, string from, string to) => person.Post("me/password", new { currentPassword = from, newPassword = to });
}
