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

    private Task Note(Guid actor, string action, string type, string id, (Guid, object)? personal = null) => world.Data().InTransaction(tx => tx.Audit(
        new Caller { Kind = CallerKind.Person, AccountId = actor, Address = IPAddress.Parse("192.0.2.7") }, action, type, id, personal: personal));

    private static async Task<IReadOnlyList<string>> Actions(Actor staff, string search) =>
        [.. (await staff.Get("admin/audit?" + search)).Must().At("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()!)];

    private Task Sealed() => world.EventuallyOr("The chain did not reach the last entry.", async () =>
        await world.Database.Count("foundation.audit a where not exists (select 1 from foundation.audit_seals s where s.audit_id = a.id)") == 0);
}

public sealed class AuditTamperTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    [Fact]
    public async Task An_entry_changed_behind_the_products_back_is_found()
    {
        var staff = world.Actor();
        for (var i = 0; i < 3; i++) await world.Data().InTransaction(tx => tx.Audit(Caller.System("test"), "thing.made", "thing", "t"));
        await world.EventuallyOr("The chain did not reach the last entry.", async () => await world.Database.Count("foundation.audit_seals") == 3);
        (await staff.Post("admin/audit/actions/verify")).Must().At("holds").GetBoolean().ShouldBeTrue();

        await world.Database.Execute("update foundation.audit set subject_id = 'u' where id = (select audit_id from foundation.audit_seals where seq = 2)");
        (await staff.Post("admin/audit/actions/verify")).Must().At("firstBadLink").GetInt64().ShouldBe(2);
    }
}

public sealed class AuditorTests(AuditorWorld world) : IClassFixture<AuditorWorld>
{
    [Fact]
    public async Task Without_the_permission_personal_parts_stay_closed_and_other_doors_too()
    {
        var auditor = world.Actor();
        (await auditor.Get("admin/audit")).Must();
        (await auditor.Get("admin/audit?personal=true")).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldBe("audit.personal");
        foreach (var path in new[] { "admin/settings", "admin/jobs", "admin/dashboard", "admin/health" }) (await auditor.Get(path)).MustRefuse(FoundationRefusals.NotAllowed);
        (await auditor.Post("admin/jobs/1/actions/replay")).MustRefuse(FoundationRefusals.NotAllowed);
    }
}
