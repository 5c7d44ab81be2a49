using System.Net;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Security;
using Guildhall.Operations;

namespace Guildhall.Tests.Operations;

public sealed class AuditTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    [Fact]
    public async Task It_is_searched_by_actor_action_subject_and_time()
    {
        var (actor, staff) = (Guid.CreateVersion7(), world.Actor());
        await Note(actor, "thing.made", "thing", "a");
        await world.Clock.Passes(1.Hours());
        var later = world.Clock.Now;
        await Note(actor, "thing.broken", "thing", "a");
        await Note(Guid.CreateVersion7(), "thing.made", "thing", "b");

        (await Actions(staff, $"actor={actor}")).ShouldBe(["thing.broken", "thing.made"]);
        (await Actions(staff, "action=thing.made&subjectId=b")).ShouldBe(["thing.made"]);
        (await Actions(staff, $"actor={actor}&from={Uri.EscapeDataString(later.ToString("O"))}")).ShouldBe(["thing.broken"]);
        (await Actions(staff, $"actor={actor}&until={Uri.EscapeDataString(later.ToString("O"))}")).ShouldBe(["thing.made"]);
        var first = (await staff.Get($"admin/audit?actor={actor}&limit=1")).Must();
        (await Actions(staff, $"actor={actor}&before={first.At("next").GetInt64()}")).ShouldBe(["thing.made"]);
        (await staff.Get("admin/audit?subjectId=" + new string('x', 101))).MustRefuse(OperationsRefusals.SearchTooLong);
    }

    [Fact]
    public async Task What_is_personal_is_opened_only_on_request_and_opening_it_is_an_entry()
    {
        var (actor, staff) = (Guid.CreateVersion7(), world.Actor());
        await Note(actor, "thing.shared", "thing", "p", personal: (actor, new { email = "layla@example.test" }));

        var closed = (await staff.Get($"admin/audit?actor={actor}")).Must();
        (closed.At("items.0.hasPersonal").GetBoolean(), closed.Text.Contains("layla@", StringComparison.Ordinal)).ShouldBe((true, false));
        var opened = (await staff.Get($"admin/audit?actor={actor}&personal=true")).Must();
        opened.Word("items.0.personal.email").ShouldBe("layla@example.test");
        opened.Word("items.0.place.address").ShouldBe("192.0.2.7");
        (await Actions(staff, $"actor={staff.Account}")).ShouldBe(["audit.personal_opened"]);
    }

    [Fact]
    public async Task Once_a_persons_key_is_destroyed_the_entry_stays_and_the_chain_holds()
    {
        var (actor, staff) = (Guid.CreateVersion7(), world.Actor());
        await Note(actor, "thing.shared", "thing", "q", personal: (actor, new { email = "gone@example.test" }));
        await Sealed();
        await world.Data().InTransaction(tx => PersonKeys.Destroy(tx, actor));

        (await staff.Get($"admin/audit?actor={actor}&personal=true")).Must().At("items.0.personal").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await staff.Post("admin/audit/actions/verify")).Must().At("holds").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    [Covers("I-13", "asvs-16.2.2")]
    public async Task It_is_searched_by_person_text_and_address()
    {
        var (layla, omar, staff) = (Guid.CreateVersion7(), Guid.CreateVersion7(), world.Actor());
        await Note(layla, "thing.made", "thing", "s1");
        await Note(omar, "thing.seen", "account", new Guildhall.Identity.AccountId(layla).ToString());
        await Note(omar, "thing.shared", "thing", "s2", personal: (layla, new { email = "layla@example.test" }));
        await Note(omar, "thing.other", "thing", "s3-needle", from: "198.51.100.9");

        (await Actions(staff, $"person={layla}")).ShouldBe(["thing.shared", "thing.seen", "thing.made"]);
        (await Actions(staff, "text=NEEDLE")).ShouldBe(["thing.other"]);
        (await Actions(staff, "address=198.51.100.9")).ShouldBe(["thing.other"]);
        (await Actions(staff, $"address=198.51.&actor={omar}")).ShouldBe(["thing.other"]);
        (await Actions(staff, $"action=audit.personal_opened&actor={staff.Account}")).Count.ShouldBe(2, "a search by address opens what is sealed");
        foreach (var odd in new[] { "text=ab", "address=x y", "address=", "text=" + new string('x', 101) }) (await staff.Get("admin/audit?" + odd)).MustRefuse(OperationsRefusals.SearchTooLong);
    }

    [Fact]
    [Covers("I-13")]
    public async Task A_search_that_finds_little_goes_on_where_it_stopped()
    {
        var (actor, staff) = (Guid.CreateVersion7(), world.Actor());
        for (var i = 0; i < 7; i++) await Note(actor, i % 2 == 0 ? "thing.even" : "thing.odd", "thing", $"page-{actor:n}");
        var found = new List<string>();
        for (long? before = null; ;)
        {
            var page = (await staff.Get($"admin/audit?actor={actor}&text=even&limit=1{(before is { } b ? $"&before={b}" : "")}")).Must();
            found.AddRange(page.At("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()!));
            if (page.At("next").ValueKind is System.Text.Json.JsonValueKind.Null) break;
            before = page.At("next").GetInt64();
        }
        found.ShouldBe(Enumerable.Repeat("thing.even", 4));
    }

    [Fact]
    [Covers("I-13", "asvs-1.2.10", "asvs-16.2.1", "asvs-16.4.1")]
    public async Task Asvs_16_2_1_It_is_exported_as_a_table_and_as_json_with_who_what_when_where_why_and_outcome()
    {
        var (actor, staff) = (Guid.CreateVersion7(), world.Actor());
        await Note(actor, "thing.refused", "thing", "x1", why: "=1+1\r\nforged line \u001b[31m", change: ("old", "new"));
        var table = (await staff.Get($"admin/audit.csv?actor={actor}")).Must();
        table.Headers["Content-Type"].ShouldBe("text/csv; charset=utf-8");
        var lines = table.Text.Split("\r\n");
        lines[0].ShouldBe("id,at_utc,actor_kind,actor,actor_name,session,request,action,outcome,subject,subject_id,why,before,after,in_chain,personal,place");
        table.Text.ShouldContain($"person,{actor},");
        table.Text.ShouldContain("thing.refused,refused,thing,x1,\"'=1+1");
        table.Text.ShouldContain("\"{\"\"name\"\": \"\"old\"\"}\",\"{\"\"name\"\": \"\"new\"\"}\"");
        table.Text.ShouldNotContain("\u001b");
        lines[1].Split(',')[1].ShouldMatch("^[0-9-]{10}T[0-9:.]+Z$");

        var json = (await staff.Get($"admin/audit.json?actor={actor}&personal=true")).Must();
        json.Json.GetArrayLength().ShouldBe(1);
        json.Word("0.outcome").ShouldBe("refused");
        json.Word("0.place.address").ShouldBe("192.0.2.7");
        json.Text.ShouldNotContain("\u001b");
        (await Actions(staff, $"action=audit.exported&actor={staff.Account}")).Count.ShouldBe(2);
        (await staff.Get("admin/audit.csv?action=nothing.at_all")).Must().Text.Split("\r\n").Length.ShouldBe(2);
        (await staff.Get("admin/audit.json?action=nothing.at_all")).Must().Json.GetArrayLength().ShouldBe(0);
    }

    private Task Note(Guid actor, string action, string type, string id, (Guid, object)? personal = null, string from = "192.0.2.7",
        string? why = null, (string Before, string After)? change = null) => world.Data().InTransaction(tx => tx.Audit(
        new Caller { Kind = CallerKind.Person, AccountId = actor, Address = IPAddress.Parse(from) }, action, type, id,
        change is { } c ? new { name = c.Before } : null, change is { } d ? new { name = d.After } : null, why, personal));

    private static async Task<IReadOnlyList<string>> Actions(Actor staff, string search) =>
        [.. (await staff.Get("admin/audit?" + search)).Must().At("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()!)];

    private Task Sealed() => world.EventuallyOr("The chain did not reach the last entry.", async () =>
        await world.Database.Count("foundation.audit a where not exists (select 1 from foundation.audit_seals s where s.audit_id = a.id)") == 0);
}

public sealed class AuditTamperTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    [Fact]
    [Covers("I-13", "asvs-16.4.2")]
    public async Task An_entry_changed_behind_the_products_back_is_found()
    {
        var staff = world.Actor();
        for (var i = 0; i < 3; i++) await world.Data().InTransaction(tx => tx.Audit(Caller.System("test"), "thing.made", "thing", "t"));
        await world.EventuallyOr("The chain did not reach the last entry.", async () => await world.Database.Count("foundation.audit_seals") >= 3);
        (await staff.Post("admin/audit/actions/verify")).Must().At("holds").GetBoolean().ShouldBeTrue();

        await world.Database.Execute("update foundation.audit set subject_id = 'u' where id = (select audit_id from foundation.audit_seals where seq = 2)");
        (await staff.Post("admin/audit/actions/verify")).Must().At("firstBadLink").GetInt64().ShouldBe(2);
        (await world.Database.Count("foundation.audit where action in ('audit.verified', 'audit.verify_failed') and actor_id = $1", staff.Account)).ShouldBe(2);
    }
}

public sealed class AuditorTests(AuditorWorld world) : IClassFixture<AuditorWorld>
{
    [Fact]
    public async Task Without_the_permission_personal_parts_stay_closed_and_other_doors_too()
    {
        var auditor = world.Actor();
        (await auditor.Get("admin/audit")).Must();
        (await auditor.Get("admin/audit?address=192.0.2.7")).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldBe("audit.personal");
        foreach (var export in new[] { "admin/audit.csv", "admin/audit.json" }) (await auditor.Get(export)).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldBe("audit.export");
        (await auditor.Get("admin/audit?personal=true")).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldBe("audit.personal");
        foreach (var path in new[] { "admin/settings", "admin/jobs", "admin/dashboard", "admin/health" }) (await auditor.Get(path)).MustRefuse(FoundationRefusals.NotAllowed);
        (await auditor.Post("admin/jobs/1/actions/replay")).MustRefuse(FoundationRefusals.NotAllowed);
    }
}
