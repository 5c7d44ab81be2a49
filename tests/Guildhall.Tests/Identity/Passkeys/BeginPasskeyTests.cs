using System.Buffers.Text;
using Guildhall.Identity.Passkeys;

namespace Guildhall.Tests.Identity.Passkeys;

public sealed class BeginPasskeyTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-6")]
    public async Task What_is_asked_for_is_a_verified_person_at_our_domain_without_attestation()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        var options = (await person.Post("auth/passkeys/actions/begin")).Must();
        options.Word("options.rp.id").ShouldBe("localhost");
        options.Word("options.attestation").ShouldBe("none");
        options.Word("options.authenticatorSelection.userVerification").ShouldBe("required");
        options.Word("options.authenticatorSelection.residentKey").ShouldBe("preferred");
        options.At("options.timeout").GetInt32().ShouldBe((int)PasskeyAsks.Lifetime.TotalMilliseconds);
        options.At("options.excludeCredentials").GetArrayLength().ShouldBe(1);
        Base64Url.DecodeFromChars(options.Word("options.excludeCredentials.0.id")).ShouldBe(passkey.Id);
    }

    [Fact]
    [Covers("I-6", "asvs-7.5.1")]
    public async Task Asvs_7_5_1_A_passkey_is_added_only_after_a_fresh_proof()
    {
        var person = await world.Person();
        await world.ProofGrowsOld(person);
        (await person.Post("auth/passkeys/actions/begin")).MustRefuse(FoundationRefusals.StepUpRequired);
    }
}
