using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Sessions;

/// <summary>Staff sessions are shorter. The clock only moves forward: each test has people of its own.</summary>
public sealed class StaffLimitsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-5", "asvs-7.3.1")]
    public async Task Asvs_7_3_1_a_staff_session_lives_fourteen_minutes_without_use_and_not_fifteen()
    {
        var finance = await world.Person("finance");
        await world.Clock.Passes(14.Minutes() + TimeSpan.FromSeconds(50));
        var pair = (await Refresh(finance.RefreshToken)).Must();
        await world.Clock.Passes(15.Minutes() + TimeSpan.FromSeconds(1));
        (await Refresh(pair.Word("refreshToken"))).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("I-5", "asvs-7.3.1")]
    public async Task Asvs_7_3_1_a_customers_session_lives_almost_two_hours_without_use_and_not_two()
    {
        var person = await world.Person();
        await world.Clock.Passes(2.Hours() - TimeSpan.FromSeconds(10));
        var pair = (await Refresh(person.RefreshToken)).Must();
        await world.Clock.Passes(2.Hours() + TimeSpan.FromSeconds(1));
        (await Refresh(pair.Word("refreshToken"))).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("I-5", "asvs-7.3.2", "asvs-10.4.8")]
    public async Task Asvs_7_3_2_a_staff_session_ends_twelve_hours_after_sign_in_however_busy_its_refresh_tokens_are()
    {
        var admin = await world.Person("admin");
        var refresh = admin.RefreshToken;
        for (var quarter = 0; quarter < 51; quarter++)
        {
            await world.Clock.Passes(14.Minutes());
            var pair = (await Refresh(refresh)).Must();
            (refresh, admin.Token) = (pair.Word("refreshToken"), pair.Word("accessToken"));
        }
        (await admin.Get("admin/accounts")).Must();
        await world.Clock.Passes(5.Minutes());
        (await Refresh(refresh)).Must().At("expiresIn").GetInt32().ShouldBeLessThanOrEqualTo(60);
        await world.Clock.Passes(1.Minutes());
        (await admin.Get("admin/accounts")).Status.ShouldBe(401);
        (await Refresh(refresh)).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("I-5", "I-12")]
    public async Task A_role_that_is_given_later_shortens_the_session_that_is_open_and_one_that_is_taken_lengthens_none()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        await world.Clock.Passes(20.Minutes());
        var pair = (await Refresh(person.RefreshToken)).Must();
        await admin.SignsIn();
        await Gives(admin, person, "customer", "finance");
        person.Token = pair.Word("accessToken");
        (await person.Get("me")).Must().At("sessionExpiresAt").GetDateTimeOffset().ShouldBeLessThan(world.Clock.Now + 12.Hours());
        await world.Clock.Passes(15.Minutes());
        (await Refresh(pair.Word("refreshToken"))).MustRefuse(IdentityRefusals.SessionExpired);

        await person.SignsIn();
        await admin.SignsIn();
        await Gives(admin, person, "customer");
        (await person.Get("sessions/current")).Must().At("expiresAt").GetDateTimeOffset().ShouldBeLessThan(world.Clock.Now + 12.Hours());
        await world.Clock.Passes(15.Minutes());
        (await Refresh(person.RefreshToken)).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("asvs-7.1.1", "asvs-7.1.2")]
    public void Asvs_7_1_1_the_documented_limits_are_the_ones_in_force()
    {
        var document = File.ReadAllText(Tree.Path("docs/security.md"));
        foreach (var sentence in (string[])[
            $"| everybody else | {SessionLimits.Absolute.TotalHours} h | {SessionLimits.Idle.TotalHours} h | {SessionLimits.Longest.TotalHours} h |",
            $"| staff | {SessionLimits.StaffAbsolute.TotalHours} h | {SessionLimits.StaffIdle.TotalMinutes} min | never |",
            $"{SessionLimits.PerAccount} living sessions per account"])
            document.ShouldContain(sentence);
    }

    public static TheoryData<bool, int, int, int, int> Times()
    {
        var data = new TheoryData<bool, int, int, int, int>();
        foreach (var staff in (bool[])[false, true])
            foreach (var (sinceSignIn, sinceUse, toEnd, idle) in ((int, int, int, int)[])[
                (60, 0, 86340, 7200), (60, 7199, 100, 7200), (60, 7200, 100, 7200), (60, 7201, 100, 7200), (60, 899, 100, 7200), (60, 900, 100, 7200), (60, 901, 100, 7200),
                (43199, 1, 1000, 7200), (43200, 1, 1000, 7200), (43201, 1, 1000, 7200), (60, 1, 1, 7200), (60, 1, 0, 7200), (60, 1, -1, 7200), (60, 899, 100, 900), (60, 900, 100, 900), (200_000, 1, 100, 7200)])
                data.Add(staff, sinceSignIn, sinceUse, toEnd, idle);
        return data;
    }

    [Theory]
    [MemberData(nameof(Times))]
    [Covers("asvs-7.3.1", "asvs-7.3.2")]
    public async Task The_statements_and_the_session_check_agree_to_the_second(bool staff, int sinceSignIn, int sinceUse, int toEnd, int idle)
    {
        var person = await world.Person(staff ? ["finance"] : []);
        var now = world.Clock.Now;
        await world.Database.Execute("update identity.sessions set created_at = $2, last_active = $3, expires_at = $4, idle_seconds = $5 where account_id = $1",
            person.Id, now.AddSeconds(-sinceSignIn), now.AddSeconds(-sinceUse), now.AddSeconds(toEnd), idle);
        var bySql = await world.Data().Find<bool>($"select {SessionSql.Lives} from identity.sessions s join identity.accounts a on a.id = s.account_id where s.account_id = @id", new { id = person.Id, now });
        Id.TryParse<SessionId>(person.Session, out var session).ShouldBeTrue();
        (await world.Get<CheckSession>().Read(session.Value, default, isUse: false))!.LivesAt(now).ShouldBe(bySql);
    }

    [Fact]
    [Covers("identity-55")]
    public async Task Summer_time_and_leap_seconds_move_no_end()
    {
        // Ends are instants: a day on which clocks are changed in the person's zone has the same 24 hours.
        var person = await world.Person();
        await world.Database.Execute("update identity.accounts set zone = 'Europe/Berlin' where id = $1", person.Id);
        var times = new SessionTimes(new DateTimeOffset(2026, 3, 28, 20, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 29, 0, 59, 59, TimeSpan.Zero), new DateTimeOffset(2026, 3, 29, 20, 0, 0, TimeSpan.Zero), 7200, Staff: false);
        times.IsOver(new DateTimeOffset(2026, 3, 29, 2, 59, 58, TimeSpan.Zero)).ShouldBeFalse();
        times.IsOver(new DateTimeOffset(2026, 3, 29, 2, 59, 59, TimeSpan.Zero)).ShouldBeTrue();
        (times with { LastActive = times.EndsAt }).IsOver(new DateTimeOffset(2026, 3, 29, 22, 0, 0, TimeSpan.FromHours(2))).ShouldBeTrue();
        (times with { LastActive = times.EndsAt }).IsOver(new DateTimeOffset(2026, 3, 29, 21, 59, 59, TimeSpan.FromHours(2))).ShouldBeFalse();
        // A leap second repeats 23:59:59 or is smeared: at most one second, and the rule knows no 60th.
        DateTimeOffset.FromUnixTimeSeconds(1483228799).AddSeconds(1).ShouldBe(new DateTimeOffset(2017, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static async Task Gives(Person admin, Person to, params string[] roles) =>
        (await admin.Put($"admin/accounts/{new AccountId(to.Id)}/roles", new { roles, why = "a test of limits" })).Must();

    private Task<Answer> Refresh(string token) => world.Visitor().Post("auth/refresh", new { refreshToken = token });
}
