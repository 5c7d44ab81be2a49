using Guildhall.Marketplace;

namespace Guildhall.Tests.Marketplace.Providers;

public sealed class DecideApplicationTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private static readonly object Form = new { businessName = "Haddad & Sons", kind = "advisor", services = "Questions of law\nContracts", country = "kw", about = "Twenty years at the bar.", phone = "+965 1234 5678" };

    [Fact]
    [Covers("I-1", "B-2")]
    public async Task An_approved_applicant_is_a_provider_from_their_next_request_on()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        (await person.Get("providers/me/hours")).MustRefuse(MarketplaceRefusals.NotAProvider);
        var application = (await person.Post("provider-applications", Form)).Must(201);
        (application.Word("state"), application.Word("country"), application.Word("phone")).ShouldBe(("submitted", "KW", "+96512345678"));
        (await admin.Get("admin/provider-applications")).Must().At("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldContain(application.Word("id"));
        var approved = (await Decide(admin, application, "approve")).Must();
        for (var node = 0; node < 2; node++)
        {
            person.OnlyNode = node;
            await world.EventuallyOr("the role holds", async () => (await person.Get("me")).Must().At("roles").EnumerateArray().Any(r => r.GetString() == "provider"));
        }
        person.OnlyNode = null;
        (await person.Get("providers/me/hours")).Must();
        var profile = (await world.Visitor().Get($"providers/{approved.Word("provider")}")).Must();
        (profile.Word("provider.displayName"), profile.Word("provider.headline")).ShouldBe(("Haddad & Sons", "Questions of law"));
        (await world.Told(person.Id, "partner_approved")).ShouldBe(1);
        (await person.Post("provider-applications", Form)).MustRefuse(MarketplaceRefusals.AlreadyAProvider);
        (await world.Database.Count("foundation.audit where action in ('provider_application.submitted', 'provider_application.approved') and subject_id = $1", application.Word("id"))).ShouldBe(2);
    }

    [Fact]
    [Covers("I-1", "B-2")]
    public async Task A_rejected_applicant_reads_why_and_may_apply_again()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        var application = (await person.Post("provider-applications", Form)).Must(201);
        (await Decide(admin, application, "reject", new { reason = "" })).MustRefuse(FoundationRefusals.InvalidInput);
        (await Decide(admin, application, "reject", new { reason = "No licence was shown." })).Must();
        var mine = (await person.Get("provider-applications")).Must();
        (mine.Word("items.0.state"), mine.Word("items.0.reason")).ShouldBe(("rejected", "No licence was shown."));
        mine.At("items.0.decidedBy").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await world.Told(person.Id, "partner_rejected")).ShouldBe(1);
        (await person.Post("provider-applications", Form)).Must(201);
        (await world.Database.Count("identity.account_roles where account_id = $1 and role = 'provider'", person.Id)).ShouldBe(0);
    }

    [Fact]
    [Covers("I-1")]
    public async Task Nobody_decides_on_their_own_whatever_address_they_use()
    {
        var admin = await world.Person("admin");
        var own = (await admin.Post("provider-applications", Form)).Must(201);
        (await Decide(admin, own, "approve")).MustRefuse(MarketplaceRefusals.OwnApplication);
        var alias = await world.Person();
        await world.Database.Execute("update identity.accounts set email = $2, email_key = $2 where id = $1", alias.Id, admin.Email.Replace("@", "+shop@", StringComparison.Ordinal));
        var application = (await alias.Post("provider-applications", Form)).Must(201);
        (await Decide(admin, application, "approve")).MustRefuse(MarketplaceRefusals.OwnApplication);
        (await Decide(admin, application, "reject", new { reason = "mine anyway" })).MustRefuse(MarketplaceRefusals.OwnApplication);
        (await Decide(await world.Person("admin"), application, "approve")).Must();
    }

    [Fact]
    [Covers("I-1", "identity-41")]
    public async Task A_decision_stands_and_a_stranger_finds_nothing()
    {
        var (person, stranger, admin, finance) = (await world.Person(), await world.Person(), await world.Person("admin"), await world.Person("finance"));
        var application = (await person.Post("provider-applications", Form)).Must(201);
        (await person.Post("provider-applications", Form)).MustRefuse(MarketplaceRefusals.ApplicationOpen);
        (await stranger.Post($"provider-applications/{application.Word("id")}/actions/withdraw")).MustRefuse(MarketplaceRefusals.ApplicationNotFound);
        (await world.Database.Count("foundation.audit where action = 'malicious_direct_reference' and actor_id = $1", stranger.Id)).ShouldBe(1);
        (await Decide(finance, application, "approve")).MustRefuse(FoundationRefusals.NotAllowed);
        (await finance.Get($"admin/provider-applications/{application.Word("id")}")).MustRefuse(FoundationRefusals.NotAllowed);
        (await person.Post($"provider-applications/{application.Word("id")}/actions/withdraw")).Must(204);
        (await Decide(admin, application, "approve")).MustRefuse(MarketplaceRefusals.ApplicationDecided);
        (await Decide(admin, application, "reject", new { reason = "too late" })).MustRefuse(MarketplaceRefusals.ApplicationDecided);
    }

    [Fact]
    [Covers("I-1")]
    public async Task Two_colleagues_at_once_decide_once()
    {
        var (person, one, two) = (await world.Person(), await world.Person("admin"), await world.Person("admin"));
        var application = (await person.Post("provider-applications", Form)).Must(201);
        Id.TryParse<ProviderApplicationId>(application.Word("id"), out var id).ShouldBeTrue();
        await using var gate = await Gate.Close(world.Database, "select 1 from marketplace.provider_applications where id = $1 for update", id.Value);
        var answers = new[] { Decide(one, application, "approve"), Decide(two, application, "reject", new { reason = "No licence." }) };
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(answers)).Count(a => a.Status == 200).ShouldBe(1);
    }

    [Fact]
    [Covers("I-1")]
    public async Task What_is_written_wrongly_is_named_and_a_suspended_applicant_is_not_let_in()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        var wrong = (await person.Post("provider-applications", new { businessName = "<b>", kind = "advisor", services = "", country = "Kuwait", about = "", phone = "12" })).MustRefuse(FoundationRefusals.InvalidInput);
        wrong.At("fields").EnumerateObject().Select(f => f.Name).Order(StringComparer.Ordinal).ShouldBe(["about", "businessName", "country", "phone", "services"]);
        var application = (await person.Post("provider-applications", Form)).Must(201);
        (await admin.Post($"admin/accounts/{new AccountId(person.Id)}/actions/suspend", new { why = "chargebacks" })).Must(204);
        (await Decide(admin, application, "approve")).MustRefuse(MarketplaceRefusals.ApplicantNotActive);
        (await admin.Post($"admin/accounts/{new AccountId(person.Id)}/actions/reactivate", new { why = "cleared up" })).Must(204);
        (await Decide(admin, application, "approve")).Must();
        (await world.Database.Column<string>("select action from foundation.audit where subject_id = $1 and action in ('account.suspended', 'account.reactivated') order by id", new AccountId(person.Id).ToString()))
            .ShouldBe(["account.suspended", "account.reactivated"]);
    }

    private static Task<Answer> Decide(Person staff, Answer application, string how, object? body = null) => staff.Post($"admin/provider-applications/{application.Word("id")}/actions/{how}", body ?? new { });
}
