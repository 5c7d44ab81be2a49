namespace Guildhall.Tests.Identity.Impersonation;

public sealed class ImpersonateAccountTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-12", "I-13")]
    public async Task Staff_see_what_a_person_sees_and_every_route_is_audited_as_theirs()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        var looking = await Looks(admin, person);
        var me = (await looking.Get("me")).Must();
        (me.Word("email"), me.Word("impersonatedBy")).ShouldBe((person.Email, new AccountId(admin.Id).ToString()));
        me.At("permissions").GetArrayLength().ShouldBe(0);
        (await looking.Get("bookings?role=customer")).Must();
        (await looking.Get("admin/accounts")).MustRefuse(FoundationRefusals.NotAllowed);

        var seen = await world.Database.Column<string>("select after ->> 'path' from foundation.audit where action = 'account.looked_at' and actor_id = $1 and subject_id = $2 order by id", admin.Id, new AccountId(person.Id).ToString());
        seen.ShouldBe(["/api/v1/me", "/api/v1/bookings", "/api/v1/admin/accounts"]);
        (await world.Database.Count("foundation.audit where actor_id = $1", person.Id)).ShouldBe(0);
        (await world.Database.Value<string>("select why from foundation.audit where action = 'account.impersonation_started' and actor_id = $1", admin.Id)).ShouldBe("a ticket");
        (await person.Get("me")).Must().At("impersonatedBy").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    [Covers("I-12")]
    public async Task Who_looks_changes_nothing_and_sees_nothing_that_is_only_the_persons()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person("provider"));
        var looking = await Looks(admin, person);
        (await looking.Patch("me", new { displayName = "Mallory" })).MustRefuse(FoundationRefusals.OnlyLooking);
        (await looking.Post("sessions/actions/end-all")).MustRefuse(FoundationRefusals.OnlyLooking);
        (await looking.Post("auth/step-ups")).MustRefuse(FoundationRefusals.OnlyLooking);
        (await looking.Post("me/exports")).MustRefuse(FoundationRefusals.OnlyLooking);
        (await looking.Post("provider-applications", new { businessName = "x" })).MustRefuse(FoundationRefusals.OnlyLooking);
        (await looking.Post($"admin/accounts/{new AccountId(person.Id)}/actions/impersonate", new { why = "deeper" })).Status.ShouldBe(403);
        (await looking.Get("providers/me/payout-destination")).MustRefuse(FoundationRefusals.OnlyLooking);
        (await looking.Get("me/exports")).MustRefuse(FoundationRefusals.OnlyLooking);
        (await looking.Get($"bookings/{new Guildhall.Marketplace.BookingId(Guid.NewGuid())}/call-servers")).MustRefuse(FoundationRefusals.OnlyLooking);
        (await looking.Get("me/exports/exp_00000000000000000000000000/file")).MustRefuse(FoundationRefusals.OnlyLooking);
        (await world.Database.Value<string>("select display_name from identity.accounts where id = $1", person.Id)).ShouldBe("Somebody Else");
    }

    /// <summary>Every route that is not a read refuses who looks, but the one that stops: read from the routes themselves.</summary>
    [Fact]
    [Covers("I-12")]
    public async Task No_route_but_stopping_and_signing_out_serves_who_looks_with_anything_but_a_read()
    {
        await using var app = Product.NotStarted();
        var open = Product.Routes(app).Where(r => r.Metadata.GetMetadata<Guildhall.Foundation.Http.AllowedWhileImpersonating>() is not null).Select(r => r.RoutePattern.RawText!.Trim('/'));
        open.Order(StringComparer.Ordinal).ShouldBe(["api/v1/auth/impersonation/actions/stop", "api/v1/auth/sign-out", "stop-looking"]);
    }

    [Fact]
    [Covers("I-12")]
    public async Task Nobody_looks_as_staff_as_themselves_or_as_somebody_who_is_not_active()
    {
        var (admin, other, finance, person) = (await world.Person("admin"), await world.Person("admin"), await world.Person("finance"), await world.Person());
        foreach (var target in new[] { admin, other, finance })
            (await Asks(admin, target)).MustRefuse(IdentityRefusals.CannotLookAs);
        (await Asks(admin, person, why: " ")).MustRefuse(FoundationRefusals.InvalidInput);
        (await Asks(finance, person)).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldBe("account.impersonate");
        (await admin.Post($"admin/accounts/{new AccountId(Guid.NewGuid())}/actions/impersonate", new { why = "a ticket" })).MustRefuse(FoundationRefusals.NotFound);
        (await admin.Post($"admin/accounts/{new AccountId(person.Id)}/actions/suspend", new { why = "chargebacks" })).Must(204);
        (await Asks(admin, person)).MustRefuse(IdentityRefusals.CannotLookAs);
        (await admin.Post("auth/impersonation/actions/stop")).MustRefuse(IdentityRefusals.NotLooking);
    }

    [Fact]
    [Covers("I-12", "identity-9")]
    public async Task Stopping_ends_it_on_both_nodes_and_the_looker_goes_on_as_before()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        var looking = await Looks(admin, person);
        await OnBoth(looking, async () => (await looking.Get("me")).Must());
        (await looking.Post("auth/impersonation/actions/stop")).Must(204);
        await OnBoth(looking, async () => (await looking.Get("me")).MustRefuse(IdentityRefusals.SessionExpired));
        (await world.Visitor().Post("auth/refresh", new { refreshToken = looking.RefreshToken })).MustRefuse(IdentityRefusals.SessionExpired);
        (await admin.Get("admin/accounts")).Must();
        (await world.Database.Count("foundation.audit where action = 'account.impersonation_stopped' and actor_id = $1 and subject_id = $2", admin.Id, new AccountId(person.Id).ToString())).ShouldBe(1);
        await world.EventuallyOr("the person was told", async () => await world.Told(person.Id, "looked_at") == 1);
    }

    [Fact]
    [Covers("I-12", "asvs-7.4.1")]
    public async Task Signing_out_ends_the_look_and_not_the_person()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        var looking = await Looks(admin, person);
        (await looking.Post("auth/sign-out")).Must(204);
        await OnBoth(looking, async () => (await looking.Get("me")).MustRefuse(IdentityRefusals.SessionExpired));
        (await person.Get("me")).Must();
        (await admin.Get("me")).Must();
        (await world.Database.Count("foundation.audit where action = 'account.impersonation_stopped' and actor_id = $1", admin.Id)).ShouldBe(1);
    }

    [Theory]
    [InlineData("demoted")]
    [InlineData("suspended")]
    [InlineData("signed_out")]
    [Covers("I-12", "identity-9")]
    public async Task It_ends_with_what_it_rests_on(string because)
    {
        var (admin, boss, person) = (await world.Person("admin"), await world.Person("admin"), await world.Person());
        var looking = await Looks(admin, person);
        await OnBoth(looking, async () => (await looking.Get("me")).Must());
        var account = new AccountId(admin.Id);
        if (because is "demoted") (await boss.Put($"admin/accounts/{account}/roles", new { roles = (string[])["finance"], why = "other work" })).Must();
        if (because is "suspended") (await boss.Post($"admin/accounts/{account}/actions/suspend", new { why = "left us" })).Must(204);
        if (because is "signed_out") (await admin.Post("auth/sign-out")).Must(204);
        await OnBoth(looking, async () => (await looking.Get("me")).MustRefuse(IdentityRefusals.SessionExpired));
        (await person.Get("me")).Must();
    }

    [Fact]
    [Covers("I-12")]
    public async Task It_lasts_half_an_hour_and_the_person_is_told_unless_the_setting_says_otherwise()
    {
        var (admin, person, other) = (await world.Person("admin"), await world.Person(), await world.Person());
        var looking = await Looks(admin, person);
        await world.Clock.Passes(31.Minutes());
        (await looking.Get("me")).Status.ShouldBe(401);
        (await world.Visitor().Post("auth/refresh", new { refreshToken = looking.RefreshToken })).MustRefuse(IdentityRefusals.SessionExpired);
        await world.EventuallyOr("the person was told", async () => await world.Told(person.Id, "looked_at") == 1);

        await admin.SignsIn();
        (await admin.Patch("admin/settings/identity.tell_of_impersonation", new { value = false, seenVersion = 0, why = "the law says so" })).Must();
        await (await Looks(admin, other)).Post("auth/impersonation/actions/stop");
        await world.JobsAreDone();
        (await world.Told(other.Id, "looked_at")).ShouldBe(0);
        (await admin.Patch("admin/settings/identity.tell_of_impersonation", new { value = true, seenVersion = 1, why = "as it was" })).Must();
    }

    [Fact]
    [Covers("I-12")]
    public async Task A_second_look_ends_the_first()
    {
        var (admin, one, two) = (await world.Person("admin"), await world.Person(), await world.Person());
        var first = await Looks(admin, one);
        await Looks(admin, two);
        await OnBoth(first, async () => (await first.Get("bookings")).MustRefuse(IdentityRefusals.SessionExpired));
    }

    [Fact]
    [Covers("I-12")]
    public async Task Looking_needs_a_fresh_proof()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        await admin.ProvedLongAgo();
        (await Asks(admin, person)).MustRefuse(FoundationRefusals.StepUpRequired);
    }

    private static Task<Answer> Asks(Person staff, Person target, string why = "a ticket") => staff.Post($"admin/accounts/{new AccountId(target.Id)}/actions/impersonate", new { why });

    private async Task<Person> Looks(Person staff, Person target)
    {
        var pair = (await Asks(staff, target)).Must();
        var looking = new Person(world, target.Id, target.Email);
        looking.Has(System.Text.Json.JsonSerializer.Deserialize<Guildhall.Identity.Sessions.TokenPair>(pair.Text, Guildhall.Foundation.Http.JsonRules.Options)!);
        return looking;
    }

    private static async Task OnBoth(Person person, Func<Task> holds)
    {
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; await holds(); }
        person.OnlyNode = null;
    }
}
