using Guildhall.Operations;
using Guildhall.Operations.SavedFilters;
using Guildhall.Tests.Money;
using Guildhall.Tests.Web.Console;

namespace Guildhall.Tests.Operations.SavedFilters;

/// <summary>A member of staff keeps what they ask a list again and again; nobody else sees it, and it says nothing but what the list understands.</summary>
[Covers("A-3")]
public sealed class SavedFilterTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    [Fact]
    public async Task A_filter_is_saved_once_a_name_and_read_removed_by_its_owner_only()
    {
        var (mine, other) = (Staff("payment.view"), Staff("payment.view"));
        var saved = (await mine.Post("admin/saved-filters", Body("payments", " Refused ", "?currency=KWD&state=failed&gateway="))).Must(201);
        (saved.Word("name"), saved.Word("query"), saved.Word("address")).ShouldBe(("Refused", "state=failed&currency=KWD", "/console/payments?state=failed&currency=KWD"));
        var again = (await mine.Post("admin/saved-filters", Body("payments", "Refused", "state=unknown"))).Must(201);
        again.Word("id").ShouldBe(saved.Word("id"));
        (await mine.Get("admin/saved-filters?list=payments")).Must().Json.EnumerateArray().Single().GetProperty("query").GetString().ShouldBe("state=unknown");
        (await mine.Get("admin/saved-filters?list=audit")).Must().Json.GetArrayLength().ShouldBe(0);

        (await other.Get("admin/saved-filters")).Must().Json.GetArrayLength().ShouldBe(0);
        (await other.Delete($"admin/saved-filters/{saved.Word("id")}")).MustRefuse(OperationsRefusals.FilterNotFound);
        (await mine.Delete($"admin/saved-filters/{saved.Word("id")}")).Must(204);
        (await mine.Delete($"admin/saved-filters/{saved.Word("id")}")).MustRefuse(OperationsRefusals.FilterNotFound);
    }

    [Fact]
    public async Task A_filter_says_only_what_its_list_understands_and_names_nobody()
    {
        var staff = Staff("payment.view", "account.view", "audit.view", "booking.view");
        foreach (var (list, query) in new[]
        {
            ("payments", "returnUrl=//evil.test"), ("payments", "after=pay_x"), ("payments", "State=failed"), ("people", "search=omar@mail.test"),
            ("audit", "text=omar"), ("audit", "personal=true"), ("bookings", "currency=KWD"),
        })
            (await staff.Post("admin/saved-filters", Body(list, "Mine", query))).MustRefuse(OperationsRefusals.FilterParameterUnknown);
        foreach (var query in new[] { "state=failed&state=paid", "state=a%0d%0ab", "state=" + new string('x', 101) })
            (await staff.Post("admin/saved-filters", Body("payments", "Mine", query))).MustRefuse(OperationsRefusals.FilterValueInvalid);
        foreach (var query in new[] { "", "?", "state=", "state=+" }) (await staff.Post("admin/saved-filters", Body("payments", "Mine", query))).MustRefuse(OperationsRefusals.FilterEmpty);
        foreach (var name in new[] { " ", new string('n', 61), "a\nb" }) (await staff.Post("admin/saved-filters", Body("payments", name, "state=failed"))).MustRefuse(OperationsRefusals.FilterNameInvalid);
        (await staff.Post("admin/saved-filters", Body("roles", "Mine", "state=failed"))).MustRefuse(OperationsRefusals.FilterListUnknown);
        (await staff.Post("admin/saved-filters", Body("payments", "Mine", "state=\"><script>"))).Must(201).Word("query").ShouldBe("state=%22%3E%3Cscript%3E");
    }

    [Fact]
    [Covers("I-12")]
    public async Task A_list_that_one_may_not_see_takes_no_filter_and_shows_none()
    {
        var person = MoneyWorld.Person("dashboard.view", "payment.view");
        (await world.As(person).Post("admin/saved-filters", Body("payments", "Mine", "state=failed"))).Must(201);
        (await world.As(person).Post("admin/saved-filters", Body("audit", "Mine", "action=x"))).MustRefuse(FoundationRefusals.NotAllowed);
        (await world.As(person with { Permissions = new HashSet<string>(["dashboard.view"], StringComparer.Ordinal) }).Get("admin/saved-filters")).Must().Json.GetArrayLength().ShouldBe(0);
        (await world.Visitor().Get("admin/saved-filters")).Must(401);
    }

    [Fact]
    public async Task A_person_has_twenty_of_them_also_when_two_come_at_once()
    {
        var person = MoneyWorld.Person("dashboard.view", "payment.view");
        var staff = world.As(person);
        for (var i = 0; i < SaveFilter.Most - 1; i++) (await staff.Post("admin/saved-filters", Body("payments", $"No {i}", "state=failed"))).Must(201);
        await using var gate = await Gate.Close(world.Database, "select 1 from pg_advisory_xact_lock(hashtextextended('saved_filters:' || $1, 0))", person.AccountId!.Value.ToString());
        var two = new[] { staff.Post("admin/saved-filters", Body("payments", "One", "state=failed")), staff.Post("admin/saved-filters", Body("payments", "Other", "state=failed")) };
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(two)).Select(a => a.Status).Order().ShouldBe([201, 409]);
        (await staff.Post("admin/saved-filters", Body("payments", "No 1", "state=paid"))).Must(201);
        (await staff.Get("admin/saved-filters")).Must().Json.GetArrayLength().ShouldBe(SaveFilter.Most);
    }

    [Fact]
    [Covers("I-15")]
    public async Task What_staff_saved_goes_with_their_account()
    {
        var person = MoneyWorld.Person("dashboard.view", "payment.view");
        (await world.As(person).Post("admin/saved-filters", Body("payments", "Mine", "state=failed"))).Must(201);
        var part = world.Get<IEnumerable<Guildhall.Foundation.Security.PersonalData>>().Single(p => p.Section is "operations");
        (await part.Read(world.Data(), person.AccountId!.Value, default)).ToString()!.ShouldNotBeEmpty();
        await world.Data().InTransaction(tx => part.Erase(tx, person.AccountId!.Value));
        (await world.Database.Count("operations.saved_filters where account_id = $1", person.AccountId!.Value)).ShouldBe(0);
    }

    [Fact]
    public async Task On_the_page_the_filter_in_force_is_saved_opened_by_its_link_and_removed()
    {
        var browser = new StaffBrowser(world, MoneyWorld.Person("dashboard.view", "payment.view"));
        (await browser.Opens("/console/payments")).Must().Text.ShouldNotContain("action=\"/console/saved-filters\"");
        var shown = await browser.Does("/console/payments?state=failed&after=x&currency=KWD", "/console/saved-filters", ("filter-name", "Refused & dinars"));
        shown.Text.ShouldContain("href=\"/console/payments?state=failed&amp;currency=KWD\" aria-current=\"true\"");
        shown.Text.ShouldContain("Refused &amp; dinars");
        (await browser.Does("/console/payments?state=failed", "/console/saved-filters", ("filter-name", ""))).Text.ShouldContain("A filter has a name of 1 to 60 characters");
        var id = shown.Text[(shown.Text.IndexOf("/console/saved-filters/sfl_", StringComparison.Ordinal) + "/console/saved-filters/".Length)..][..30];
        (await browser.Does("/console/payments", $"/console/saved-filters/{id}/forget")).Text.ShouldNotContain("dinars</bdi></a>");
        (await new StaffBrowser(world, MoneyWorld.Person("payment.view")).Opens("/console/payments?state=failed")).Must().Text.ShouldNotContain("saved-filters");
    }

    private Visitor Staff(params string[] permissions) => world.As(MoneyWorld.Person(["dashboard.view", .. permissions]));

    private static object Body(string list, string name, string query) => new { list, name, query };
}
