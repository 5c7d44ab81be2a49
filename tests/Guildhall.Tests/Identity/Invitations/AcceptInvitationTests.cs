namespace Guildhall.Tests.Identity.Invitations;

public sealed class AcceptInvitationTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private const string NewPassword = "nine quiet copper rivers";
    private static int _count;

    [Fact]
    [Covers("I-2")]
    public async Task Somebody_invited_chooses_a_password_and_has_exactly_the_roles_of_the_invitation()
    {
        var (admin, email) = (await world.Person("admin"), Fresh());
        var invitation = (await admin.Post("admin/invitations", new { email, roles = (string[])["finance"], displayName = "Nora New" })).Must(201);
        var token = await SecretOf(invitation);
        var check = (await world.Visitor().Post("invitations/actions/check", new { token })).Must();
        (check.Word("email"), check.Word("roles.0"), check.At("hasAccount").GetBoolean()).ShouldBe((email, "finance", false));
        (await Accept(token)).Must().Word("next").ShouldBe("sign_in");

        var nora = await new Person(world, default, email).SignsIn(NewPassword);
        var me = (await nora.Get("me")).Must();
        (me.Word("displayName"), me.At("roles").GetArrayLength(), me.Word("roles.0")).ShouldBe(("Nora New", 1, "finance"));
        (await admin.Get("admin/invitations")).Must().At("items").EnumerateArray().Single(i => i.GetProperty("id").GetString() == invitation.Word("id")).GetProperty("state").GetString().ShouldBe("accepted");
        (await Audited("invitation.sent", invitation.Word("id"))).ShouldBe(1);
        (await Audited("invitation.accepted", invitation.Word("id"))).ShouldBe(1);
    }

    [Fact]
    [Covers("I-2", "asvs-6.4.1", "identity-57")]
    public async Task Asvs_6_4_1_The_secret_of_an_invitation_is_random_runs_out_and_cannot_become_the_password()
    {
        var admin = await world.Person("admin");
        var (one, two) = (await SecretOf(await Invite(admin, Fresh())), await SecretOf(await Invite(admin, Fresh())));
        one.Length.ShouldBe(43);
        one.ShouldNotBe(two);
        (await world.Database.Count("identity.invitations where encode(token_hash, 'escape') like '%' || $1 || '%'", one)).ShouldBe(0);
        (await Accept(one, password: one)).MustRefuse(IdentityRefusals.SecretAsPassword);
        (await Accept(one, password: "x" + one + "y")).MustRefuse(IdentityRefusals.SecretAsPassword);
        (await Accept(one, password: null)).MustRefuse(FoundationRefusals.InvalidInput);
        (await Accept(one, password: "passwordpassword")).MustRefuse(IdentityRefusals.PasswordTooWeak);
        (await Accept(one)).Must();
        await world.Clock.Passes(7.Days());
        (await Accept(two)).MustRefuse(IdentityRefusals.InvitationFailed);
        (await world.Database.Count("foundation.audit where action = 'invitation.refused' and after ->> 'because' = 'expired'")).ShouldBe(1);
    }

    [Fact]
    [Covers("identity-36", "marketplace-53")]
    public async Task One_that_is_replayed_revoked_or_forged_is_refused_alike_and_audited()
    {
        var admin = await world.Person("admin");
        var (used, revoked) = (await Invite(admin, Fresh()), await Invite(admin, Fresh()));
        var (usedToken, revokedToken) = (await SecretOf(used), await SecretOf(revoked));
        (await Accept(usedToken)).Must();
        (await admin.Post($"admin/invitations/{revoked.Word("id")}/actions/revoke")).Must(204);
        (await admin.Post($"admin/invitations/{revoked.Word("id")}/actions/revoke")).MustRefuse(IdentityRefusals.InvitationEnded);
        foreach (var token in new[] { usedToken, revokedToken, new string('a', 43), "short", "" })
        {
            (await Accept(token)).MustRefuse(IdentityRefusals.InvitationFailed);
            (await world.Visitor().Post("invitations/actions/check", new { token })).MustRefuse(IdentityRefusals.InvitationFailed);
        }
        (await Refusals(used)).ShouldBe(["accepted"]);
        (await Refusals(revoked)).ShouldBe(["revoked"]);
        (await world.Database.Count("foundation.audit where action = 'invitation.refused' and subject_id = 'unknown'")).ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    [Covers("identity-36", "marketplace-53", "identity-40")]
    public async Task Roles_in_the_form_are_refused_and_change_nothing()
    {
        var (admin, email) = (await world.Person("admin"), Fresh());
        var token = await SecretOf(await Invite(admin, email));
        var raised = await world.Visitor().Post("invitations/actions/accept", new { token, password = NewPassword, displayName = "Nora", roles = (string[])["admin"] });
        raised.MustRefuse(FoundationRefusals.ServerDecides);
        (await Accept(token)).Must().At("roles").GetArrayLength().ShouldBe(1);
        (await world.Database.Count("identity.account_roles r join identity.accounts a on a.id = r.account_id where a.email = $1 and r.role <> 'finance'", email)).ShouldBe(0);
    }

    [Fact]
    [Covers("identity-36", "marketplace-53")]
    public async Task Forwarded_to_another_account_it_is_refused_and_the_owner_can_still_use_it()
    {
        var (admin, owner, other) = (await world.Person("admin"), await world.Person(), await world.Person());
        var invitation = await Invite(admin, owner.Email);
        var token = await SecretOf(invitation);
        (await world.Visitor().Post("invitations/actions/check", new { token })).Must().At("hasAccount").GetBoolean().ShouldBeTrue();
        (await Accept(token)).MustRefuse(IdentityRefusals.InvitationSignInFirst);
        (await other.Post("invitations/actions/accept", new { token })).MustRefuse(IdentityRefusals.InvitationOfAnother);
        (await Refusals(invitation)).ShouldBe(["not_signed_in", "other_account"]);
        (await owner.Post("invitations/actions/accept", new { token })).Must().Word("next").ShouldBe("done");
        (await owner.Get("me")).Must().At("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["customer", "finance"]);
        (await owner.SignsIn()).Token.ShouldNotBeNull(); // the password stays
    }

    [Fact]
    [Covers("identity-36")]
    public async Task Somebody_signed_in_cannot_use_an_invitation_of_an_address_without_account()
    {
        var (admin, other) = (await world.Person("admin"), await world.Person());
        var token = await SecretOf(await Invite(admin, Fresh()));
        (await other.Post("invitations/actions/accept", new { token, password = NewPassword, displayName = "X" })).MustRefuse(IdentityRefusals.InvitationOfAnother);
        (await Accept(token)).Must();
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("without_the_permission")]
    [InlineData("with_less_than_the_role")]
    [Covers("identity-36", "marketplace-53")]
    public async Task What_an_inviter_may_no_longer_give_is_not_given(string now)
    {
        var (boss, inviter) = (await world.Person("admin"), await world.Person("admin"));
        var invitation = await Invite(inviter, Fresh());
        var token = await SecretOf(invitation);
        var account = new AccountId(inviter.Id);
        if (now is "suspended") (await boss.Post($"admin/accounts/{account}/actions/suspend", new { why = "left us" })).Must(204);
        if (now is "without_the_permission") (await boss.Put($"admin/accounts/{account}/roles", new { roles = (string[])["finance"], why = "other work" })).Must();
        if (now is "with_less_than_the_role")
        {
            await MakeRole("greeter", "invitation.manage");
            (await boss.Put($"admin/accounts/{account}/roles", new { roles = (string[])["greeter"], why = "other work" })).Must();
        }
        (await Accept(token)).MustRefuse(IdentityRefusals.InvitationFailed);
        (await Refusals(invitation)).ShouldBe(["inviter_may_no_longer"]);
    }

    [Fact]
    [Covers("I-2", "I-12")]
    public async Task Nobody_invites_to_more_than_they_hold_themselves()
    {
        await MakeRole("usher", "invitation.manage");
        var usher = await world.Person("usher");
        (await usher.Post("admin/invitations", new { email = Fresh(), roles = (string[])["admin"] })).MustRefuse(IdentityRefusals.PermissionNotHeld).Word("permission").ShouldBe("*");
        (await usher.Post("admin/invitations", new { email = Fresh(), roles = (string[])["finance"] })).MustRefuse(IdentityRefusals.PermissionNotHeld);
        (await usher.Post("admin/invitations", new { email = Fresh(), roles = (string[])["usher"] })).Must(201);
        (await usher.Post("admin/invitations", new { email = Fresh(), roles = (string[])["emperor"] })).MustRefuse(FoundationRefusals.InvalidInput);
        (await (await world.Person("finance")).Post("admin/invitations", new { email = Fresh(), roles = (string[])["finance"] })).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact]
    [Covers("I-2", "I-12")]
    public async Task Nobody_sends_again_what_they_could_not_have_sent()
    {
        await MakeRole("porter", "invitation.manage");
        var (admin, porter, email) = (await world.Person("admin"), await world.Person("porter"), Fresh());
        var id = (await admin.Post("admin/invitations", new { email, roles = (string[])["admin"] })).Must(201).Word("id");
        (await porter.Post($"admin/invitations/{id}/actions/resend")).MustRefuse(IdentityRefusals.PermissionNotHeld).Word("permission").ShouldBe("*");
        (await world.Database.Value<Guid>("select invited_by from identity.invitations where email_key = $1", email)).ShouldBe(admin.Id);
    }

    [Fact]
    [Covers("I-2", "identity-32")]
    public async Task Sent_again_the_link_before_is_void()
    {
        var (admin, email) = (await world.Person("admin"), Fresh());
        var invitation = await Invite(admin, email);
        var first = await SecretOf(invitation);
        (await admin.Post("admin/invitations", new { email, roles = (string[])["finance"] })).MustRefuse(IdentityRefusals.InvitationOpen);
        (await admin.Post($"admin/invitations/{invitation.Word("id")}/actions/resend")).Must();
        var second = await SecretOf(invitation);
        (await Accept(first)).MustRefuse(IdentityRefusals.InvitationFailed);
        (await Accept(second)).Must();
        (await admin.Post($"admin/invitations/{invitation.Word("id")}/actions/resend")).MustRefuse(IdentityRefusals.InvitationEnded);
    }

    [Fact]
    [Covers("identity-36", "asvs-15.4.1")]
    public async Task Of_five_who_accept_at_once_one_does()
    {
        var admin = await world.Person("admin");
        var invitation = await Invite(admin, Fresh());
        var token = await SecretOf(invitation);
        Id.TryParse<Guildhall.Identity.InvitationId>(invitation.Word("id"), out var id).ShouldBeTrue();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.invitations where id = $1 for update", id.Value);
        var all = Enumerable.Range(0, 5).Select(_ => Accept(token)).ToArray();
        await gate.OpenWhenWaiting(5);
        (await Task.WhenAll(all)).Count(a => a.Status == 200).ShouldBe(1);
        (await world.Database.Count("identity.accounts where email = $1", invitation.Word("email"))).ShouldBe(1);
    }

    [Fact]
    [Covers("I-2")]
    public async Task Inviting_needs_a_fresh_proof()
    {
        var admin = await world.Person("admin");
        await admin.ProvedLongAgo();
        (await admin.Post("admin/invitations", new { email = Fresh(), roles = (string[])["finance"] })).MustRefuse(FoundationRefusals.StepUpRequired);
        (await admin.Get("admin/invitations")).Must();
    }

    [Fact]
    [Covers("I-2")]
    public async Task A_registration_that_nobody_confirmed_gives_way_with_its_password()
    {
        var (admin, email) = (await world.Person("admin"), Fresh());
        (await world.Visitor().Post("auth/register", new { email, password = "seven loud silver trains", displayName = "Squatter" })).Must(202);
        (await Accept(await SecretOf(await Invite(admin, email)))).Must();
        (await world.Visitor().Post("auth/sign-in", new { email, password = "seven loud silver trains" })).MustRefuse(IdentityRefusals.SignInFailed);
        await new Person(world, default, email).SignsIn(NewPassword);
    }

    private static string Fresh() => $"invited{Interlocked.Increment(ref _count)}@example.test";

    private static async Task<Answer> Invite(Person staff, string email) => (await staff.Post("admin/invitations", new { email, roles = (string[])["finance"], displayName = "Nora" })).Must(201);

    private Task<string> SecretOf(Answer invitation) =>
        Id.TryParse<Guildhall.Identity.InvitationId>(invitation.Word("id"), out var id) ? world.SecretOf(id.Value, "invitation") : throw new InvalidOperationException(invitation.Text);

    private Task<Answer> Accept(string token, string? password = NewPassword) =>
        world.Visitor().Post("invitations/actions/accept", new { token, password });

    private Task<long> Audited(string action, string subject) => world.Database.Count("foundation.audit where action = $1 and subject_id = $2", action, subject);

    private Task<IReadOnlyList<string>> Refusals(Answer invitation) =>
        world.Database.Column<string>("select after ->> 'because' from foundation.audit where action = 'invitation.refused' and subject_id = $1 order by id", invitation.Word("id"));

    private async Task MakeRole(string name, params string[] permissions)
    {
        await world.Database.Execute("insert into identity.roles (name) values ($1) on conflict do nothing", name);
        foreach (var permission in permissions) await world.Database.Execute("insert into identity.role_permissions (role, permission) values ($1, $2) on conflict do nothing", name, permission);
    }
}
