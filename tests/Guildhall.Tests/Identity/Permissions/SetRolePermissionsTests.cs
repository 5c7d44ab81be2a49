namespace Guildhall.Tests.Identity.Permissions;

public sealed class SetRolePermissionsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-12", "identity-9")]
    public async Task What_a_role_may_do_holds_for_every_holder_on_both_nodes_from_their_next_request_on()
    {
        var admin = await world.Person("admin");
        (await admin.Post("admin/roles", new { name = "support", says = "Answers customers" })).Must(201).At("permissions").GetArrayLength().ShouldBe(0);
        var holders = new[] { await world.Person("support"), await world.Person("support") };
        foreach (var holder in holders) await OnBoth(holder, async () => (await holder.Get("admin/accounts")).MustRefuse(FoundationRefusals.NotAllowed));
        foreach (var holder in holders) await OnBoth(holder, async () => (await holder.Get("me")).Must().At("permissions").GetArrayLength().ShouldBe(0));

        (await Set(admin, "support", 1, "account.view")).Must().At("version").GetInt32().ShouldBe(2);
        foreach (var holder in holders) await OnBoth(holder, async () => (await holder.Get("me")).Must().Word("permissions.0").ShouldBe("account.view"));
        foreach (var holder in holders) await OnBoth(holder, async () => (await holder.Get("admin/accounts")).Must());
    }

    [Fact]
    [Covers("I-12", "asvs-8.3.2", "identity-9")]
    public async Task Asvs_8_3_2_What_a_role_may_no_longer_do_is_refused_from_the_next_request_on()
    {
        var admin = await world.Person("admin");
        await Make("clerk", "account.view");
        var clerk = await world.Person("clerk");
        for (var round = 0; round < 5; round++)
        {
            await OnBoth(clerk, async () => (await clerk.Get("me")).Must().At("permissions").GetArrayLength().ShouldBe(1));
            admin.OnlyNode = round % 2;
            (await Set(admin, "clerk", 1 + (2 * round))).Must();
            await OnBoth(clerk, async () => (await clerk.Get("me")).Must().At("permissions").GetArrayLength().ShouldBe(0));
            await OnBoth(clerk, async () => (await clerk.Get("admin/accounts")).MustRefuse(FoundationRefusals.NotAllowed));
            (await Set(admin, "clerk", 2 + (2 * round), "account.view")).Must();
        }
        (await admin.Put($"admin/accounts/{new AccountId(clerk.Id)}/roles", new { roles = (string[])["customer"], why = "moved on" })).Must();
        await OnBoth(clerk, async () => (await clerk.Get("admin/accounts")).MustRefuse(FoundationRefusals.NotAllowed));
    }

    [Fact]
    [Covers("I-12")]
    public async Task Of_two_editors_the_second_is_refused_and_told_what_differs()
    {
        var (one, two) = (await world.Person("admin"), await world.Person("admin"));
        await Make("editor", "account.view");
        (await Set(one, "editor", 1, "account.view", "session.end")).Must();
        var late = (await Set(two, "editor", 1, "account.view", "payment.view")).MustRefuse(IdentityRefusals.RoleChangedMeanwhile);
        (late.Word("onlyYours.0"), late.Word("onlyTheirs.0"), late.At("version").GetInt32()).ShouldBe(("payment.view", "session.end", 2));
        (await world.Database.Column<string>("select permission from identity.role_permissions where role = 'editor' order by permission")).ShouldBe(["account.view", "session.end"]);
        (await world.Database.Value<string>("select before::text || ' ' || after::text from foundation.audit where action = 'role.changed' and subject_id = 'editor'")).ShouldContain("session.end");
    }

    [Fact]
    [Covers("I-12")]
    public async Task Two_editors_at_once_change_it_once()
    {
        var (one, two) = (await world.Person("admin"), await world.Person("admin"));
        await Make("contested", "account.view");
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.roles where name = 'contested' for update");
        var answers = new[] { Set(one, "contested", 1, "session.end"), Set(two, "contested", 1, "payment.view") };
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(answers)).Count(a => a.Status == 200).ShouldBe(1);
        (await world.Database.Count("identity.role_permissions where role = 'contested'")).ShouldBe(1);
    }

    [Fact]
    [Covers("I-12")]
    public async Task Nobody_gives_or_takes_what_they_do_not_hold_and_nobody_changes_a_role_of_their_own()
    {
        await world.Person("admin");
        await Make("steward", "role.edit", "role.change", "account.view");
        await Make("target", "account.view", "payment.view");
        var (steward, person) = (await world.Person("steward"), await world.Person());
        (await Set(steward, "target", 1, "account.view", "payment.view", "session.end")).MustRefuse(IdentityRefusals.PermissionNotHeld).Word("permission").ShouldBe("session.end");
        (await Set(steward, "target", 1, "account.view")).MustRefuse(IdentityRefusals.PermissionNotHeld).Word("permission").ShouldBe("payment.view");
        (await Set(steward, "steward", 1, "role.edit", "role.change", "account.view")).MustRefuse(IdentityRefusals.NotYourself);
        (await Set(steward, "target", 1, "payment.view")).Must();
        (await steward.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = (string[])["customer", "admin"], why = "friend" })).MustRefuse(IdentityRefusals.PermissionNotHeld).Word("permission").ShouldBe("*");
        (await steward.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = (string[])["customer", "finance"], why = "friend" })).MustRefuse(IdentityRefusals.PermissionNotHeld);
        (await steward.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = (string[])["customer", "steward"], why = "colleague" })).Must();
        (await world.Database.Count("identity.account_roles where account_id = $1 and role in ('admin', 'finance')", person.Id)).ShouldBe(0);
    }

    [Fact]
    [Covers("I-12")]
    public async Task Built_in_roles_stay_and_others_go_when_nobody_holds_them()
    {
        var admin = await world.Person("admin");
        foreach (var name in new[] { "customer", "provider", "admin" })
        {
            var version = await world.Database.Value<int>("select version from identity.roles where name = $1", name);
            (await Set(admin, name, version, "account.view")).MustRefuse(IdentityRefusals.RoleFixed);
            (await admin.Delete($"admin/roles/{name}")).MustRefuse(IdentityRefusals.RoleFixed);
        }
        (await admin.Delete("admin/roles/finance")).MustRefuse(IdentityRefusals.RoleFixed);
        (await admin.Post("admin/roles", new { name = "finance", says = "again" })).MustRefuse(IdentityRefusals.RoleExists);
        (await admin.Post("admin/roles", new { name = "Not A Name", says = "x" })).MustRefuse(FoundationRefusals.InvalidInput);
        await Make("passing", "account.view");
        var person = await world.Person("passing");
        (await admin.Delete("admin/roles/passing")).MustRefuse(IdentityRefusals.RoleHeld);
        (await admin.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = (string[])["customer"], why = "done" })).Must();
        (await admin.Delete("admin/roles/passing")).Must(204);
        (await admin.Delete("admin/roles/passing")).MustRefuse(FoundationRefusals.NotFound);
        (await Set(admin, "passing", 1, "account.view")).MustRefuse(FoundationRefusals.NotFound);
    }

    [Fact]
    [Covers("I-12")]
    public async Task A_permission_that_does_not_exist_and_everything_cannot_be_given()
    {
        var admin = await world.Person("admin");
        await Make("plain", "account.view");
        (await Set(admin, "plain", 1, "no.such")).MustRefuse(FoundationRefusals.InvalidInput);
        (await Set(admin, "plain", 1, "*")).MustRefuse(FoundationRefusals.InvalidInput);
        (await admin.Put("admin/roles/plain/permissions", new { permissions = (string[])[], needsSecondFactor = false, why = "", version = 1 })).MustRefuse(FoundationRefusals.InvalidInput);
    }

    [Fact]
    [Covers("I-12")]
    public async Task A_role_that_needs_a_second_factor_shuts_its_holders_out_until_they_have_one()
    {
        var admin = await world.Person("admin");
        await Make("careful", "account.view");
        var person = await world.Person("careful");
        (await person.Get("admin/accounts")).Must();
        (await admin.Put("admin/roles/careful/permissions", new { permissions = (string[])["account.view"], needsSecondFactor = true, why = "sensitive", version = 1 })).Must();
        await OnBoth(person, async () => (await person.Get("admin/accounts")).MustRefuse(FoundationRefusals.SecondFactorNeeded));
    }

    [Fact]
    [Covers("I-12", "asvs-6.3.3")]
    public async Task Whether_a_role_needs_a_second_factor_is_changed_by_who_holds_all_of_it()
    {
        await Make("editors", "role.edit");
        await Make("richer", "account.view");
        var (editor, admin) = (await world.Person("editors"), await world.Person("admin"));
        foreach (var role in (string[])["admin", "customer", "provider", "richer"])
            (await Factor(editor, role, true)).MustRefuse(IdentityRefusals.PermissionNotHeld);
        (await Factor(admin, "richer", true)).Must();
    }

    [Fact]
    [Covers("I-12", "asvs-7.5.1")]
    public async Task Changing_roles_needs_a_fresh_proof()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        await Make("stale", "account.view");
        await admin.ProvedLongAgo();
        (await Set(admin, "stale", 1, "session.end")).MustRefuse(FoundationRefusals.StepUpRequired);
        (await admin.Post("admin/roles", new { name = "fresh", says = "x" })).MustRefuse(FoundationRefusals.StepUpRequired);
        (await admin.Delete("admin/roles/stale")).MustRefuse(FoundationRefusals.StepUpRequired);
        (await admin.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = (string[])["stale"], why = "because" })).MustRefuse(FoundationRefusals.StepUpRequired);
        (await admin.Get("admin/roles")).Must();
    }

    private static Task<Answer> Set(Person staff, string role, int version, params string[] permissions) =>
        staff.Put($"admin/roles/{role}/permissions", new { permissions, needsSecondFactor = false, why = "work changed", version });

    private async Task<Answer> Factor(Person staff, string role, bool needed)
    {
        var version = await world.Database.Value<int>("select version from identity.roles where name = $1", role);
        var permissions = await world.Database.Column<string>("select permission from identity.role_permissions where role = $1", role);
        return await staff.Put($"admin/roles/{role}/permissions", new { permissions, needsSecondFactor = needed, why = "work changed", version });
    }

    private async Task Make(string name, params string[] permissions)
    {
        await world.Database.Execute("insert into identity.roles (name) values ($1)", name);
        foreach (var permission in permissions) await world.Database.Execute("insert into identity.role_permissions (role, permission) values ($1, $2)", name, permission);
    }

    private static async Task OnBoth(Person person, Func<Task> holds)
    {
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; await holds(); }
        person.OnlyNode = null;
    }
}
