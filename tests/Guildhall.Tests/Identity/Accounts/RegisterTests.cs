using System.Text;

namespace Guildhall.Tests.Identity.Accounts;

public sealed class RegisterTests(World world) : IClassFixture<World>
{
    private const string Password = "seven quiet marble towers";

    [Fact]
    [Covers("I-1")]
    public async Task Somebody_signs_up_confirms_the_address_and_signs_in()
    {
        var visitor = world.Visitor();
        (await visitor.Post("auth/register", Wish("nora@example.test"))).Must(202).Word("next").ShouldBe("check_your_mail");
        (await SignsIn("nora@example.test", Password)).MustRefuse(IdentityRefusals.EmailNotVerified);

        var (token, _) = await world.Confirmation("nora@example.test");
        (await visitor.Post("auth/verify-email", new { token })).Must(204);
        visitor.Token = (await SignsIn("NORA@Example.Test", Password)).Must().Word("accessToken");
        var me = (await visitor.Get("me")).Must();
        me.Word("displayName").ShouldBe("Nora");
        me.Word("email").ShouldBe("nora@example.test");
        me.At("roles.0").GetString().ShouldBe("customer");
    }

    [Fact]
    [Covers("I-1", "identity-17")]
    public async Task A_known_address_gets_the_same_answer_and_its_owner_is_told()
    {
        var owner = await world.NotYetSignedIn();
        var known = await world.Visitor().Post("auth/register", Wish(owner.Email));
        var unknown = await world.Visitor().Post("auth/register", Wish("stranger@example.test"));

        known.Status.ShouldBe(unknown.Status);
        known.Text.ShouldBe(unknown.Text);
        known.Headers.Keys.Order().ShouldBe(unknown.Headers.Keys.Order());
        (await world.Mail(owner.Email)).ShouldContain("already have an account");
        await owner.SignsIn();
    }

    [Fact]
    public async Task Signing_up_again_before_confirming_makes_the_first_link_useless_and_the_last_password_count()
    {
        const string email = "twice@example.test";
        (await world.Visitor().Post("auth/register", Wish(email) with { Password = "the first password of two" })).Must(202);
        var first = await world.Confirmation(email);
        (await world.Visitor().Post("auth/register", Wish(email) with { DisplayName = "Second" })).Must(202);
        var second = await world.Confirmation(email, count: 2);

        (await world.Visitor().Post("auth/verify-email", new { token = first.Token })).MustRefuse(IdentityRefusals.VerificationFailed);
        (await world.Visitor().Post("auth/verify-email", new { token = second.Token })).Must(204);
        (await SignsIn(email, "the first password of two")).MustRefuse(IdentityRefusals.SignInFailed);
        (await SignsIn(email, Password)).Must();
    }

    [Fact]
    [Covers("I-1", "identity-17", "asvs-6.1.1", "asvs-2.4.1")]
    public async Task Signing_up_again_and_again_does_not_give_new_tries_at_the_code_without_end()
    {
        var owner = await world.NotYetSignedIn();
        foreach (var email in (string[])["guessed@example.test", owner.Email])
        {
            for (var i = 0; i < 5; i++) (await world.Visitor().Post("auth/register", Wish(email))).Must(202);
            (await world.Visitor().Post("auth/register", Wish(email))).MustRefuse(FoundationRefusals.RateLimited).Headers.ShouldContainKey("Retry-After");
            (await world.Visitor().Post("auth/resend-verification", new { email })).MustRefuse(FoundationRefusals.RateLimited);
        }
        await world.Confirmation("guessed@example.test", count: 5);
    }

    [Theory]
    [Covers("identity-19", "identity-47", "asvs-6.2.12")]
    [InlineData("email", "no address", null, null, null)]
    [InlineData("email", "vi\u212Atim@example.test", null, null, null)]
    [InlineData("email", "victim@\u212Aelvin.test", null, null, null)]
    [InlineData("email", "a@b@example.test", null, null, null)]
    [InlineData("email", "\"quoted local\"@example.test", null, null, null)]
    [InlineData("email", "x@127.0.0.1", null, null, null)]
    [InlineData("password", null, "short", null, null)]
    [InlineData("password", null, "fourteen chars", null, null)]
    [InlineData("displayName", null, null, "see http://evil.test", null)]
    [InlineData("displayName", null, null, "over\u202Eturned", null)]
    [InlineData("displayName", null, null, "  ", null)]
    [InlineData("zone", null, null, null, "Mars/Olympus")]
    public async Task What_cannot_be_is_named_field_by_field(string field, string? email, string? password, string? name, string? zone)
    {
        var wish = Wish(email ?? "fields@example.test");
        var answer = await world.Visitor().Post("auth/register", wish with { Password = password ?? wish.Password, DisplayName = name ?? wish.DisplayName, Zone = zone ?? wish.Zone });
        answer.MustRefuse(FoundationRefusals.InvalidInput).At("fields").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Theory]
    [Covers("I-8", "asvs-6.2.12")]
    [InlineData("password12345678")]
    [InlineData("qwertyuiopasdfgh")]
    [InlineData("weak@example.test")]
    [InlineData("Nora Nora Nora Nora")]
    [InlineData("Guildhall Guildhall 1")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    public async Task A_password_that_is_easy_to_guess_is_refused(string password) =>
        (await world.Visitor().Post("auth/register", Wish("weak@example.test") with { Password = password })).MustRefuse(IdentityRefusals.PasswordTooWeak);

    [Fact]
    [Covers("identity-40")]
    public async Task Nobody_makes_themselves_an_administrator()
    {
        var body = new { email = "boss@example.test", password = Password, displayName = "Boss", language = "en", zone = "UTC", roles = (string[])["admin"] };
        (await world.Visitor().Post("auth/register", body)).MustRefuse(FoundationRefusals.ServerDecides).Word("field").ShouldBe("roles");
    }

    [Theory]
    [Covers("identity-15", "identity-28")]
    [InlineData("""{"email":"a@example.test","email":"b@example.test","password":"seven quiet marble towers","displayName":"A"}""")]
    [InlineData("""{"email":"a@example.test","password":"seven quiet marble \ud800","displayName":"A"}""")]
    [InlineData("""{"email":"a@example.test","password":7,"displayName":"A"}""")]
    [InlineData("""{"email":"a@example.test","displayName":"A"}""")]
    public async Task A_body_that_is_not_what_it_should_be_is_refused(string body) =>
        (await world.Visitor().Send(HttpMethod.Post, "auth/register", new StringContent(body, Encoding.UTF8, "application/json"))).MustRefuse(FoundationRefusals.InvalidBody);

    [Fact]
    [Covers("identity-28")]
    public async Task A_password_of_a_megabyte_is_refused_before_any_work() =>
        (await world.Visitor().Post("auth/register", Wish("big@example.test") with { Password = new string('x', 1_000_000) })).MustRefuse(FoundationRefusals.BodyTooLarge);

    [Fact]
    [Covers("identity-57")]
    public async Task The_database_holds_no_password_code_or_token_that_could_be_used()
    {
        (await world.Visitor().Post("auth/register", Wish("dump@example.test"))).Must(202);
        var (token, code) = await world.Confirmation("dump@example.test");
        var dump = string.Join('\n', (await world.Database.Rows("select a::text, v::text from identity.accounts a join identity.email_verifications v on v.account_id = a.id where a.email_key = 'dump@example.test'"))
            .Concat(await world.Database.Rows("select payload::text from foundation.jobs")).Concat(await world.Database.Rows("select d::text from messaging.deliveries d"))
            .Select(r => string.Join('|', r)));
        dump.ShouldNotContain(Password);
        dump.ShouldNotContain(token);
        dump.Contains($"\"{code}\"", StringComparison.Ordinal).ShouldBeFalse();
        dump.ShouldContain("pbkdf2-sha512:1:1000:");
    }

    private Task<Answer> SignsIn(string email, string password) => world.Visitor().Post("auth/sign-in", new { email, password });

    private static Registration Wish(string email) => new(email, Password, "Nora", "en", "Asia/Kuwait");

    private sealed record Registration(string Email, string Password, string DisplayName, string Language, string Zone);
}
