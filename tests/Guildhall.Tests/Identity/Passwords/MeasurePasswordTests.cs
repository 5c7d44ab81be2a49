namespace Guildhall.Tests.Identity.Passwords;

public sealed class MeasurePasswordTests(PasswordWorld world) : IClassFixture<PasswordWorld>
{
    [Theory]
    [Covers("I-8")]
    [InlineData("velvet", "too_short", 9)]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", "guessable", 0)]
    [InlineData("nora.kamal@example.test", "guessable", 0)]
    [InlineData("six patient velvet anchors", "good", 0)]
    public async Task What_is_typed_is_told_what_to_do_about(string password, string advice, int missing)
    {
        var answer = (await world.Visitor().Post("auth/password-strength", new { password, email = "nora.kamal@example.test", displayName = "Nora Kamal" })).Must();
        answer.Word("advice").ShouldBe(advice);
        answer.At("missing").GetInt32().ShouldBe(missing);
    }

    [Fact]
    [Covers("I-8", "asvs-6.2.4")]
    public async Task A_common_one_is_called_so_and_a_form_of_somebody_with_a_second_factor_asks_for_eight()
    {
        (await world.Visitor().Post("auth/password-strength", new { password = "iloveyou", minLength = 8 })).Must().Word("advice").ShouldBe("common");
        (await world.Visitor().Post("auth/password-strength", new { password = "gq7#vPx2", minLength = 1 })).Must().Word("advice").ShouldBe("good");
        (await world.Visitor().Post("auth/password-strength", new { password = new string('x', 2000) })).Must().Word("advice").ShouldBe("not_allowed");
    }

    [Fact]
    [Covers("I-8", "asvs-16.2.5")]
    public async Task It_knows_who_is_signed_in_and_keeps_and_asks_nothing()
    {
        var person = await world.Person();
        var asked = (await world.Sandbox.Get("/sandbox/pwned/asked")).GetArrayLength();
        (await person.Post("auth/password-strength", new { password = "Somebody Else Somebody" })).Must().Word("advice").ShouldBe("guessable");
        (await person.Post("auth/password-strength", new { password = "untold orange gravel bells" })).Must().Word("advice").ShouldBe("good");
        world.Log.ShouldAllBe(line => !line.Contains("untold orange", StringComparison.Ordinal));
        (await world.Sandbox.Get("/sandbox/pwned/asked")).GetArrayLength().ShouldBe(asked);
    }
}
