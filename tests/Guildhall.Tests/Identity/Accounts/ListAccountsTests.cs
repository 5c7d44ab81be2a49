namespace Guildhall.Tests.Identity.Accounts;

public sealed class ListAccountsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("A-3")]
    public async Task Staff_walk_through_all_accounts_page_by_page()
    {
        var admin = await world.Person("admin");
        for (var i = 0; i < 7; i++) await world.NotYetSignedIn("provider");
        var (seen, after) = (new List<string>(), (string?)null);
        do
        {
            var page = (await admin.Get("admin/accounts?limit=3" + (after is null ? "" : "&after=" + after))).Must();
            page.At("items").GetArrayLength().ShouldBeLessThanOrEqualTo(3);
            seen.AddRange(page.At("items").EnumerateArray().Select(a => a.GetProperty("id").GetString()!));
            after = page.At("next").GetString();
        }
        while (after is not null);
        seen.ShouldBeUnique();
        seen.Count.ShouldBe((int)await world.Database.Count("identity.accounts"));
    }

    [Fact]
    [Covers("A-3")]
    public async Task They_find_by_the_beginning_of_an_address_by_role_and_by_state()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person("finance"));
        var found = (await admin.Get("admin/accounts?search=" + person.Email[..8].ToUpperInvariant())).Must();
        found.At("items").EnumerateArray().Select(a => a.GetProperty("email").GetString()).ShouldContain(person.Email);
        (await admin.Get("admin/accounts?search=%25")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await admin.Get("admin/accounts?role=finance&state=active")).Must().At("items").EnumerateArray().ShouldAllBe(a => a.GetProperty("roles").EnumerateArray().Any(r => r.GetString() == "finance"));
        (await admin.Get("admin/accounts?state=suspended")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await admin.Get("admin/accounts?state=asleep")).MustRefuse(FoundationRefusals.InvalidInput);
        (await admin.Get("admin/accounts?after=nothing")).MustRefuse(FoundationRefusals.InvalidBody);
        var one = (await admin.Get("admin/accounts/" + new AccountId(person.Id))).Must();
        one.Word("state").ShouldBe("active");
        one.At("sessions").GetArrayLength().ShouldBe(1);
    }
}
