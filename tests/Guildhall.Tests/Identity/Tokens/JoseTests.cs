using System.Text.Json;
using Guildhall.Identity.Tokens;

namespace Guildhall.Tests.Identity.Tokens;

/// <summary>What a service of somebody else makes of our tokens, with a library that knows nothing of us (jose), through the published keys.</summary>
public sealed class JoseTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-3")]
    public async Task Another_service_verifies_our_tokens_before_and_after_a_rotation()
    {
        var person = await world.Person();
        var before = person.Token!;
        var first = await Verify(world, before);
        first.GetProperty("sub").GetString().ShouldBe(person.Id.ToString());
        first.GetProperty("alg").GetString().ShouldBe("ES256");
        (await SigningKeys.Rotate(world.Data(), world.Get<KeyMaker>(), default, force: true)).ShouldBeTrue();
        await world.Get<Guildhall.Foundation.Data.NodeChannel>().Broadcast(SigningKeys.Topic, "");
        person.OnlyNode = 0;
        await person.SignsIn();
        var second = await Verify(world, person.Token!);
        second.GetProperty("kid").GetString().ShouldNotBe(first.GetProperty("kid").GetString());
        (await Verify(world, before)).GetProperty("kid").GetString().ShouldBe(first.GetProperty("kid").GetString());
    }

    [Fact]
    [Covers("I-3", "identity-11")]
    public async Task It_refuses_what_we_refuse()
    {
        var person = await world.Person();
        var parts = person.Token!.Split('.');
        (await Verify(world, $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA")).GetProperty("refused").GetString().ShouldBe("ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
        (await Verify(world, person.Token, audience: "somebody-else")).GetProperty("refused").GetString().ShouldBe("ERR_JWT_CLAIM_VALIDATION_FAILED");
        (await Verify(world, person.Token, later: AccessTokens.Lifetime)).GetProperty("refused").GetString().ShouldBe("ERR_JWT_EXPIRED");
    }

    internal static Task<JsonElement> Verify(World world, string token, string? audience = null, TimeSpan later = default)
    {
        var options = world.Get<IdentityOptions>();
        return Peers.Ask("jwt", new
        {
            jwks = new Uri(world.Addresses[0], "/.well-known/jwks.json"), token, issuer = options.Issuer, audience = audience ?? options.Audience,
            seconds = (world.Data().Clock.GetUtcNow() + later).ToUnixTimeSeconds(),
        });
    }
}
