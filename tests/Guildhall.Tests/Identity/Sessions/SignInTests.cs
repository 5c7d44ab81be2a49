using System.Net;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Sessions;

public sealed class SignInTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("identity-17", "identity-16")]
    public async Task A_wrong_password_and_an_unknown_address_read_the_same()
    {
        var person = await world.NotYetSignedIn();
        var wrong = (await Tries(person.Email, "not the password at all")).MustRefuse(IdentityRefusals.SignInFailed);
        var unknown = (await Tries("nobody-here@example.test", "not the password at all")).MustRefuse(IdentityRefusals.SignInFailed);
        Plain(wrong).ShouldBe(Plain(unknown));
        wrong.Headers.Keys.Order().ShouldBe(unknown.Headers.Keys.Order());
    }

    [Theory]
    [Covers("identity-28")]
    [InlineData(" five heavy copper lanterns")]
    [InlineData("five heavy copper lanterns ")]
    [InlineData("five heavy copper lanterns\0")]
    [InlineData("Five heavy copper lanterns")]
    public async Task A_password_is_taken_exactly_as_it_is(string almost)
    {
        var person = await world.NotYetSignedIn();
        (await Tries(person.Email, almost)).MustRefuse(IdentityRefusals.SignInFailed);
    }

    [Fact]
    [Covers("I-13")]
    public async Task A_session_that_is_opened_is_audited_as_the_act_of_its_person()
    {
        var person = await world.NotYetSignedIn();
        var session = (await Tries(person.Email, Person.Password)).Must().Word("session.id");
        (await world.Database.Value<long>("select count(*) from foundation.audit where action = 'session.opened' and subject_type = 'session' and subject_id = $1 and actor_kind = 'person'", session)).ShouldBe(1);
    }

    [Fact]
    [Covers("identity-28")]
    public void Passwords_that_differ_after_the_72nd_byte_are_different()
    {
        var passwords = world.Get<PasswordHash>();
        var stored = passwords.Make(new string('x', 80) + "a");
        passwords.Fits(new string('x', 80) + "a", stored).ShouldBeTrue();
        passwords.Fits(new string('x', 80) + "b", stored).ShouldBeFalse();
    }

    [Fact]
    [Covers("I-9", "identity-20", "identity-27")]
    public async Task After_five_failures_from_one_network_it_waits_while_the_owner_elsewhere_signs_in()
    {
        var person = await world.NotYetSignedIn();
        for (var i = 0; i < SignIn.Attempts; i++) (await Tries(person.Email, "guess number " + i)).MustRefuse(IdentityRefusals.SignInFailed);
        var locked = (await Tries(person.Email, Person.Password)).MustRefuse(IdentityRefusals.SignInLocked);
        int.Parse(locked.Headers["Retry-After"]).ShouldBeInRange(SignIn.AttemptsWithinSeconds - 60, SignIn.AttemptsWithinSeconds);

        var elsewhere = new Caller { Kind = CallerKind.Anonymous, Address = IPAddress.Parse("203.0.113.9") };
        (await SignIn.Run(world.Get<IdentityParts>(), elsewhere, new SignIn.Body(person.Email, Person.Password), SessionKind.Bearer, default)).Granted.ShouldBeTrue();
    }

    [Fact]
    [Covers("identity-17")]
    public async Task An_unknown_address_is_locked_after_as_many_failures_as_a_known_one()
    {
        for (var i = 0; i < SignIn.Attempts; i++) (await Tries("ghost@example.test", "guess number " + i)).MustRefuse(IdentityRefusals.SignInFailed);
        (await Tries("GHOST@example.test", "guess number 6")).MustRefuse(IdentityRefusals.SignInLocked);
    }

    [Fact]
    [Covers("identity-24")]
    public async Task A_whole_ipv6_network_counts_as_one()
    {
        var person = await world.NotYetSignedIn();
        for (var i = 0; i < SignIn.Attempts; i++) (await From($"2001:db8:1:2::{i + 1}", person.Email, "wrong")).Refusal.ShouldBe(IdentityRefusals.SignInFailed);
        (await From("2001:db8:1:2:ffff::1", person.Email, Person.Password)).Refusal!.Code.ShouldBe("sign_in_locked");
        (await From("2001:db8:1:3::1", person.Email, Person.Password)).Granted.ShouldBeTrue();
    }

    [Fact]
    [Covers("I-9")]
    public async Task A_success_forgets_the_failures_before_it()
    {
        var person = await world.NotYetSignedIn();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < SignIn.Attempts - 1; i++) (await Tries(person.Email, "guess number " + i)).MustRefuse(IdentityRefusals.SignInFailed);
            await person.SignsIn();
        }
    }

    [Fact]
    public async Task A_suspended_person_is_told_so_only_with_the_right_password()
    {
        var person = await world.NotYetSignedIn();
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", person.Id);
        (await Tries(person.Email, "wrong one entirely")).MustRefuse(IdentityRefusals.SignInFailed);
        (await Tries(person.Email, Person.Password)).MustRefuse(IdentityRefusals.AccountSuspended);
    }

    [Fact]
    [Covers("I-8")]
    public async Task A_password_stored_with_fewer_rounds_is_stored_anew_at_sign_in()
    {
        var person = await world.NotYetSignedIn();
        await world.Database.Execute("update identity.accounts set password_hash = $2 where id = $1", person.Id, world.Get<PasswordHash>().Make(Person.Password, World.PasswordHash.Rounds - 1));
        await person.SignsIn();
        (await world.Database.Value<string>("select password_hash from identity.accounts where id = $1", person.Id)).ShouldStartWith("pbkdf2-sha512:1:1000:");
        await person.SignsIn();
    }

    [Fact]
    [Covers("I-8")]
    public async Task Of_two_who_sign_in_while_a_password_is_stored_anew_neither_is_told_that_it_is_wrong()
    {
        var person = await world.NotYetSignedIn();
        await world.Database.Execute("update identity.accounts set password_hash = $2 where id = $1", person.Id, world.Get<PasswordHash>().Make(Person.Password, World.PasswordHash.Rounds - 1));
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.accounts where id = $1 for update", person.Id);
        var tries = new[] { Tries(person.Email, Person.Password), Tries(person.Email, Person.Password) };
        await gate.OpenWhenWaiting(2);
        foreach (var answer in await Task.WhenAll(tries)) answer.Must();
    }

    [Fact]
    [Covers("identity-8", "asvs-7.2.4")]
    public async Task Signing_in_replaces_the_session_that_was_brought_along()
    {
        var person = await world.Person();
        var before = person.Token;
        (await person.Post("auth/sign-in", new { email = person.Email, password = Person.Password })).Must().Word("accessToken").ShouldNotBe(before);
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
    }

    [Fact]
    [Covers("identity-29")]
    public async Task When_all_hashing_threads_are_taken_and_the_queue_is_full_sign_in_is_refused_and_others_are_served()
    {
        var person = await world.Person();
        person.OnlyNode = 0;
        using var hold = new ManualResetEventSlim();
        var hashing = world.Get<HashingThreads>();
        using var started = new CountdownEvent(Environment.ProcessorCount);
        var taken = new List<Task>();
        for (var i = 0; i < Environment.ProcessorCount; i++) taken.Add(hashing.TryRun(() => { started.Signal(); hold.Wait(TimeSpan.FromSeconds(20)); return 0; }, default)!);
        started.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        while (hashing.TryRun(() => 0, default) is { } task) taken.Add(task);
        try
        {
            var refused = (await person.Post("auth/sign-in", new { email = person.Email, password = Person.Password })).MustRefuse(IdentityRefusals.Busy);
            refused.Headers["Retry-After"].ShouldBe("2");
            (await person.Post("auth/register", new { email = "busy@example.test", password = Person.Password, displayName = "B" })).MustRefuse(IdentityRefusals.Busy);
            (await person.Get("me")).Must();
        }
        finally { hold.Set(); }
        await Task.WhenAll(taken);
        taken.Count.ShouldBeLessThanOrEqualTo(Environment.ProcessorCount * (HashingThreads.WaitingPerThread + 1));
        (await person.Post("auth/sign-in", new { email = person.Email, password = Person.Password })).Must();
    }

    [Fact]
    [Covers("asvs-7.1.1")]
    public async Task One_session_more_than_allowed_ends_the_oldest()
    {
        var person = await world.Person();
        await world.Database.Execute("""
            insert into identity.sessions (id, account_id, kind, epoch, created_at, last_active, expires_at)
            select gen_random_uuid(), account_id, kind, epoch, created_at + interval '1 second', last_active, expires_at from identity.sessions, generate_series(1, 49) where account_id = $1
            """, person.Id);
        await world.Clock.Passes(5.Minutes());
        await person.OnAnotherDevice();
        (await world.Database.Value<string>("select ended_why from identity.sessions where account_id = $1 and ended_at is not null", person.Id)).ShouldBe("too_many");
        (await world.Database.Count("identity.sessions where account_id = $1 and ended_at is null", person.Id)).ShouldBe(SessionLimits.PerAccount);
    }

    private Task<Answer> Tries(string email, string password) => world.Visitor().Post("auth/sign-in", new { email, password });

    private Task<Result<SignedIn>> From(string address, string email, string password) =>
        SignIn.Run(world.Get<IdentityParts>(), new Caller { Kind = CallerKind.Anonymous, Address = IPAddress.Parse(address) }, new SignIn.Body(email, password), SessionKind.Bearer, default);

    private static string Plain(Answer answer) => answer.Text.Replace(answer.Word("requestId"), "", StringComparison.Ordinal);
}

/// <summary>Real limits.</summary>
public sealed class StrictNodes : NodesOnly
{
    protected override int RateFactor => 1;
}

public sealed class SignInLimitTests(StrictNodes world) : IClassFixture<StrictNodes>
{
    [Fact]
    [Covers("I-10")]
    public async Task Ten_sign_ins_a_minute_from_one_address_over_all_nodes()
    {
        var answers = new List<Answer>();
        for (var i = 0; i < 11; i++) answers.Add(await world.Visitor().Post("auth/sign-in", new { email = $"spray{i}@example.test", password = "one password for all" }));
        answers.Take(10).ShouldAllBe(a => a.Code == "sign_in_failed");
        answers[10].MustRefuse(FoundationRefusals.RateLimited);
    }
}
