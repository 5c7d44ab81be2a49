using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Sessions;

/// <summary>Nodes that know where addresses are: everybody on this machine sits in Kuwait City.</summary>
public sealed class PlacedWorld : NodesOnly
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"placed-{Guid.NewGuid():n}.mmdb");

    protected override async Task Prepare() => await File.WriteAllBytesAsync(_file, PlacesFile.Write(("127.0.0.0/8", "KW", "Kuwait City", 29.37, 47.97)));

    internal override Guildhall.Web.Host.HostSettings Configure(Guildhall.Web.Host.HostSettings settings, int node) => settings with { GeoIp = _file };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(_file);
        GC.SuppressFinalize(this);
    }

    /// <summary>Signs in with this browser.</summary>
    public async Task<Answer> SignsIn(Person person, string agent) => (await Visitor().Send(HttpMethod.Post, "auth/sign-in",
        System.Net.Http.Json.JsonContent.Create(new { email = person.Email, password = Person.Password }), ("User-Agent", agent))).Must();
}

public sealed class ListSessionsTests(PlacedWorld world) : IClassFixture<PlacedWorld>
{
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
    private const string Computer = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0";

    [Fact]
    [Covers("I-5")]
    public async Task The_list_says_what_where_since_when_and_how_it_was_proven()
    {
        var person = await world.NotYetSignedIn();
        await world.SignsIn(person, Computer);
        person.Token = (await world.SignsIn(person, Phone)).Word("accessToken");
        var items = (await person.Get("sessions")).Must().At("items");
        items.GetArrayLength().ShouldBe(2);
        var first = items[0];
        (Text(first, "deviceType"), Text(first, "device"), Text(first, "browser"), Text(first, "system")).ShouldBe(("phone", "Safari 17 on iPhone (iOS 17)", "Safari 17", "iPhone (iOS 17)"));
        (Text(first, "country"), Text(first, "city"), Text(first, "address")).ShouldBe(("KW", "Kuwait City", "127.0.0.1"));
        (Text(first, "provenBy"), first.GetProperty("level").GetInt32(), first.GetProperty("remembered").GetBoolean(), first.GetProperty("current").GetBoolean()).ShouldBe(("password", 1, false, true));
        (first.GetProperty("expiresAt").GetDateTimeOffset() - first.GetProperty("createdAt").GetDateTimeOffset()).ShouldBe(24.Hours());
        (first.GetProperty("idleAt").GetDateTimeOffset() - first.GetProperty("lastActive").GetDateTimeOffset()).ShouldBe(2.Hours());
        Text(items[1], "device").ShouldBe("Edge 138 on Windows");
    }

    [Fact]
    [Covers("I-5")]
    public async Task Ones_own_figures_count_devices_places_sign_ins_and_active_days()
    {
        var person = await world.NotYetSignedIn();
        await world.SignsIn(person, Computer);
        person.Token = (await world.SignsIn(person, Phone)).Word("accessToken");
        var challenge = (await person.Post("auth/step-ups")).Must(201);
        var proven = (await person.Post($"auth/challenges/{challenge.Word("id")}/password", new { challengeToken = challenge.Word("token"), password = Person.Password })).Must();
        person.Token = proven.Word("accessToken");
        await world.Database.Execute("insert into identity.active_days (account_id, day) "
            + "select $1, d::date from generate_series($2::date - 5, $2::date - 3, interval '1 day') d", person.Id, DateOnly.FromDateTime(world.Clock.Now.UtcDateTime));

        var stats = (await person.Get("sessions/stats")).Must();
        stats.At("activeNow").GetInt32().ShouldBe(2);
        stats.At("signIns").GetInt32().ShouldBe(2, "a step-up is no sign-in");
        stats.At("signInsByDay").GetArrayLength().ShouldBe(30);
        stats.At("signInsByDay.29.count").GetInt32().ShouldBe(2);
        stats.At("activeDays").GetInt32().ShouldBe(4);
        stats.At("countries.0").GetProperty("name").GetString().ShouldBe("KW");
        stats.At("averageSeconds").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    [Covers("I-5")]
    public async Task Everybodys_figures_come_from_counters_kept_with_the_sessions()
    {
        var admin = await world.Person("admin");
        var before = (await admin.Get("admin/sessions/stats")).Must();
        var person = await world.NotYetSignedIn();
        person.Token = (await world.SignsIn(person, Phone)).Word("accessToken");
        await world.SignsIn(person, Computer);
        (await person.Get("me")).Must();
        for (var node = 0; node < 2; node++) await world.Get<LastActive>(node).Flush(default);
        var after = (await admin.Get("admin/sessions/stats")).Must();
        (Number(after, "activeNow") - Number(before, "activeNow")).ShouldBe(2);
        (Number(after, "peopleNow") - Number(before, "peopleNow")).ShouldBe(1);
        (Number(after, "signInsByDay.29.count") - Number(before, "signInsByDay.29.count")).ShouldBe(2);
        Number(after, "peopleByDay.29.count").ShouldBeGreaterThanOrEqualTo(2);
        (await (await world.Person()).Get("admin/sessions/stats")).Status.ShouldBe(403);
    }

    [Fact]
    [Covers("I-5")]
    public async Task What_a_page_asks_by_itself_keeps_no_session_from_getting_idle()
    {
        var person = await world.Person();
        await world.Clock.Passes(5.Minutes());
        (await person.Send(HttpMethod.Get, "me", null, ("X-By-Itself", "1"))).Must();
        await Flush();
        var quiet = await LastUse(person);
        (await person.Send(HttpMethod.Get, "sessions/current")).Must();
        await Flush();
        (await LastUse(person)).ShouldBeGreaterThan(quiet + 4.Minutes());
    }

    private async Task Flush()
    {
        for (var node = 0; node < 2; node++) await world.Get<LastActive>(node).Flush(default);
    }

    private Task<DateTimeOffset> LastUse(Person person) => world.Data().Find<DateTimeOffset>("select last_active from identity.sessions where account_id = @id", new { id = person.Id });

    private static string? Text(System.Text.Json.JsonElement item, string name) => item.GetProperty(name).GetString();

    private static long Number(Answer answer, string path) => answer.At(path).GetInt64();
}
