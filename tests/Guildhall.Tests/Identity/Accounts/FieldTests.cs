namespace Guildhall.Tests.Identity.Accounts;

/// <summary>What of an account may be read and written, field by field.</summary>
public sealed class FieldTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private static readonly string[] Unreadable = ["password", "hash", "secret", "token", "epoch", "pepper", "seed"];

    [Fact]
    [Covers("asvs-8.2.3", "identity-40", "asvs-15.3.1")]
    public async Task Asvs_8_2_3_What_is_not_theirs_to_write_is_refused_and_changes_nothing()
    {
        var person = await world.Person();
        foreach (var field in new object[] { new { roles = (string[])["admin"] }, new { state = "active" }, new { emailVerified = true }, new { id = "acc_00000000000000000000000000" }, new { createdAt = "2020-01-01" } })
            (await person.Patch("me", field)).MustRefuse(FoundationRefusals.ServerDecides);
        foreach (var field in new object[] { new { email = "x@example.test" }, new { passwordHash = "x" }, new { epoch = 9 }, new { phone = "+96512345678" }, new { secondFactor = false } })
            (await person.Patch("me", field)).Status.ShouldBe(400);
        (await world.Database.Value<string>("select email || ' ' || state || ' ' || epoch from identity.accounts where id = $1", person.Id)).ShouldBe($"{person.Email} active 1");
        (await world.Database.Column<string>("select role from identity.account_roles where account_id = $1", person.Id)).ShouldBe(["customer"]);
    }

    [Fact]
    [Covers("asvs-8.2.3")]
    public async Task Asvs_8_2_3_What_is_not_theirs_to_read_is_in_no_answer_of_people_or_staff()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        foreach (var answer in new[] { await person.Get("me"), await person.Get("sessions"), await admin.Get("admin/accounts"), await admin.Get($"admin/accounts/{new AccountId(person.Id)}"), await admin.Get("admin/invitations") })
        {
            var names = Names(answer.Must().Json).ToArray();
            names.Where(n => Unreadable.Any(u => n.Contains(u, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty(answer.To);
        }
    }

    [Fact]
    [Covers("asvs-6.3.2")]
    public async Task Asvs_6_3_2_A_fresh_database_has_no_account_and_no_password()
    {
        await using var own = new NodesOnly();
        await own.InitializeAsync();
        (await own.Database.Count("identity.accounts")).ShouldBe(0);
        (await own.Database.Count("identity.account_roles")).ShouldBe(0);
        (await own.Visitor().Post("auth/sign-in", new { email = "admin@example.test", password = Guildhall.Marketplace.Seed.SeedMarketplace.Password })).MustRefuse(IdentityRefusals.SignInFailed);
    }

    private static IEnumerable<string> Names(System.Text.Json.JsonElement json) => json.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object => json.EnumerateObject().SelectMany(p => Names(p.Value).Prepend(p.Name)),
        System.Text.Json.JsonValueKind.Array => json.EnumerateArray().SelectMany(Names),
        _ => [],
    };
}
