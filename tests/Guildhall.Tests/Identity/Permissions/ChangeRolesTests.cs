namespace Guildhall.Tests.Identity.Permissions;

public sealed class ChangeRolesTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-12", "identity-9")]
    public async Task A_role_holds_and_is_gone_from_the_next_request_on_every_node()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        var roles = $"admin/accounts/{new AccountId(person.Id)}/roles";
        await Both(person, async () => (await person.Get("admin/accounts")).MustRefuse(FoundationRefusals.NotAllowed));
        (await admin.Put(roles, new { roles = (string[])["customer", "admin"], why = "new colleague" })).Must().At("roles").GetArrayLength().ShouldBe(2);
        await Both(person, async () => (await person.Get("admin/accounts")).Must());
        await Both(person, async () => (await person.Get("me")).Must().At("permissions.0").GetString().ShouldBe("*"));
        (await admin.Put(roles, new { roles = (string[])["customer"], why = "left again" })).Must();
        await Both(person, async () => (await person.Get("admin/accounts")).MustRefuse(FoundationRefusals.NotAllowed));
        await Both(person, async () => (await person.Get("me")).Must().At("permissions").GetArrayLength().ShouldBe(0));
        (await world.Database.Value<string>("select why from foundation.audit where action = 'account.roles_changed' order by id limit 1")).ShouldBe("new colleague");
    }

    [Fact]
    [Covers("I-12")]
    public async Task Finance_has_what_its_role_says_and_nothing_more()
    {
        var finance = await world.Person("finance");
        var permissions = (await finance.Get("me")).Must().At("permissions").EnumerateArray().Select(p => p.GetString()!).ToArray();
        permissions.ShouldBe([
            "approval.decide", "audit.view", "dashboard.view", "debt.write_off", "dispute.manage", "invoice.issue", "invoice.view", "ledger.close", "ledger.convert",
            "ledger.view", "order.hold", "payment.capture", "payment.refund", "payment.resolve", "payment.view", "reconciliation.resolve", "reconciliation.run",
            "reconciliation.view", "risk.review", "settlement.record", "withdrawal.decide", "withdrawal.view",
        ]);
        (await finance.Get("admin/accounts")).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldBe("account.view");
        (await finance.Put($"admin/accounts/{new AccountId(finance.Id)}/roles", new { roles = (string[])["admin"], why = "because" })).MustRefuse(FoundationRefusals.NotAllowed);
        (await finance.Post($"admin/accounts/{new AccountId(finance.Id)}/actions/suspend", new { why = "because" })).MustRefuse(FoundationRefusals.NotAllowed);
        (await finance.Post($"admin/accounts/{new AccountId(finance.Id)}/actions/reactivate", new { why = "because" })).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact]
    public async Task Nobody_changes_their_own_roles_or_suspends_themselves()
    {
        var admin = await world.Person("admin");
        (await admin.Put($"admin/accounts/{new AccountId(admin.Id)}/roles", new { roles = (string[])["customer"], why = "tired" })).MustRefuse(IdentityRefusals.NotYourself);
        (await admin.Post($"admin/accounts/{new AccountId(admin.Id)}/actions/suspend", new { why = "tired" })).MustRefuse(IdentityRefusals.NotYourself);
    }

    [Fact]
    public async Task What_does_not_exist_cannot_be_given_or_changed()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        var nobody = new AccountId(Guid.NewGuid());
        (await admin.Put($"admin/accounts/{nobody}/roles", new { roles = (string[])["customer"], why = "because" })).MustRefuse(FoundationRefusals.NotFound);
        (await admin.Post($"admin/accounts/{nobody}/actions/suspend", new { why = "because" })).MustRefuse(FoundationRefusals.NotFound);
        (await admin.Post($"admin/accounts/{nobody}/actions/reactivate", new { why = "because" })).MustRefuse(FoundationRefusals.NotFound);
        (await admin.Get($"admin/accounts/{nobody}")).MustRefuse(FoundationRefusals.NotFound);
        (await admin.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = (string[])["emperor"], why = "because" })).MustRefuse(FoundationRefusals.InvalidInput);
        (await admin.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = Enumerable.Repeat("admin", 21), why = "because" })).MustRefuse(FoundationRefusals.InvalidInput);
        (await admin.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = (string[])["admin"], why = " " })).MustRefuse(FoundationRefusals.InvalidInput);
        (await admin.Post($"admin/accounts/{new AccountId(person.Id)}/actions/suspend", new { why = "" })).MustRefuse(FoundationRefusals.InvalidInput);
    }

    [Fact]
    public async Task Two_administrators_who_remove_each_other_at_once_leave_one()
    {
        await using var own = new OwnNodes();
        await own.InitializeAsync();
        var (first, second) = (await own.Person("admin"), await own.Person("admin"));
        await using var gate = await Gate.Close(own.Database, "select pg_advisory_xact_lock(hashtextextended('identity.administrators', 0))");
        var one = first.Post($"admin/accounts/{new AccountId(second.Id)}/actions/suspend", new { why = "mutiny" });
        var two = second.Put($"admin/accounts/{new AccountId(first.Id)}/roles", new { roles = (string[])["customer"], why = "mutiny" });
        await gate.OpenWhenWaiting(2);
        var answers = new[] { await one, await two };
        answers.Count(a => a.Status < 300).ShouldBe(1);
        // Whoever comes second is the last one, or was suspended meanwhile and can take nothing any more.
        answers.Single(a => a.Status >= 300).Code.ShouldBeOneOf(IdentityRefusals.LastAdministrator.Code, IdentityRefusals.PermissionNotHeld.Code);
        (await own.Database.Count("identity.account_roles r join identity.accounts a on a.id = r.account_id where r.role = 'admin' and a.state = 'active'")).ShouldBe(1);
    }

    [Fact]
    [Covers("I-12")]
    public async Task Who_may_suspend_people_and_is_no_administrator_cannot_suspend_the_last_one()
    {
        await using var own = new OwnNodes();
        await own.InitializeAsync();
        await own.Database.Execute("insert into identity.roles (name, says) values ('door_keeper', 'Keeps people out')");
        await own.Database.Execute("insert into identity.role_permissions (role, permission) values ('door_keeper', 'account.suspend')");
        var (first, last, keeper) = (await own.Person("admin"), await own.Person("admin"), await own.Person("door_keeper"));
        (await keeper.Post($"admin/accounts/{new AccountId(first.Id)}/actions/suspend", new { why = "mutiny" })).Must(204);
        (await keeper.Post($"admin/accounts/{new AccountId(last.Id)}/actions/suspend", new { why = "mutiny" })).MustRefuse(IdentityRefusals.LastAdministrator);
        (await last.Get("admin/accounts")).Must();
    }

    private static async Task Both(Person person, Func<Task> holds)
    {
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; await holds(); }
        person.OnlyNode = null;
    }
}

/// <summary>A world of its own, for the test that counts administrators.</summary>
public sealed class OwnNodes : NodesOnly;
