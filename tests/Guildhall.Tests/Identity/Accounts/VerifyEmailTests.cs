namespace Guildhall.Tests.Identity.Accounts;

public sealed class VerifyEmailTests(World world) : IClassFixture<World>
{
    private static int _count;

    [Fact]
    [Covers("I-1")]
    public async Task The_code_confirms_as_well_as_the_link_and_both_only_once()
    {
        var (email, _, code) = await SignsUp();
        (await Tries(email, code)).Must(204);
        (await Tries(email, code)).MustRefuse(IdentityRefusals.VerificationFailed);
        (await SignsIn(email)).Must();
    }

    [Fact]
    [Covers("I-9", "asvs-15.4.1")]
    public async Task After_five_wrong_codes_the_right_one_is_wrong_too_but_the_link_still_works()
    {
        var (email, token, code) = await SignsUp();
        for (var i = 0; i < 5; i++) (await Tries(email, Another(code, i))).MustRefuse(IdentityRefusals.VerificationFailed);
        (await Tries(email, code)).MustRefuse(IdentityRefusals.VerificationFailed);
        (await Uses(token)).Must(204);
    }

    [Fact]
    [Covers("identity-1", "asvs-15.4.1")]
    public async Task Of_twenty_who_use_one_code_at_once_one_succeeds()
    {
        var (email, _, code) = await SignsUp();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.email_verifications v join identity.accounts a on a.id = v.account_id where a.email_key = $1 for update of v", email);
        var racers = Enumerable.Range(0, 20).Select(_ => Tries(email, code)).ToArray();
        await gate.OpenWhenWaiting(10);
        var answers = await Task.WhenAll(racers);
        answers.Count(a => a.Status == 204).ShouldBe(1);
        answers.Count(a => a.Code is "verification_failed").ShouldBe(19);
    }

    [Fact]
    [Covers("identity-32")]
    public async Task Of_twenty_who_use_one_link_at_once_one_succeeds()
    {
        var (email, token, _) = await SignsUp();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.email_verifications v join identity.accounts a on a.id = v.account_id where a.email_key = $1 for update of v", email);
        var racers = Enumerable.Range(0, 20).Select(_ => Uses(token)).ToArray();
        await gate.OpenWhenWaiting(10);
        (await Task.WhenAll(racers)).Count(a => a.Status == 204).ShouldBe(1);
    }

    [Fact]
    [Covers("identity-32")]
    public async Task A_new_message_makes_the_old_link_and_code_useless()
    {
        var (email, token, code) = await SignsUp();
        (await world.Visitor().Post("auth/resend-verification", new { email })).Must(202);
        var fresh = await world.Confirmation(email, count: 2);
        (await Uses(token)).MustRefuse(IdentityRefusals.VerificationFailed);
        if (!string.Equals(code, fresh.Code, StringComparison.Ordinal)) (await Tries(email, code)).MustRefuse(IdentityRefusals.VerificationFailed);
        (await Uses(fresh.Token)).Must(204);
    }

    [Fact]
    [Covers("I-1", "identity-32")]
    public async Task The_code_lasts_ten_minutes_and_the_link_a_day()
    {
        var (email, token, code) = await SignsUp();
        var late = await SignsUp();
        await world.Clock.Passes(11.Minutes());
        (await Tries(email, code)).MustRefuse(IdentityRefusals.VerificationFailed);
        (await Uses(token)).Must(204);
        await world.Clock.Passes(24.Hours());
        (await Uses(late.Token)).MustRefuse(IdentityRefusals.VerificationFailed);
    }

    [Theory]
    [Covers("identity-17")]
    [InlineData(null, "nobody@example.test", "123456")]
    [InlineData(null, "not an address", "123456")]
    [InlineData(null, null, null)]
    [InlineData("short", null, null)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", null, null)]
    public async Task Every_failure_reads_the_same(string? token, string? email, string? code)
    {
        var answer = (await world.Visitor().Post("auth/verify-email", new { token, email, code })).MustRefuse(IdentityRefusals.VerificationFailed);
        answer.Word("detail").ShouldBe(IdentityRefusals.VerificationFailed.Sentence);
    }

    [Fact]
    [Covers("identity-17")]
    public async Task Asking_for_a_new_message_says_the_same_for_every_address()
    {
        var confirmed = await world.NotYetSignedIn();
        var answers = new List<Answer>();
        foreach (var email in (string[])["nobody-at-all@example.test", confirmed.Email, (await SignsUp()).Email])
            answers.Add((await world.Visitor().Post("auth/resend-verification", new { email })).Must(202));
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await world.Gateway.MailTo(confirmed.Email)).ShouldBeEmpty();
    }

    [Fact]
    [Covers("I-10")]
    public async Task Five_messages_an_hour_are_enough_for_one_address_known_or_not()
    {
        for (var i = 0; i < 5; i++) (await world.Visitor().Post("auth/resend-verification", new { email = "insistent@example.test" })).Must(202);
        var limited = (await world.Visitor().Post("auth/resend-verification", new { email = "Insistent@example.test" })).MustRefuse(FoundationRefusals.RateLimited);
        int.Parse(limited.Headers["Retry-After"]).ShouldBeInRange(3500, 3600);
        (await world.Visitor().Post("auth/resend-verification", new { email = "no address" })).MustRefuse(FoundationRefusals.InvalidInput);
    }

    private async Task<(string Email, string Token, string Code)> SignsUp()
    {
        var email = $"new{Interlocked.Increment(ref _count)}@example.test";
        (await world.Visitor().Post("auth/register", new { email, password = Person.Password, displayName = "New", language = "en", zone = "UTC" })).Must(202);
        var (token, code) = await world.Confirmation(email);
        return (email, token, code);
    }

    private static string Another(string code, int by) => ((int.Parse(code) + 1 + by) % 1_000_000).ToString("D6");
    private Task<Answer> Tries(string email, string code) => world.Visitor().Post("auth/verify-email", new { email, code });
    private Task<Answer> Uses(string token) => world.Visitor().Post("auth/verify-email", new { token });
    private Task<Answer> SignsIn(string email) => world.Visitor().Post("auth/sign-in", new { email, password = Person.Password });
}
