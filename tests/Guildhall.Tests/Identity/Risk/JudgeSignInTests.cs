using System.Net;
using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Places;
using Guildhall.Identity.Risk;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Identity.Risk;

[Covers("I-11")]
public sealed class JudgeSignInTests(JudgeSignInTests.Setup world) : IClassFixture<JudgeSignInTests.Setup>
{
    private const string Kuwait = "37.34.1.1", Berlin = "85.214.1.1", Sydney = "1.40.1.1", Unknown = "198.51.100.20", Tor = "185.220.101.5";

    public sealed class Setup : NodesOnly
    {
        public string List { get; } = Path.Combine(Path.GetTempPath(), $"guildhall-{Guid.NewGuid():n}", "tor-exits.txt");

        protected override Task Prepare()
        {
            Directory.CreateDirectory(Path.GetDirectoryName(List)!);
            File.WriteAllText(List, "# exits\n185.220.101.0/24\n");
            return Task.CompletedTask;
        }

        internal override Guildhall.Web.Host.HostSettings Configure(Guildhall.Web.Host.HostSettings settings, int node) => settings with { IpLists = [List] };

        // What a file of places would say: the file itself has tests of its own.
        protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddSingleton<PlaceOf>(address => address?.ToString() switch
        {
            Kuwait => new Place("KW", "Kuwait City", 29.37, 47.98), Berlin => new Place("DE", "Berlin", 52.52, 13.40), Sydney => new Place("AU", "Sydney", -33.87, 151.21), _ => Place.Unknown,
        });
    }

    [Fact]
    public async Task The_first_sign_in_is_allowed_and_kept_with_all_it_rests_on()
    {
        var person = await world.NotYetSignedIn();
        (await From(Kuwait, person)).Granted.ShouldBeTrue();
        var staff = await world.Person("admin");
        var page = (await staff.Get($"admin/risk/sign-ins?account={Id(person)}")).Must();
        page.At("items").GetArrayLength().ShouldBe(1);
        var one = (await staff.Get($"admin/risk/sign-ins/{page.Word("items.0.id")}")).Must();
        (one.Word("outcome"), one.At("score").GetInt32(), one.At("same").GetBoolean()).ShouldBe(("allow", 0, true));
        (one.Word("origin.address"), one.Word("origin.country"), one.Word("inputs.method")).ShouldBe((Kuwait, "KW", "password"));
    }

    [Fact]
    public async Task Who_cannot_have_travelled_so_fast_is_asked_for_a_code_and_the_owner_is_told()
    {
        var person = await world.NotYetSignedIn();
        (await From(Kuwait, person)).Granted.ShouldBeTrue();
        await world.Clock.Passes(40.Minutes());
        var asked = (await From(Sydney, person)).Refusal!;
        asked.Code.ShouldBe("mfa_required");
        (await Reasons(person)).ShouldBe(["new_country", "impossible_travel", "new_device"]);
        (await Mails(person, "suspicious_sign_in")).ShouldBe(1);
        await From(Sydney, person);
        (await Mails(person, "suspicious_sign_in")).ShouldBe(1, "once an hour");

        await world.Clock.Passes(2.Days());
        (await From(Sydney, person)).Granted.ShouldBeTrue();
        (await Reasons(person)).ShouldBe(["new_country", "new_device"]);
        await world.Clock.Passes(2.Days());
        (await From(Sydney, person)).Granted.ShouldBeTrue();
        (await Reasons(person)).ShouldBe(["new_device"]);
    }

    [Fact]
    public async Task While_a_session_is_in_use_elsewhere_such_a_stranger_is_held()
    {
        var person = await world.NotYetSignedIn();
        (await From(Kuwait, person)).Granted.ShouldBeTrue();
        await world.Clock.Passes(10.Minutes());
        (await From(Sydney, person)).Refusal!.Code.ShouldBe("sign_in_held");
        (await Reasons(person)).ShouldBe(["new_country", "impossible_travel", "concurrent_countries", "new_device"]);
    }

    [Fact]
    public async Task A_known_device_that_travels_too_fast_is_asked_too_but_never_held()
    {
        var person = await world.NotYetSignedIn();
        var device = (await From(Kuwait, person)).Value!.DeviceToken;
        await Blocks(Berlin);
        await world.Clock.Passes(20.Minutes());
        (await From(Berlin, person, device)).Refusal!.Code.ShouldBe("mfa_required");
        (await Reasons(person)).ShouldBe(["new_country", "impossible_travel", "concurrent_countries"]);
        await world.Clock.Passes(1.Days());
        (await From(Berlin, person, device)).Granted.ShouldBeTrue("the token it kept while it was asked is still its own");
        await world.Database.Execute("update identity.network_blocks set removed_at = $1, removed_by = gen_random_uuid() where removed_at is null", world.Clock.Now.UtcDateTime);
    }

    [Fact]
    public async Task A_listed_address_far_away_is_held_until_the_time_said_and_a_known_device_gets_in_meanwhile()
    {
        var person = await world.NotYetSignedIn();
        var device = (await From(Unknown, person)).Value!.DeviceToken;
        await Rules(SignInRules.Default with { ListedPoints = 95 });
        var held = (await From(Tor, person)).Refusal!;
        await Rules(SignInRules.Default);
        (held.Code, held.Status, held.RetryAfterSeconds).ShouldBe(("sign_in_held", 403, 3600));
        (await Reasons(person)).ShouldBe(["new_device", "listed_tor_exits"]);
        (await Mails(person, "suspicious_sign_in")).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'session.held' and subject_id = $1", Id(person))).ShouldBe(1);

        // From elsewhere too, without the right password nothing is told, and the device that is known is let in.
        await world.Clock.Passes(30.Minutes());
        (await From(Kuwait, person)).Refusal!.RetryAfterSeconds!.Value.ShouldBeInRange(1790, 1800);
        (await From(Kuwait, person, password: "wrong one entirely")).Refusal.ShouldBe(IdentityRefusals.SignInFailed);
        (await From(Unknown, person, device)).Granted.ShouldBeTrue();
        await world.Clock.Passes(31.Minutes());
        (await From(Unknown, person)).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_new_password_ends_the_hold()
    {
        var person = await Held();
        (await From(Unknown, person)).Refusal!.Code.ShouldBe("sign_in_held");
        await world.Database.Execute("update identity.accounts set password_changed_at = $2 where id = $1", person.Id, world.Clock.Now.UtcDateTime.AddSeconds(1));
        (await From(Unknown, person)).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_decision_can_be_made_again_and_says_what_the_rules_of_today_would_say()
    {
        var person = await Held();
        var staff = await world.Person("admin");
        var id = (await staff.Get($"admin/risk/sign-ins?outcome=hold&account={Id(person)}")).Must().Word("items.0.id");
        await Rules(SignInRules.Default with { HoldFrom = 1000 });
        var one = (await staff.Get("admin/risk/sign-ins/" + id)).Must();
        await Rules(SignInRules.Default);
        (one.Word("outcome"), one.At("same").GetBoolean(), one.Word("again.outcome"), one.Word("today.outcome")).ShouldBe(("hold", true, "hold", "hold"), "a block is worth what holds");
        one.At("rules.holdFrom").GetInt32().ShouldBe(100);
        one.At("today.score").GetInt32().ShouldBe(1010);

        // A row that was tampered with gives itself away.
        await world.Database.Execute("update identity.risk_decisions set outcome = 'allow' where account_id = $1", person.Id);
        (await staff.Get("admin/risk/sign-ins/" + id)).Must().At("same").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task The_list_is_narrowed_and_read_by_pages()
    {
        var person = await world.NotYetSignedIn();
        for (var i = 0; i < 3; i++) await From(Unknown, person);
        var staff = await world.Person("admin");
        var first = (await staff.Get($"admin/risk/sign-ins?account={Id(person)}&limit=2")).Must();
        first.At("items").GetArrayLength().ShouldBe(2);
        var rest = (await staff.Get($"admin/risk/sign-ins?account={Id(person)}&limit=2&after={first.Word("next")}")).Must();
        (rest.At("items").GetArrayLength(), rest.At("next").ValueKind).ShouldBe((1, JsonValueKind.Null));
        (await staff.Get($"admin/risk/sign-ins?account={Id(person)}&reason=new_device")).Must().At("items").GetArrayLength().ShouldBe(2);
        (await staff.Get($"admin/risk/sign-ins?account={Id(person)}&outcome=hold")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await staff.Get("admin/risk/sign-ins?outcome=maybe")).MustRefuse(FoundationRefusals.InvalidInput);
        (await (await world.Person("customer")).Get("admin/risk/sign-ins")).MustRefuse(FoundationRefusals.NotAllowed);
        (await staff.Get("admin/risk/sign-ins/sid_" + new string('0', 26))).Status.ShouldBeOneOf(400, 404);
    }

    [Fact]
    public async Task An_erased_person_leaves_a_decision_without_an_origin()
    {
        var person = await world.NotYetSignedIn();
        await From(Kuwait, person);
        var id = await world.Database.Value<Guid>("select id from identity.risk_decisions where account_id = $1", person.Id);
        await world.Data().InTransaction(tx => PersonKeys.Destroy(tx, person.Id));
        var one = (await ReplaySignIn.Run(world.Data(), new SignInDecisionId(id), default)).OrThrow();
        (one.Origin, one.Same).ShouldBe((null, true));
    }

    [Fact]
    public async Task A_second_factor_is_asked_even_of_a_remembered_device_when_the_sign_in_is_suspicious()
    {
        var person = await world.NotYetSignedIn();
        var device = (await From(Kuwait, person)).Value!.DeviceToken;
        await world.Database.Execute("update identity.devices set trusted_until = $2 where account_id = $1", person.Id, world.Clock.Now.UtcDateTime.AddDays(20));
        await world.Database.Execute("insert into identity.totp (account_id, secret, created_at, confirmed_at) values ($1, '\\x00', $2, $2)", person.Id, world.Clock.Now.UtcDateTime);
        device = (await From(Kuwait, person, device)).Value!.DeviceToken;
        await world.Clock.Passes(20.Minutes());
        var asked = (await From(Sydney, person, device)).Refusal!;
        asked.Code.ShouldBe("mfa_required");
        ((IReadOnlyList<Guildhall.Identity.Proofs.ProofMethod>)asked.Details!["methods"]!)[0].ShouldBe(Guildhall.Identity.Proofs.ProofMethod.Totp);
    }

    [Fact]
    [Covers("asvs-16.5.2")]
    public async Task A_list_or_file_of_places_that_is_gone_keeps_nobody_out()
    {
        var person = await world.NotYetSignedIn();
        var lists = new AddressLists([world.List + ".gone"]);
        lists.Naming(IPAddress.Parse(Tor)).ShouldBeEmpty();
        lists.All.ShouldHaveSingleItem().Problem.ShouldNotBeNull();
        (await From(Unknown, person)).Granted.ShouldBeTrue();
    }

    private async Task<Person> Held()
    {
        var person = await world.NotYetSignedIn();
        (await From(Unknown, person)).Granted.ShouldBeTrue();
        var address = $"203.0.113.{Interlocked.Increment(ref _blocked)}";
        await Blocks(address);
        (await From(address, person)).Refusal!.Code.ShouldBe("sign_in_held");
        return person;
    }

    private static int _blocked;

    private async Task Blocks(string network) =>
        (await world.Data().InTransaction(tx => NetworkBlocks.Add(tx, new Caller { Kind = CallerKind.Person, AccountId = Guid.NewGuid() }, new NetworkBlocks.Body(network, "attacks from there")))).OrThrow();

    private Task Rules(SignInRules rules) => world.Database.Execute("""
        insert into foundation.settings (key, value, version, changed_at) values ('identity.sign_in_risk_rules', $1::jsonb, 1, now()) on conflict (key) do update set value = excluded.value
        """, JsonSerializer.Serialize(rules, JsonRules.Options));

    private async Task<string[]> Reasons(Person person) => [.. JsonSerializer.Deserialize<SignInReason[]>(
        await world.Database.Value<string>("select reasons from identity.risk_decisions where account_id = $1 order by id desc limit 1", person.Id), JsonRules.Options)!.Select(r => r.Code)];

    private Task<long> Mails(Person person, string template) => world.Database.Count("messaging.deliveries where person_id = $1 and template = $2", person.Id, template);

    private static string Id(Person person) => new AccountId(person.Id).ToString();

    private Task<Result<SignedIn>> From(string address, Person person, string? device = null, string password = Person.Password) => SignIn.Run(world.Get<IdentityParts>(),
        new Caller { Kind = CallerKind.Anonymous, Address = IPAddress.Parse(address), UserAgent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" }, new SignIn.Body(person.Email, password, device), SessionKind.Bearer, default);
}
