using Guildhall.Identity.Passkeys;

namespace Guildhall.Tests.Identity.Passkeys;

public sealed class AddPasskeyTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-6", "I-13", "asvs-6.3.7")]
    public async Task A_person_adds_a_passkey_and_is_told_by_mail()
    {
        var person = await world.Person();
        var added = (await person.Adds(world.Passkey(), " Blue phone ")).Must(201);
        added.Word("name").ShouldBe("Blue phone");
        (await person.Get("auth/passkeys")).Must().Word("items.0.id").ShouldBe(added.Word("id"));
        (await world.Database.Value<bool>("select second_factor from identity.accounts where id = $1", person.Id)).ShouldBeTrue();
        (await world.Database.Column<string>("select unnest(transports) from identity.passkeys where account_id = $1", person.Id)).ShouldBe(["internal"]);
        (await world.Database.Count("messaging.deliveries where person_id = $1 and template = 'passkey_added'", person.Id)).ShouldBe(1);
        var audit = await world.Database.Value<string>("select a::text from foundation.audit a where action = 'passkey.added' and actor_id = $1", person.Id);
        audit.ShouldNotContain("Blue");
    }

    [Fact]
    [Covers("asvs-7.4.3")]
    public async Task Asvs_7_4_3_Devices_that_skipped_the_second_step_are_asked_again()
    {
        var person = await world.NotYetSignedIn();
        await person.SignsIn();
        await world.Database.Execute("update identity.devices set trusted_until = $2 where account_id = $1", person.Id, world.Clock.Now.AddDays(30));
        (await person.Adds(world.Passkey())).Must(201);
        (await world.Database.Count("identity.devices where account_id = $1 and trusted_until is not null", person.Id)).ShouldBe(0);
        (await world.Visitor().Post("auth/sign-in", new { email = person.Email, password = Person.Password })).MustRefuse(IdentityRefusals.MfaRequired);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task What_was_asked_for_is_good_once()
    {
        var person = await world.Person();
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        (await Finish(person, ask, world.Passkey())).Must(201);
        (await Finish(person, ask, world.Passkey())).MustRefuse(IdentityRefusals.PasskeyNotAdded);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task What_was_asked_for_is_used_up_by_a_wrong_answer_too()
    {
        var (person, liar) = (await world.Person(), world.Passkey());
        liar.ChecksItsPerson = false;
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        (await Finish(person, ask, liar)).MustRefuse(IdentityRefusals.PasskeyNotAdded);
        (await Finish(person, ask, world.Passkey())).MustRefuse(IdentityRefusals.PasskeyNotAdded);
        (await world.Database.Value<string>("select after->>'fault' from foundation.audit where action = 'passkey.not_added' and actor_id = $1", person.Id)).ShouldBe("not_valid");
    }

    [Fact]
    [Covers("identity-43", "asvs-15.4.1")]
    public async Task Of_many_answers_at_once_one_is_taken()
    {
        var person = await world.Person();
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.passkey_asks where account_id = $1 for update", person.Id);
        var tries = Enumerable.Range(0, 4).Select(_ => Finish(person, ask, world.Passkey())).ToArray();
        await gate.OpenWhenWaiting(4);
        (await Task.WhenAll(tries)).Count(a => a.Status == 201).ShouldBe(1);
        (await world.Database.Count("identity.passkeys where account_id = $1", person.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task What_was_asked_for_dies_after_five_minutes()
    {
        var person = await world.Person();
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        await world.Clock.Passes(PasskeyAsks.Lifetime);
        (await Finish(person, ask, world.Passkey())).MustRefuse(IdentityRefusals.PasskeyNotAdded);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task What_another_person_was_asked_for_adds_nothing_and_stays_theirs()
    {
        var (person, thief) = (await world.Person(), await world.Person());
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        (await Finish(thief, ask, world.Passkey())).MustRefuse(IdentityRefusals.PasskeyNotAdded);
        (await world.Database.Count("identity.passkeys where account_id = any ($1)", (Guid[])[person.Id, thief.Id])).ShouldBe(0);
        (await Finish(person, ask, world.Passkey())).Must(201);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task The_person_in_the_ask_is_the_servers_whatever_the_browser_sends()
    {
        var (person, victim) = (await world.Person(), await world.Person());
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        var credential = world.Passkey().Creates(ask.At("options"));
        var edited = new { token = ask.Word("token"), credential, state = new { userEntity = new { id = new AccountId(victim.Id).ToString() } } };
        (await person.Post("auth/passkeys", edited)).Code.ShouldBe("server_decides");
        (await person.Post("auth/passkeys", new { token = ask.Word("token"), credential })).Must(201);
        (await world.Database.Column<Guid>("select account_id from identity.passkeys where account_id = any ($1)", (Guid[])[person.Id, victim.Id])).ShouldBe([person.Id]);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task An_ask_to_sign_in_adds_nothing()
    {
        var (person, passkey) = (await world.Person(), world.Passkey());
        var create = (await person.Post("auth/passkeys/actions/begin")).Must();
        var signIn = (await world.Visitor().Post("auth/passkey-sign-in/actions/begin")).Must();
        (await person.Post("auth/passkeys", new { token = signIn.Word("token"), credential = passkey.Creates(create.At("options")) })).MustRefuse(IdentityRefusals.PasskeyNotAdded);
    }

    [Theory]
    [Covers("identity-43", "identity-44")]
    [InlineData("http://evil.test", "wrong_origin")]
    [InlineData("http://sub.localhost:{port}", "wrong_origin")]
    [InlineData("https://localhost:{port}", "wrong_origin")]
    [InlineData("http://localhost", "wrong_origin")]
    [InlineData("http://localhost:{port}/", "wrong_origin")]
    [InlineData("null", "wrong_origin")]
    public async Task A_passkey_made_on_another_page_is_refused_even_when_headers_agree_with_it(string origin, string fault)
    {
        var (person, passkey) = (await world.Person(), world.Passkey());
        passkey.Origin = origin.Replace("{port}", world.Addresses[0].Port.ToString(), StringComparison.Ordinal);
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        var body = System.Net.Http.Json.JsonContent.Create(new { token = ask.Word("token"), credential = passkey.Creates(ask.At("options")) });
        (await person.Send(HttpMethod.Post, "auth/passkeys", body, ("Origin", passkey.Origin))).MustRefuse(IdentityRefusals.PasskeyNotAdded);
        (await world.Database.Value<string>("select after->>'fault' from foundation.audit where action = 'passkey.not_added' and actor_id = $1", person.Id)).ShouldBe(fault);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_passkey_for_another_domain_is_refused()
    {
        var (person, passkey) = (await world.Person(), world.Passkey());
        passkey.Domain = "evil.test";
        (await person.Adds(passkey)).MustRefuse(IdentityRefusals.PasskeyNotAdded);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_passkey_inside_a_foreign_frame_is_refused()
    {
        var (person, passkey) = (await world.Person(), world.Passkey());
        (passkey.IsCrossOrigin, passkey.TopOrigin) = (true, "https://evil.test");
        (await person.Adds(passkey)).MustRefuse(IdentityRefusals.PasskeyNotAdded);
        passkey.TopOrigin = null;
        (await person.Adds(passkey)).MustRefuse(IdentityRefusals.PasskeyNotAdded);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_credential_that_is_another_accounts_is_refused()
    {
        var (_, passkey) = await world.PersonWithPasskey();
        var copy = world.Passkey();
        copy.Id = passkey.Id;
        var thief = await world.Person();
        (await thief.Adds(copy)).MustRefuse(IdentityRefusals.PasskeyTaken);
        (await world.Database.Value<string>("select after->>'fault' from foundation.audit where action = 'passkey.not_added' and actor_id = $1", thief.Id)).ShouldBe("taken");
    }

    [Fact]
    [Covers("identity-43")]
    public async Task Two_accounts_that_add_one_credential_at_once_do_not_both_get_it()
    {
        var people = new[] { await world.Person(), await world.Person() };
        var copies = new[] { world.Passkey(), world.Passkey() };
        copies[1].Id = copies[0].Id;
        await using var gate = await Gate.Close(world.Database, "lock table identity.passkeys in share mode");
        var tries = people.Zip(copies, (person, copy) => person.Adds(copy)).ToArray();
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(tries)).Select(a => a.Code).Order().ShouldBe([null, "passkey_taken"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{\"clientDataJSON\":\"AAAA\",\"attestationObject\":\"AAAA\"}}")]
    public async Task Rubbish_is_refused(string credential)
    {
        var person = await world.Person();
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        (await person.Post("auth/passkeys", new { token = ask.Word("token"), credential = System.Text.Json.JsonDocument.Parse(credential).RootElement })).MustRefuse(IdentityRefusals.PasskeyNotAdded);
    }

    [Fact]
    public async Task A_credential_id_that_is_too_short_to_be_random_is_refused()
    {
        var (person, passkey) = (await world.Person(), world.Passkey());
        passkey.Id = [1, 2, 3, 4];
        (await person.Adds(passkey)).MustRefuse(IdentityRefusals.PasskeyNotAdded);
    }

    [Fact]
    public async Task An_account_has_twenty_passkeys_at_most()
    {
        var (person, _) = await world.PersonWithPasskey();
        var open = (await person.Post("auth/passkeys/actions/begin")).Must();
        await world.Database.Execute("""
            insert into identity.passkeys (id, account_id, credential_id, public_key, name, sign_count, transports, verified, backup_eligible, backed_up, attestation, client_data, created_at)
            select gen_random_uuid(), account_id, decode(md5(account_id::text || n), 'hex'), public_key, name, 0, transports, true, false, false, attestation, client_data, created_at
            from identity.passkeys, generate_series(1, 19) n where account_id = $1
            """, person.Id);
        (await person.Post("auth/passkeys/actions/begin")).MustRefuse(IdentityRefusals.TooManyPasskeys);
        (await Finish(person, open, world.Passkey())).MustRefuse(IdentityRefusals.TooManyPasskeys);
    }

    [Fact]
    [Covers("I-6", "asvs-6.3.3")]
    public async Task Staff_whose_role_needs_a_second_factor_set_up_a_passkey_before_anything_else()
    {
        await world.Database.Execute("insert into identity.roles (name, needs_second_factor) values ('careful', true) on conflict do nothing");
        var person = await world.Person("careful");
        (await person.Get("me")).MustRefuse(FoundationRefusals.SecondFactorNeeded);
        (await person.Adds(world.Passkey())).Must(201);
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
    }

    private static async Task<Answer> Finish(Person person, Answer ask, SoftPasskey passkey) =>
        await person.Post("auth/passkeys", new { token = ask.Word("token"), credential = passkey.Creates(ask.At("options")) });
}
