using System.Net;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Risk;
using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Sessions;

public sealed class SignInLimitsTests(SignInLimitsTests.Strict world) : IClassFixture<SignInLimitsTests.Strict>
{
    public sealed class Strict : NodesOnly
    {
        protected override int RateFactor => 1;
    }

    private static int _turn;

    [Fact]
    [Covers("I-9", "identity-20")]
    public async Task A_thousand_wrong_passwords_of_a_stranger_keep_the_owner_out_of_no_device_that_the_account_knows()
    {
        var person = await Cheap();
        var device = (await From("198.51.100.7", person.Email, Person.Password)).Value!.DeviceToken!;
        await Cheapen(person);
        var refusals = new List<string>();
        for (var i = 0; i < 1000; i++) refusals.Add((await From($"198.18.{i / 250}.{i % 250}", person.Email, "guess " + i)).Refusal!.Code);
        refusals.Count(c => c == "sign_in_failed").ShouldBe(SignInLimits.PerAccountDay);
        refusals.Count(c => c == "sign_in_locked").ShouldBe(1000 - SignInLimits.PerAccountDay);

        (await From("198.51.100.8", person.Email, Person.Password)).Refusal!.Code.ShouldBe("sign_in_locked");
        (await From("198.18.0.1", person.Email, Person.Password, device)).Granted.ShouldBeTrue();
    }

    [Fact]
    [Covers("I-9", "identity-20")]
    public async Task A_known_device_has_failures_of_its_own()
    {
        var person = await Cheap();
        var device = (await From(Somewhere(), person.Email, Person.Password)).Value!.DeviceToken!;
        await Cheapen(person);
        for (var i = 0; i < SignIn.Attempts; i++) (await From(Somewhere(), person.Email, "guess " + i, device)).Refusal.ShouldBe(IdentityRefusals.SignInFailed);
        (await From(Somewhere(), person.Email, Person.Password, device)).Refusal!.Code.ShouldBe("sign_in_locked");
        (await From(Somewhere(), person.Email, Person.Password)).Granted.ShouldBeTrue();
    }

    [Fact]
    [Covers("I-9")]
    public async Task A_device_of_somebody_else_is_not_known()
    {
        var (person, other) = (await Cheap(), await Cheap());
        var device = (await From(Somewhere(), other.Email, Person.Password)).Value!.DeviceToken!;
        var address = Somewhere();
        for (var i = 0; i < SignIn.Attempts; i++) (await From(address, person.Email, "guess " + i, device)).Refusal.ShouldBe(IdentityRefusals.SignInFailed);
        (await From(address, person.Email, Person.Password, device)).Refusal!.Code.ShouldBe("sign_in_locked");
        (await From(address, person.Email, Person.Password)).Refusal!.Code.ShouldBe("sign_in_locked"); // counted with the address, not with the device
    }

    [Fact]
    [Covers("I-9", "identity-45")]
    public async Task A_device_that_was_taken_away_or_a_token_of_it_that_was_replaced_is_not_known()
    {
        var person = await Cheap();
        var copy = (await From(Somewhere(), person.Email, Person.Password)).Value!.DeviceToken!;
        var next = (await From(Somewhere(), person.Email, Person.Password, copy)).Value!.DeviceToken!;
        await world.Clock.Passes(2.Minutes());
        await CountsAsAStranger(person, copy);
        await world.Database.Execute("update identity.devices set revoked_at = $2 where account_id = $1", person.Id, world.Clock.Now.UtcDateTime);
        await CountsAsAStranger(person, next);
    }

    [Fact]
    [Covers("asvs-6.3.1", "I-9")]
    public async Task Asvs_6_3_1_Two_hundred_guesses_from_two_hundred_addresses_are_looked_at_a_hundred_times_and_never_let_in_after_twenty()
    {
        var person = await Cheap();
        for (var i = 0; i < SignInLimits.PerAccount; i++) (await From(Somewhere(), person.Email, "guess " + i)).Refusal.ShouldBe(IdentityRefusals.SignInFailed);
        var asked = (await From(Somewhere(), person.Email, Person.Password)).Refusal!;
        asked.Code.ShouldBe("mfa_required");
        ((IReadOnlyList<ProofMethod>)asked.Details!["methods"]!).ShouldBe([ProofMethod.EmailCode]);

        await Cheapen(person);
        var codes = new List<string>();
        for (var i = SignInLimits.PerAccount; i < 200; i++) codes.Add((await From(Somewhere(), person.Email, "guess " + i)).Refusal!.Code);
        codes.Count(c => c == "sign_in_failed").ShouldBe(SignInLimits.PerAccountDay - SignInLimits.PerAccount);
        (await From(Somewhere(), person.Email, Person.Password)).Refusal!.Code.ShouldBe("sign_in_locked");
        (await world.Database.Count("identity.sessions where account_id = $1", person.Id)).ShouldBe(0);
    }

    [Fact]
    [Covers("I-9")]
    public async Task A_new_password_starts_the_counts_anew()
    {
        var person = await Cheap();
        for (var i = 0; i < 200 && (await From(Somewhere(), person.Email, "guess " + i)).Refusal!.Code == "sign_in_failed"; i++) { }
        (await From(Somewhere(), person.Email, Person.Password)).Refusal!.Code.ShouldBe("sign_in_locked");
        await world.Database.Execute("update identity.accounts set password_changed_at = $2 where id = $1", person.Id, world.Clock.Now.UtcDateTime);
        (await From(Somewhere(), person.Email, Person.Password)).Granted.ShouldBeTrue();
    }

    [Fact]
    [Covers("identity-17")]
    public async Task An_unknown_address_is_locked_over_all_networks_as_a_known_one_is()
    {
        await world.Database.Execute("delete from identity.sign_in_failures");
        var (person, nobody) = (await Cheap(), $"ghost{Interlocked.Increment(ref _turn)}@example.test");
        // Seventy-six of its day are used, so that the unknown address costs only a few slow hashes.
        foreach (var email in new[] { person.Email, nobody }) await UsedUpTo(email, SignInLimits.PerAccountDay - 3);
        for (var i = 0; i < 5; i++)
        {
            var (known, unknown) = ((await From(Somewhere(), person.Email, "guess")).Refusal!, (await From(Somewhere(), nobody, "guess")).Refusal!);
            (unknown with { RetryAfterSeconds = null }).ShouldBe(known with { RetryAfterSeconds = null });
            known.Code.ShouldBe(i < 3 ? "sign_in_failed" : "sign_in_locked");
            if (i >= 3) Math.Abs(known.RetryAfterSeconds!.Value - unknown.RetryAfterSeconds!.Value).ShouldBeLessThanOrEqualTo(2);
        }
    }

    [Fact]
    [Covers("identity-21", "I-11", "identity-24")]
    public async Task One_password_on_many_accounts_from_one_network_of_ipv6_is_throttled_and_from_everywhere_is_asked_for_more()
    {
        await world.Database.Execute("delete from identity.sign_in_failures");
        const string sprayed = "Summer2026 and more";
        for (var i = 0; i < SignInLimits.AccountsPerAddress; i++) (await From($"2001:db8:77:1::{i + 1:x}", $"spray{i}@example.test", sprayed)).Refusal.ShouldBe(IdentityRefusals.SignInFailed);
        for (var i = 20; i < 1000; i++)
        {
            var refused = (await From($"2001:db8:77:1:{i:x}::1", $"spray{i}@example.test", sprayed)).Refusal!;
            refused.Code.ShouldBe("sign_in_locked");
            refused.RetryAfterSeconds!.Value.ShouldBeInRange(3400, 3600);
        }

        // A victim whose password it is: the right one alone opens nothing, from whichever address.
        var victim = await Cheap(sprayed);
        await world.Database.Execute("insert into identity.devices (id, account_id, created_at, last_seen_at) values (gen_random_uuid(), $1, now(), now())", victim.Id);
        foreach (var address in new[] { Somewhere(), Somewhere() }) (await From(address, victim.Email, sprayed)).Refusal!.Code.ShouldBe("mfa_required");
        (await world.Database.Value<string>("select reasons from identity.risk_decisions where account_id = $1 limit 1", victim.Id)).ShouldContain("password_spraying");

        // Somebody else with another password is not disturbed, nor is the network after an hour.
        var other = await Cheap();
        (await From(Somewhere(), other.Email, Person.Password)).Granted.ShouldBeTrue();
        await world.Clock.Passes(61.Minutes());
        (await From("2001:db8:77:1::1", other.Email, Person.Password)).Granted.ShouldBeTrue();
    }

    [Fact]
    [Covers("identity-21", "I-11")]
    public async Task When_many_accounts_fail_from_everywhere_every_unknown_device_is_asked_and_known_ones_are_not()
    {
        var person = await Cheap();
        var device = (await From(Somewhere(), person.Email, Person.Password)).Value!.DeviceToken!;
        await world.Database.Execute("""
            insert into identity.sign_in_failures (at, account_key, address, network, password_mark)
            select $1, substring(sha256(i::text::bytea) for 16), 'a' || i, 'n' || i, substring(sha256(i::text::bytea) for 4) from generate_series(1, $2) i
            """, world.Clock.Now.UtcDateTime, SignInRules.Default.GlobalAccounts);
        (await From(Somewhere(), person.Email, Person.Password)).Refusal!.Code.ShouldBe("mfa_required");
        (await From(Somewhere(), person.Email, Person.Password, device)).Granted.ShouldBeTrue();
        await world.Clock.Passes(11.Minutes());
        (await From(Somewhere(), person.Email, Person.Password)).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task What_failed_is_forgotten_after_an_hour_and_says_nothing_readable()
    {
        await world.Database.Execute("delete from identity.sign_in_failures");
        (await From("203.0.113.77", "ghost@example.test", "guess")).Refusal.ShouldBe(IdentityRefusals.SignInFailed);
        var row = (await world.Database.Rows("select address, network, encode(account_key, 'hex'), encode(password_mark, 'hex') from identity.sign_in_failures")).ShouldHaveSingleItem();
        (row[0], row[1]).ShouldBe(("203.0.113.77", "203.0.113.0/24"));
        row[2].ShouldBe(Convert.ToHexStringLower(world.Get<IdentityParts>(1).Marks.Account("ghost@example.test")));
        await world.Clock.Passes(61.Minutes());
        await world.Data().InTransaction(tx => ForgetFailures.Run(tx, new ForgetFailures()));
        (await world.Database.Count("identity.sign_in_failures")).ShouldBe(0);
    }

    // A device that is known has a count of its own: what it fails at is no stranger's.
    private async Task CountsAsAStranger(Person person, string device)
    {
        var address = Somewhere();
        for (var i = 0; i < SignIn.Attempts; i++) (await From(address, person.Email, "guess " + i, device)).Refusal.ShouldBe(IdentityRefusals.SignInFailed);
        (await From(address, person.Email, Person.Password)).Refusal!.Code.ShouldBe("sign_in_locked");
    }

    private async Task UsedUpTo(string email, int hits)
    {
        var key = "sign-in-day:" + Convert.ToHexStringLower(world.Get<IdentityParts>().Marks.Account(email));
        await world.Database.Execute("""
            insert into foundation.rate_hits (key, hits, allowed, expires_at) select $1, array_agg($2::timestamptz), true, $2::timestamptz + interval '1 day' from generate_series(1, $3)
            """, key, DateTime.UtcNow, hits);
    }

    // Nobody's address: another one each time, in a network of its own.
    private static string Somewhere() => Interlocked.Increment(ref _turn) is var n ? $"100.{64 + (n / 62500)}.{n / 250 % 250}.{n % 250}" : "";

    private async Task<Person> Cheap(string password = Person.Password)
    {
        var person = await world.NotYetSignedIn();
        await Cheapen(person, password);
        return person;
    }

    // A right password raises the rounds again.
    private Task Cheapen(Person person, string password = Person.Password) =>
        world.Database.Execute("update identity.accounts set password_hash = $2 where id = $1", person.Id, world.Get<PasswordHash>().Make(password, 1000));

    private Task<Result<SignedIn>> From(string address, string email, string password, string? device = null) =>
        SignIn.Run(world.Get<IdentityParts>(_turn % 2), new Caller { Kind = CallerKind.Anonymous, Address = IPAddress.Parse(address) }, new SignIn.Body(email, password, device), SessionKind.Bearer, default);
}
