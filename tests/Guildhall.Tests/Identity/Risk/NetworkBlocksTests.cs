using Guildhall.Identity.Sessions;
using Guildhall.Foundation.Security;

namespace Guildhall.Tests.Identity.Risk;

[Covers("I-11")]
public sealed class NetworkBlocksTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    public async Task Staff_add_a_network_and_take_it_away_and_both_are_audited()
    {
        var staff = await world.Person("admin");
        var added = (await staff.Post("admin/risk/networks", new { network = "198.51.100.0/24", reason = "guesses all night" })).Must(201);
        (await staff.Post("admin/risk/networks", new { network = "198.51.100.0/24", reason = "again" })).MustRefuse(IdentityRefusals.NetworkBlockExists);
        (await staff.Get("admin/risk/networks")).Must().Text.ShouldContain("198.51.100.0/24");
        (await staff.Post($"admin/risk/networks/{added.Word("id")}/actions/remove", new { reason = "quiet now" })).Must();
        (await staff.Post($"admin/risk/networks/{added.Word("id")}/actions/remove", new { reason = "quiet now" })).Must();
        (await staff.Get("admin/risk/networks")).Must().Text.ShouldNotContain("198.51.100.0/24");
        (await staff.Get("admin/risk/networks?all=true")).Must().Text.ShouldContain("198.51.100.0/24");
        (await world.Database.Column<string>("select action from foundation.audit where subject_id = $1 order by id", added.Word("id"))).ShouldBe(["network_block.added", "network_block.removed"]);
        (await staff.Get("admin/risk/lists")).Must().Text.ShouldBe("[]");
    }

    [Fact]
    public async Task A_network_is_held_while_its_block_lasts_and_not_once_it_was_taken_away_or_ran_out()
    {
        var staff = await world.Person("admin");
        var block = (await staff.Post("admin/risk/networks", new { network = "198.18.7.0/24", reason = "guesses all night" })).Must(201);
        (await From("198.18.7.9")).Refusal!.Code.ShouldBe(IdentityRefusals.SignInHeld.Code);
        (await From("198.18.8.9")).Granted.ShouldBeTrue();
        (await staff.Post($"admin/risk/networks/{block.Word("id")}/actions/remove", new { reason = "quiet now" })).Must();
        (await From("198.18.7.9")).Granted.ShouldBeTrue();
        (await staff.Post("admin/risk/networks", new { network = "198.18.7.0/24", reason = "again", expiresAt = world.Clock.Now.AddHours(1) })).Must(201);
        (await From("198.18.7.9")).Refusal!.Code.ShouldBe(IdentityRefusals.SignInHeld.Code);
        await world.Clock.Passes(61.Minutes());
        (await From("198.18.7.9")).Granted.ShouldBeTrue();
    }

    private async Task<Result<SignedIn>> From(string address) => await SignIn.Run(world.Get<IdentityParts>(), new Caller { Kind = CallerKind.Anonymous, Address = System.Net.IPAddress.Parse(address) },
        new SignIn.Body((await world.NotYetSignedIn()).Email, Person.Password), SessionKind.Bearer, default);

    [Theory]
    [InlineData("0.0.0.0/0", "why not")]
    [InlineData("somewhere", "a word")]
    [InlineData("198.51.100.7", "")]
    public async Task What_is_no_network_or_has_no_reason_is_refused(string network, string reason) =>
        (await (await world.Person("admin")).Post("admin/risk/networks", new { network, reason })).MustRefuse(FoundationRefusals.InvalidInput);

    [Fact]
    public async Task One_address_is_a_network_of_its_own_whatever_its_shape()
    {
        var staff = await world.Person("admin");
        (await staff.Post("admin/risk/networks", new { network = "::ffff:203.0.113.4", reason = "one of them" })).Must(201).Word("network").ShouldBe("203.0.113.4/32");
        (await staff.Post("admin/risk/networks", new { network = "203.0.113.9", reason = "until tomorrow", expiresAt = world.Clock.Now.AddDays(-1) })).MustRefuse(FoundationRefusals.InvalidInput);
        (await (await world.Person("customer")).Post("admin/risk/networks", new { network = "203.0.113.9", reason = "mine" })).MustRefuse(FoundationRefusals.NotAllowed);
    }
}
