using Guildhall.Identity.Tokens;

namespace Guildhall.Tests.Identity.Tokens;

public sealed class SigningKeysTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-3", "identity-56")]
    public async Task A_rotation_loses_no_token_on_any_node()
    {
        var person = await world.Person();
        var before = await Published();
        (await SigningKeys.Rotate(world.Data(), world.Get<KeyMaker>(), default, force: true)).ShouldBeTrue();
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }

        await world.Get<Guildhall.Foundation.Data.NodeChannel>().Broadcast(SigningKeys.Topic, "");
        var after = await Published();
        after.Count.ShouldBe(before.Count + 1);
        before.ShouldBeSubsetOf(after);
        world.Get<SigningKeys>(0).Active.Kid.ShouldBe(world.Get<SigningKeys>(1).Active.Kid);
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        await person.SignsIn();
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
    }

    [Fact]
    [Covers("I-3", "identity-57")]
    public async Task Only_public_halves_are_shown_and_the_stored_private_half_is_sealed()
    {
        var keys = (await world.Visitor().Get("/.well-known/jwks.json")).Must();
        keys.Text.ShouldNotContain("\"d\"");
        keys.At("keys.0").EnumerateObject().Select(m => m.Name).ShouldBe(["kty", "crv", "x", "y", "use", "alg", "kid"]);
        var stored = await world.Database.Value<byte[]>("select sealed_key from identity.signing_keys where state = 'active'");
        stored.AsSpan().IndexOf(world.Get<SigningKeys>().Active.PrivateKey.AsSpan(0, 32)).ShouldBe(-1);
    }

    [Fact]
    public async Task Before_its_term_is_over_a_key_stays()
    {
        var before = world.Get<SigningKeys>().Active.Kid;
        (await SigningKeys.Rotate(world.Data(), world.Get<KeyMaker>(), default)).ShouldBeFalse();
        (await world.Database.Value<string>("select kid from identity.signing_keys where state = 'active'")).ShouldBe(await world.Database.Value<string>("select kid from identity.signing_keys where state = 'active'"));
        (await world.Database.Count("identity.signing_keys where kid = $1 and state <> 'next'", before)).ShouldBe(1);
    }

    [Fact]
    [Covers("I-3", "asvs-11.2.2")]
    public async Task Staff_let_the_next_key_sign_at_once_when_every_node_knows_it()
    {
        var admin = await world.Person("admin");
        (await (await world.Person()).Post("admin/signing-keys/actions/rotate", new { why = "curious" })).Must(403);
        await world.Database.Execute("update identity.signing_keys set created_at = $1 where state = 'next'", world.Clock.Now.AddHours(-1));
        (await admin.Post("admin/signing-keys/actions/rotate", new { why = "a laptop was stolen" })).Must();
        (await admin.Post("admin/signing-keys/actions/rotate", new { why = "again at once" })).MustRefuse(IdentityRefusals.KeyTooYoung);
        for (var node = 0; node < 2; node++) { admin.OnlyNode = node; (await admin.Get("admin/signing-keys")).Must().At("items").GetArrayLength().ShouldBeGreaterThan(2); }
        (await world.Database.Count("foundation.audit where action = 'signing_key.rotated' and why = 'a laptop was stolen'")).ShouldBe(1);
    }

    [Fact]
    [Covers("I-3", "asvs-11.2.2")]
    public async Task A_key_that_retired_is_good_for_nothing_after_an_hour()
    {
        var old = world.Get<SigningKeys>().Active.Kid;
        (await SigningKeys.Rotate(world.Data(), world.Get<KeyMaker>(), default, force: true)).ShouldBeTrue();
        await world.Get<Guildhall.Foundation.Data.NodeChannel>().Broadcast(SigningKeys.Topic, "");
        foreach (var keys in world.Everywhere<SigningKeys>()) keys.Find(old).ShouldNotBeNull();
        await world.Clock.Passes(61.Minutes());
        await world.Get<Guildhall.Foundation.Data.NodeChannel>().Broadcast(SigningKeys.Topic, "");
        foreach (var keys in world.Everywhere<SigningKeys>()) keys.Find(old).ShouldBeNull();
        (await Published()).ShouldNotContain(old);
    }

    private async Task<IReadOnlyList<string>> Published() =>
        [.. (await world.Visitor().Get("/.well-known/jwks.json")).Must().At("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()!)];
}
