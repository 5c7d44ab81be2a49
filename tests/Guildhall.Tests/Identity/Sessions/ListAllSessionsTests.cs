namespace Guildhall.Tests.Identity.Sessions;

public sealed class ListAllSessionsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-5", "A-3")]
    public async Task Each_filter_narrows_and_several_narrow_together()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        var ids = new List<string>();
        foreach (var (type, country, address, ended) in ((string, string?, string, bool)[])[
            ("phone", "KW", "203.0.113.7", false), ("phone", "IN", "203.0.113.200", false), ("tablet", "KW", "2001:db8::7", true), ("computer", null, "198.51.100.1", false)])
        {
            var one = await person.OnAnotherDevice();
            Id.TryParse<SessionId>(one.Session, out var id).ShouldBeTrue();
            ids.Add(one.Session);
            await world.Database.Execute("update identity.sessions set device_type = $2, country = $3, address = $4::inet where id = $1", id.Value, type, country ?? (object)DBNull.Value, address);
            if (ended) (await one.Post("auth/sign-out")).Must(204);
        }
        async Task Finds(string query, params int[] expected) =>
            (await admin.Get($"admin/sessions?person={new AccountId(person.Id)}&{query}")).Must().At("items").EnumerateArray().Select(s => s.GetProperty("id").GetString()!)
                .Where(ids.Contains).Order(StringComparer.Ordinal).ShouldBe(expected.Select(i => ids[i]).Order(StringComparer.Ordinal), query);

        await Finds("deviceType=phone", 0, 1);
        await Finds("country=kw", 0, 2);
        await Finds("country=KW&deviceType=phone", 0);
        await Finds("state=living", 0, 1, 3);
        await Finds("state=ended", 2);
        await Finds("kind=bearer", 0, 1, 2, 3);
        await Finds("kind=cookie");
        await Finds("address=203.0.113.0/24", 0, 1);
        await Finds("address=203.0.113.200", 1);
        await Finds("address=2001:db8::/32", 2);
        (await admin.Get($"admin/sessions?person={Uri.EscapeDataString(person.Email)}&state=ended")).Must().Word("items.0.endedWhy").ShouldBe("signed_out");
        (await admin.Get("admin/sessions?person=nobody%40example.test")).Must().At("items").GetArrayLength().ShouldBe(0);
        foreach (var wrong in (string[])["state=asleep", "deviceType=fridge", "kind=both", "address=home", "country=Kuwait", "after=there"])
            (await admin.Get("admin/sessions?" + wrong)).Status.ShouldBe(422, wrong);
        (await person.Get("admin/sessions")).Status.ShouldBe(403);
    }

    [Fact]
    [Covers("I-5")]
    public async Task Pages_follow_one_another_without_a_gap_even_where_times_are_equal()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        for (var more = 0; more < 6; more++) await world.Database.Execute("""
            insert into identity.sessions (id, account_id, kind, epoch, created_at, last_active, expires_at) select gen_random_uuid(), account_id, kind, epoch, created_at, last_active, expires_at
            from identity.sessions where account_id = $1 limit 1
            """, person.Id);
        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = (await admin.Get($"admin/sessions?person={new AccountId(person.Id)}&limit=2{after}")).Must();
            seen.AddRange(page.At("items").EnumerateArray().Select(s => s.GetProperty("id").GetString()!));
            after = page.Json.TryGetProperty("next", out var next) && next.GetString() is { } mark ? "&after=" + mark : "";
        }
        while (after.Length > 0);
        seen.Count.ShouldBe(7);
        seen.Distinct().Count().ShouldBe(7);
    }

    [Fact]
    [Covers("I-5")]
    public async Task A_session_that_ran_out_and_is_not_closed_yet_says_so()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        await world.Database.Execute("update identity.sessions set last_active = last_active - interval '3 hours' where account_id = $1", person.Id);
        (await admin.Get($"admin/sessions?person={new AccountId(person.Id)}")).Must().Word("items.0.state").ShouldBe("ran_out");
        (await admin.Get($"admin/sessions?person={new AccountId(person.Id)}&state=living")).Must().At("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    [Covers("I-5", "asvs-7.4.5")]
    public async Task The_end_of_one_session_may_say_why_and_the_reason_is_audited()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        (await admin.Delete($"admin/sessions/{person.Session}?why=x")).Status.ShouldBe(422);
        (await admin.Delete($"admin/sessions/{person.Session}?why=asked+by+phone")).Must(204);
        (await world.Database.Count("foundation.audit where action = 'session.ended' and subject_id = $1 and why = 'asked by phone'", person.Session)).ShouldBe(1);
    }
}
