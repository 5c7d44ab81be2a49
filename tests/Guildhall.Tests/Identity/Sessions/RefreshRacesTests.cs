namespace Guildhall.Tests.Identity.Sessions;

/// <summary>The short form of a drill: a refresh meets everything that ends sessions, in an order drawn by a seed, at a gate that makes them meet.</summary>
public sealed class RefreshRacesTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Theory]
    [InlineData("sign-out", true)]
    [InlineData("end-one", true)]
    [InlineData("end-others", true)]
    [InlineData("end-all", false)]
    [InlineData("staff ends one", true)]
    [InlineData("staff ends all", true)]
    [InlineData("suspended", false)]
    [Covers("identity-7", "asvs-7.4.1", "asvs-7.4.2")]
    public async Task Whatever_a_refresh_answers_nothing_of_it_lives_after_the_revoking_call_has_answered(string act, bool waits)
    {
        var (random, admin) = (new Random(41), await world.Person("admin"));
        for (var round = 0; round < 8; round++)
        {
            var person = await world.Person();
            var other = await person.OnAnotherDevice();
            await using var gate = await Gate.Close(world.Database, "select 1 from identity.sessions where account_id = $1 for update", person.Id);
            Task<Answer> refresh, revoke;
            if (random.Next(2) == 0)
            {
                refresh = Refresh(person.RefreshToken);
                if (random.Next(2) == 0) await Eventually.True(async () => await gate.Waiting() > 0, "The refresh waits.");
                revoke = Ends(act, person, other, admin);
            }
            else
            {
                revoke = Ends(act, person, other, admin);
                if (waits && random.Next(2) == 0) await Eventually.True(async () => await gate.Waiting() > 0, "The revoking call waits.");
                refresh = Refresh(person.RefreshToken);
            }
            await gate.OpenWhenWaiting(waits ? 2 : 1);
            (await revoke).Status.ShouldBeInRange(200, 204);
            await NothingLives(person, await refresh);
        }
    }

    private async Task NothingLives(Person person, Answer refreshed)
    {
        (string Access, string Refresh)[] held = refreshed.Status == 200 ? [(person.Token!, person.RefreshToken), (refreshed.Word("accessToken"), refreshed.Word("refreshToken"))] : [(person.Token!, person.RefreshToken)];
        foreach (var (access, refresh) in held)
        {
            for (var node = 0; node < 2; node++)
                (await new Visitor(world) { Token = access, OnlyNode = node }.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
            (await Refresh(refresh)).MustRefuse(IdentityRefusals.SessionExpired);
        }
    }

    private static Task<Answer> Ends(string act, Person person, Person other, Person admin) => act switch
    {
        "sign-out" => person.Post("auth/sign-out"),
        "end-one" => other.Delete("sessions/" + person.Session),
        "end-others" => other.Post("sessions/actions/end-others"),
        "end-all" => other.Post("sessions/actions/end-all"),
        "staff ends one" => admin.Delete($"admin/sessions/{person.Session}?why=a+test+of+races"),
        "staff ends all" => admin.Post($"admin/accounts/{new AccountId(person.Id)}/sessions/actions/end-all", new { why = "a test of races" }),
        _ => admin.Post($"admin/accounts/{new AccountId(person.Id)}/actions/suspend", new { why = "a test of races" }),
    };

    private Task<Answer> Refresh(string token) => world.Visitor().Post("auth/refresh", new { refreshToken = token });
}
