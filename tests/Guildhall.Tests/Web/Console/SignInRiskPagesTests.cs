using System.Net;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Web.Console;

public sealed class SignInRiskPagesTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    [Fact, Covers("I-11")]
    public async Task Staff_block_a_network_see_who_was_held_and_why_and_take_the_block_away()
    {
        var browser = new StaffBrowser(world, MoneyWorld.Staff);
        var page = "/console/sign-ins/networks";
        (await browser.Does(page, page + "/add", ("network", "everything"), ("reason", "attacks"))).Text.ShouldContain("network of at least /8");
        (await browser.Does(page, page + "/add", ("network", "198.51.100.0/24"), ("reason", "attacks all night"), ("days", "2"))).Text.ShouldContain("198.51.100.0/24");

        var person = await world.NotYetSignedIn();
        (await From("100.64.7.7", person)).Granted.ShouldBeTrue();
        (await From("198.51.100.9", person)).Refusal!.Code.ShouldBe("sign_in_held");
        var decision = new SignInDecisionId(await world.Database.Value<Guid>("select id from identity.risk_decisions where account_id = $1 and outcome = 'hold'", person.Id));
        (await browser.Opens("/console/sign-ins")).Must().Text.ShouldContain($"href=\"/console/sign-ins/{decision}\"");
        (await browser.Opens($"/console/sign-ins?outcome=all&account={new AccountId(person.Id)}")).Must().Text.ShouldContain("Let in");
        var shown = (await browser.Opens($"/console/sign-ins/{decision}")).Must().Text;
        foreach (var text in new[] { "Blocked network", "198.51.100.9", "the same", "Held" }) shown.ShouldContain(text);

        var block = await world.Database.Value<Guid>("select id from identity.network_blocks where removed_at is null");
        (await browser.Does(page, $"{page}/{new NetworkBlockId(block)}/remove", ("reason", "quiet now"))).Text.ShouldNotContain("198.51.100.0/24");
        (await new StaffBrowser(world, MoneyWorld.Person("payment.view")).Opens(page)).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact, Covers("asvs-6.1.1")]
    public async Task Staff_see_the_limits_in_force()
    {
        var shown = (await new StaffBrowser(world, MoneyWorld.Staff).Opens("/console/limits")).Must().Text;
        shown.ShouldContain("10 per address in 60 seconds");
        shown.ShouldContain("sign_in_busy");
    }

    private Task<Result<SignedIn>> From(string address, Person person) =>
        SignIn.Run(world.Get<IdentityParts>(), new Caller { Kind = CallerKind.Anonymous, Address = IPAddress.Parse(address) }, new SignIn.Body(person.Email, Person.Password), SessionKind.Bearer, default);
}
