using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Sessions;

/// <summary>The clock only moves forward: each test has people of its own and leaves the others' times alone.</summary>
public sealed class SessionLimitsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-5", "asvs-7.1.1")]
    public async Task A_session_that_is_not_used_for_two_hours_has_ended()
    {
        var person = await world.Person();
        await world.Clock.Passes(SessionLimits.Idle + 1.Minutes());
        (await person.Post("auth/refresh", new { refreshToken = person.RefreshToken })).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("I-5", "asvs-7.1.1")]
    public async Task A_session_that_is_used_lives_for_a_day_and_no_longer()
    {
        var person = await world.Person();
        var (token, refresh) = (person.Token, person.RefreshToken);
        for (var hours = 0; hours < 23; hours++)
        {
            await world.Clock.Passes(1.Hours());
            var pair = (await world.Visitor().Post("auth/refresh", new { refreshToken = refresh })).Must();
            (token, refresh) = (pair.Word("accessToken"), pair.Word("refreshToken"));
            person.Token = token;
            (await person.Get("me")).Must();
        }
        await world.Clock.Passes(55.Minutes());
        var last = (await world.Visitor().Post("auth/refresh", new { refreshToken = refresh })).Must();
        last.At("expiresIn").GetInt32().ShouldBeLessThanOrEqualTo(300);
        await world.Clock.Passes(6.Minutes());
        (await world.Visitor().Post("auth/refresh", new { refreshToken = last.Word("refreshToken") })).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("I-3")]
    public async Task An_access_token_runs_out_after_ten_minutes()
    {
        var person = await world.Person();
        await world.Clock.Passes(10.Minutes());
        (await person.Get("me")).MustRefuse(IdentityRefusals.TokenExpired);
    }

    [Fact]
    [Covers("I-5")]
    public async Task The_list_says_device_address_and_which_one_asks_and_when_each_was_last_used()
    {
        var person = await world.Person();
        var phone = await person.OnAnotherDevice();
        await world.Clock.Passes(5.Minutes());
        (await phone.Get("me")).Must();
        for (var node = 0; node < 2; node++) await world.Get<LastActive>(node).Flush(default);
        var list = (await person.Get("sessions")).Must().At("items").EnumerateArray().ToDictionary(s => s.GetProperty("id").GetString()!);
        list.Count.ShouldBe(2);
        list[person.Session].GetProperty("current").GetBoolean().ShouldBeTrue();
        list[phone.Session].GetProperty("current").GetBoolean().ShouldBeFalse();
        list[phone.Session].GetProperty("address").GetString().ShouldBe("127.0.0.1");
        var phoneUse = list[phone.Session].GetProperty("lastActive").GetDateTimeOffset();
        (phoneUse - list[phone.Session].GetProperty("createdAt").GetDateTimeOffset()).ShouldBeGreaterThan(4.Minutes());
    }

    [Fact]
    public async Task Sessions_that_ran_out_are_closed_and_those_closed_long_ago_forgotten()
    {
        var person = await world.Person();
        await world.Clock.Passes(3.Hours());
        await world.Data().InTransaction(tx => ForgetSessions.Run(tx, new ForgetSessions()));
        (await world.Database.Value<string>("select ended_why from identity.sessions where account_id = $1", person.Id)).ShouldBe("idle");
        await world.Clock.Passes(31.Days());
        await world.Data().InTransaction(tx => ForgetSessions.Run(tx, new ForgetSessions()));
        (await world.Database.Count("identity.sessions where account_id = $1", person.Id)).ShouldBe(0);
    }
}
