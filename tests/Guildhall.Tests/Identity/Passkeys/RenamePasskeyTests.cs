namespace Guildhall.Tests.Identity.Passkeys;

public sealed class RenamePasskeyTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-6")]
    public async Task A_passkey_gets_another_name()
    {
        var (person, _) = await world.PersonWithPasskey();
        var id = (await person.Get("auth/passkeys")).Must().Word("items.0.id");
        (await person.Patch("auth/passkeys/" + id, new { name = "Work laptop" })).Must().Word("name").ShouldBe("Work laptop");
        (await person.Get("auth/passkeys")).Must().Word("items.0.name").ShouldBe("Work laptop");
        foreach (var name in (string[])["", "   ", "<script>", new string('x', 61)])
            (await person.Patch("auth/passkeys/" + id, new { name })).MustRefuse(FoundationRefusals.InvalidInput);
    }
}
