namespace Guildhall.Tests.Identity.Passkeys;

public sealed class BeginPasskeySignInTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("identity-17", "asvs-6.3.8")]
    public async Task What_is_asked_for_names_nobody_and_reads_the_same_for_everyone()
    {
        var (person, _) = await world.PersonWithPasskey();
        var answers = new List<Answer>();
        foreach (var email in (string?[])[person.Email, "nobody-here@example.test", null])
            answers.Add((await world.Visitor().Post("auth/passkey-sign-in/actions/begin", email is null ? null : new { email })).Must());
        answers.Select(Shape).Distinct().Count().ShouldBe(1);
        answers.Select(a => string.Join(' ', a.Headers.Keys.Order())).Distinct().Count().ShouldBe(1);
        answers[0].At("options.allowCredentials").GetArrayLength().ShouldBe(0);
        answers[0].Word("options.userVerification").ShouldBe("required");
        answers[0].Word("options.rpId").ShouldBe("localhost");
        (await world.Visitor().SignsInWith(Unknown(person))).MustRefuse(IdentityRefusals.PasskeyRefused);
        (await world.Visitor().SignsInWith(Unknown(null))).MustRefuse(IdentityRefusals.PasskeyRefused);

        static string Shape(Answer answer) => answer.Text.Replace(answer.Word("token"), "", StringComparison.Ordinal).Replace(answer.Word("options.challenge"), "", StringComparison.Ordinal)
            .Replace(answer.Word("expiresAt"), "", StringComparison.Ordinal);
    }

    [Fact]
    [Covers("identity-57")]
    public async Task The_database_holds_no_token_that_opens_anything()
    {
        var ask = (await world.Visitor().Post("auth/passkey-sign-in/actions/begin")).Must();
        (await world.Database.Count("identity.passkey_asks a where a::text like '%' || $1 || '%'", ask.Word("token"))).ShouldBe(0);
    }

    private SoftPasskey Unknown(Person? person)
    {
        var passkey = world.Passkey();
        passkey.UserHandle = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(new AccountId(person?.Id ?? Guid.CreateVersion7()).ToString()));
        return passkey;
    }
}
