using Guildhall.Identity.Passkeys;
using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Passkeys;

public sealed class SignInByPasskeyTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-6", "I-1")]
    public async Task A_passkey_alone_signs_in_and_proves_two_factors()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        await world.Clock.Passes(1.Hours());
        var tokens = (await world.Visitor().SignsInWith(passkey)).Must();
        var visitor = world.Visitor();
        visitor.Token = tokens.Word("accessToken");
        (await visitor.Get("me")).Must().Word("id").ShouldBe(new AccountId(person.Id).ToString());
        (await visitor.Post("auth/passkeys/actions/begin")).Must(); // proven afresh
        (await Session(tokens)).ShouldBe("2 passkey");
        (await visitor.Get("auth/passkeys")).Must().Word("items.0.lastUsedAt").ShouldNotBeNull();
    }

    [Fact]
    [Covers("I-6")]
    public async Task A_synced_passkey_counts_nothing_and_signs_in_again_and_again()
    {
        var (person, passkey) = (await world.Person(), world.Passkey());
        passkey.Counts = false;
        (await person.Adds(passkey)).Must(201);
        for (var round = 0; round < 3; round++) (await world.Visitor().SignsInWith(passkey)).Must();
    }

    [Fact]
    [Covers("asvs-6.8.2")]
    public async Task Asvs_6_8_2_A_bad_or_missing_signature_is_refused()
    {
        var (_, passkey) = await world.PersonWithPasskey();
        passkey.CheatsAtSigning = true;
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.PasskeyRefused);

        passkey.CheatsAtSigning = false;
        var ask = (await world.Visitor().Post("auth/passkey-sign-in/actions/begin")).Must();
        var unsigned = System.Text.Json.JsonSerializer.SerializeToNode(passkey.Signs(ask.At("options")))!;
        unsigned["response"]!["signature"] = "";
        (await world.Visitor().Post("auth/passkey-sign-in", new { token = ask.Word("token"), credential = unsigned })).MustRefuse(IdentityRefusals.PasskeyRefused);

        var another = world.Passkey();
        (another.Id, another.UserHandle, another.Count) = (passkey.Id, passkey.UserHandle, 100);
        (await world.Visitor().SignsInWith(another)).MustRefuse(IdentityRefusals.PasskeyRefused);
        (await world.Visitor().SignsInWith(passkey)).Must();
    }

    [Fact]
    [Covers("identity-43")]
    public async Task An_answer_is_good_once()
    {
        var (_, passkey) = await world.PersonWithPasskey();
        var (ask, body) = await Signed(passkey);
        (await world.Visitor().Post("auth/passkey-sign-in", body)).Must();
        (await world.Visitor().Post("auth/passkey-sign-in", body)).MustRefuse(IdentityRefusals.PasskeyRefused);
        (await world.Visitor().Post("auth/passkey-sign-in", new { token = ask.Word("token"), credential = passkey.Signs(ask.At("options")) })).MustRefuse(IdentityRefusals.PasskeyRefused);
    }

    [Fact]
    [Covers("identity-43", "asvs-15.4.1")]
    public async Task Of_many_equal_answers_at_once_one_signs_in()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        var (_, body) = await Signed(passkey);
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.passkey_asks where used_at is null for update");
        var tries = Enumerable.Range(0, 4).Select(_ => world.Visitor().Post("auth/passkey-sign-in", body)).ToArray();
        await gate.OpenWhenWaiting(4);
        (await Task.WhenAll(tries)).Count(a => a.Status == 200).ShouldBe(1);
        (await world.Database.Count("identity.sessions where account_id = $1 and proven_by = 'passkey'", person.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task An_answer_dies_after_five_minutes()
    {
        var (_, passkey) = await world.PersonWithPasskey();
        var (_, body) = await Signed(passkey);
        await world.Clock.Passes(PasskeyAsks.Lifetime);
        (await world.Visitor().Post("auth/passkey-sign-in", body)).MustRefuse(IdentityRefusals.PasskeyRefused);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_signature_for_another_ask_or_for_none_is_refused()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        var (_, first) = await Signed(passkey);
        var second = (await world.Visitor().Post("auth/passkey-sign-in/actions/begin")).Must();
        (await world.Visitor().Post("auth/passkey-sign-in", new { token = second.Word("token"), first.credential })).MustRefuse(IdentityRefusals.PasskeyRefused);
        (await world.Visitor().Post("auth/passkey-sign-in", new { token = "made-up", first.credential })).MustRefuse(IdentityRefusals.PasskeyRefused);
        var create = (await person.Post("auth/passkeys/actions/begin")).Must();
        (await world.Visitor().Post("auth/passkey-sign-in", new { token = create.Word("token"), credential = passkey.Signs(create.At("options")) })).MustRefuse(IdentityRefusals.PasskeyRefused);
    }

    [Theory]
    [Covers("identity-43", "identity-44")]
    [InlineData("http://evil.test")]
    [InlineData("http://sub.localhost:{port}")]
    [InlineData("http://localhost:1")]
    [InlineData("https://localhost:{port}")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_signature_made_on_another_page_is_refused_even_when_headers_agree_with_it(string origin)
    {
        var (person, passkey) = await world.PersonWithPasskey();
        passkey.Origin = origin.Replace("{port}", world.Addresses[0].Port.ToString(), StringComparison.Ordinal);
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.PasskeyRefused);
        (await world.Visitor().SignsInWith(passkey, ("Origin", passkey.Origin))).MustRefuse(IdentityRefusals.PasskeyRefused);
        await NobodySignedIn(person);
    }

    [Fact]
    [Covers("identity-44")]
    public async Task A_sub_domain_that_spoofs_host_and_origin_is_refused()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        var host = $"sub.localhost:{world.Addresses[0].Port}";
        (passkey.Origin, passkey.Domain) = ("http://" + host, "sub.localhost");
        (await world.Visitor().SignsInWith(passkey, ("Host", host), ("Origin", passkey.Origin))).Status.ShouldBeInRange(400, 499);
        passkey.Domain = "localhost";
        (await world.Visitor().SignsInWith(passkey, ("Host", host), ("Origin", passkey.Origin))).Status.ShouldBeInRange(400, 499);
        await NobodySignedIn(person);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_signature_for_another_domain_is_refused()
    {
        var (_, passkey) = await world.PersonWithPasskey();
        passkey.Domain = "evil.test";
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.PasskeyRefused);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_device_that_did_not_check_its_person_is_refused()
    {
        var (_, passkey) = await world.PersonWithPasskey();
        passkey.ChecksItsPerson = false;
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.PasskeyRefused);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_counter_that_does_not_go_up_is_refused_and_audited_with_the_account()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        (await world.Visitor().SignsInWith(passkey)).Must();
        foreach (var count in (uint[])[passkey.Count, 3, 0])
        {
            passkey.Count = count - 1; // signing adds one
            (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.PasskeyRefused);
        }
        (await world.Database.Count("foundation.audit where action = 'session.refused' and subject_id = $1 and after->>'fault' = 'counter_went_back'", new AccountId(person.Id).ToString())).ShouldBe(3);
        passkey.Count = 50;
        (await world.Visitor().SignsInWith(passkey)).Must();
    }

    [Fact]
    [Covers("identity-43")]
    public async Task A_passkey_presented_as_another_accounts_is_refused()
    {
        var (_, passkey) = await world.PersonWithPasskey();
        var (victim, theirs) = await world.PersonWithPasskey();
        passkey.UserHandle = theirs.UserHandle;
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.PasskeyRefused);
        passkey.UserHandle = null;
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.PasskeyRefused);
        await NobodySignedIn(victim);
    }

    [Fact]
    [Covers("asvs-6.3.4")]
    public async Task Asvs_6_3_4_The_state_of_the_account_counts_as_it_does_with_a_password()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", person.Id);
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.AccountSuspended);
        await world.Database.Execute("update identity.accounts set state = 'unverified', email_verified_at = null where id = $1", person.Id);
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.EmailNotVerified);
        await NobodySignedIn(person);
    }

    [Fact]
    [Covers("identity-20", "I-9")]
    public async Task Wrong_passwords_that_others_try_do_not_lock_a_passkey_out()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        for (var i = 0; i < SignIn.Attempts; i++) await world.Visitor().Post("auth/sign-in", new { email = person.Email, password = "guess number " + i });
        (await world.Visitor().Post("auth/sign-in", new { email = person.Email, password = Person.Password })).MustRefuse(IdentityRefusals.SignInLocked);
        (await world.Visitor().SignsInWith(passkey)).Must();
    }

    [Fact]
    [Covers("identity-8", "asvs-7.2.4")]
    public async Task The_session_that_was_brought_along_is_replaced()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        var old = person.Token;
        (await person.SignsInWith(passkey)).Must();
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; person.Token = old; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
    }

    private async Task<(Answer Ask, SignedBody Body)> Signed(SoftPasskey passkey)
    {
        var ask = (await world.Visitor().Post("auth/passkey-sign-in/actions/begin")).Must();
        return (ask, new SignedBody(ask.Word("token"), passkey.Signs(ask.At("options"))));
    }

    private sealed record SignedBody(string token, object credential);

    private async Task NobodySignedIn(Person person) => (await world.Database.Count("identity.sessions where account_id = $1 and proven_by = 'passkey'", person.Id)).ShouldBe(0);

    private Task<string> Session(Answer tokens) => world.Database.Value<string>("select level || ' ' || proven_by from identity.sessions where id = $1",
        SessionId.TryParse(tokens.Word("session.id"), null, out var id) ? id.Value : default);
}
