namespace Guildhall.Tests.Identity.Tokens;

public sealed class RefreshTokensTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("I-3")]
    public async Task Each_refresh_gives_a_new_pair_of_the_same_session()
    {
        var person = await world.Person();
        var first = (await Refresh(person.RefreshToken)).Must();
        first.Word("refreshToken").ShouldNotBe(person.RefreshToken);
        first.Word("session.id").ShouldBe(person.Session);
        first.At("expiresIn").GetInt32().ShouldBe(600);
        var second = (await Refresh(first.Word("refreshToken"))).Must();
        person.Token = second.Word("accessToken");
        (await person.Get("me")).Must();
    }

    [Fact]
    [Covers("I-3", "identity-4")]
    public async Task Twenty_who_refresh_with_one_token_at_once_get_the_same_successor()
    {
        var person = await world.Person();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.sessions where account_id = $1 for update", person.Id);
        var racers = Enumerable.Range(0, 20).Select(_ => Refresh(person.RefreshToken)).ToArray();
        await gate.OpenWhenWaiting(10);
        var answers = await Task.WhenAll(racers);
        answers.Select(a => a.Must().Word("refreshToken")).Distinct().Count().ShouldBe(1);
        (await world.Database.Count("identity.refresh_tokens t join identity.sessions s on s.id = t.session_id where s.account_id = $1", person.Id)).ShouldBe(2);
        (await Refresh(answers[0].Word("refreshToken"))).Must();
    }

    [Fact]
    [Covers("I-3", "identity-5", "asvs-10.4.5")]
    public async Task Asvs_10_4_5_A_token_used_again_after_its_successor_was_used_ends_the_family_on_every_node_and_is_told_to_its_owner()
    {
        var person = await world.Person();
        var successor = (await Refresh(person.RefreshToken)).Must();
        var latest = (await Refresh(successor.Word("refreshToken"))).Must();
        person.Token = latest.Word("accessToken");
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }

        (await Refresh(person.RefreshToken)).MustRefuse(IdentityRefusals.SessionExpired);
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        (await Refresh(latest.Word("refreshToken"))).MustRefuse(IdentityRefusals.SessionExpired);
        (await world.Database.Value<string>("select ended_why from identity.sessions where account_id = $1", person.Id)).ShouldBe("token_reuse");
        (await world.Database.Count("foundation.audit where action = 'authn_token_reuse' and subject_id = $1", person.Session)).ShouldBe(1);
        (await world.Mail(person.Email)).ShouldContain("signed a device out");
    }

    [Fact]
    [Covers("I-3", "identity-5")]
    public async Task A_token_used_again_after_twenty_seconds_ends_the_family()
    {
        var person = await world.Person();
        var first = (await Refresh(person.RefreshToken)).Must();
        await world.Clock.Passes(TimeSpan.FromSeconds(15));
        (await Refresh(person.RefreshToken)).Must().Word("refreshToken").ShouldBe(first.Word("refreshToken"));
        await world.Clock.Passes(TimeSpan.FromSeconds(6));
        (await Refresh(person.RefreshToken)).MustRefuse(IdentityRefusals.SessionExpired);
        (await Refresh(first.Word("refreshToken"))).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("identity-7")]
    public async Task Refreshing_while_signing_out_never_leaves_a_living_token()
    {
        for (var round = 0; round < 10; round++)
        {
            var person = await world.Person();
            await using var gate = await Gate.Close(world.Database, "select 1 from identity.sessions where account_id = $1 for update", person.Id);
            var refresh = Refresh(person.RefreshToken);
            if (round % 2 == 0) await world.EventuallyOr("the refresh waits", async () => await gate.Waiting() >= 1);
            var leave = round % 4 < 2 ? person.Post("auth/sign-out") : person.Post("sessions/actions/end-all");
            await gate.OpenWhenWaiting(round % 4 < 2 ? 2 : 1);
            (await leave).Must(204);
            if (await refresh is { Status: 200 } won)
            {
                for (var node = 0; node < 2; node++)
                {
                    var visitor = world.Visitor();
                    (visitor.Token, visitor.OnlyNode) = (won.Word("accessToken"), node);
                    (await visitor.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
                }
                (await Refresh(won.Word("refreshToken"))).MustRefuse(IdentityRefusals.SessionExpired);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_we_never_gave_is_refused(string token) => (await Refresh(token)).MustRefuse(IdentityRefusals.InvalidToken);

    [Fact]
    [Covers("identity-57")]
    public async Task The_database_holds_no_refresh_token_and_no_key_to_the_sealed_ones()
    {
        var person = await world.Person();
        var successor = (await Refresh(person.RefreshToken)).Must().Word("refreshToken");
        var rows = string.Join('\n', await world.Database.Column<string>("select t::text from identity.refresh_tokens t"));
        rows.ShouldNotContain(person.RefreshToken);
        rows.ShouldNotContain(successor);
        rows.ShouldNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(successor)));
    }

    [Fact]
    [Covers("asvs-9.2.2")]
    public async Task An_access_token_does_not_refresh_and_a_refresh_token_does_not_act()
    {
        var person = await world.Person();
        (await Refresh(person.Token!)).MustRefuse(IdentityRefusals.InvalidToken);
        person.Token = person.RefreshToken;
        (await person.Get("me")).MustRefuse(IdentityRefusals.InvalidToken);
    }

    private Task<Answer> Refresh(string refreshToken) => world.Visitor().Post("auth/refresh", new { refreshToken });
}
