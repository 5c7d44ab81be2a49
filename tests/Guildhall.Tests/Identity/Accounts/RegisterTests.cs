using System.Text.RegularExpressions;

namespace Guildhall.Tests.Identity.Accounts;

public sealed partial class RegisterTests(World world) : IClassFixture<World>
{
    [GeneratedRegex("verify-email#([A-Za-z0-9_-]{43})", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("\\b([0-9]{6})\\b", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [Fact]
    [Covers("I-1")]
    public async Task Somebody_signs_up_confirms_the_address_and_signs_in()
    {
        var visitor = world.Visitor();
        (await visitor.Post("auth/register", new { email = "nora@example.test", password = "seven quiet marble towers", displayName = "Nora", language = "en", zone = "Asia/Kuwait" }))
            .Must(202).Word("next").ShouldBe("check_your_mail");
        (await visitor.Post("auth/sign-in", new { email = "nora@example.test", password = "seven quiet marble towers" })).MustRefuse(IdentityRefusals.EmailNotVerified);

        var text = await MailText("nora@example.test");
        (await visitor.Post("auth/verify-email", new { token = Link().Match(text).Groups[1].Value })).Must(204);
        var tokens = (await visitor.Post("auth/sign-in", new { email = "NORA@example.test", password = "seven quiet marble towers" })).Must();
        visitor.Token = tokens.Word("accessToken");
        var me = (await visitor.Get("me")).Must();
        me.Word("displayName").ShouldBe("Nora");
        me.At("roles.0").GetString().ShouldBe("customer");
        Code().IsMatch(text).ShouldBeTrue();
        world.Errors.ShouldBeEmpty();
    }

    private async Task<string> MailText(string address)
    {
        await world.JobsAreDone();
        var mail = await Eventually.Get(() => world.Gateway.MailTo(address), m => m.Count > 0, "no mail came");
        return mail[0].GetProperty("text").GetString()!;
    }
}
