namespace Guildhall.Tests.Money.Withdrawals;

public sealed class SetDestinationTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private static readonly object Bank = new { holder = "Omar Haddad", account = "KW81CBKU0000000000001234560101" };

    [Fact]
    [Covers("asvs-7.5.3", "I-6")]
    public async Task Asvs_7_5_3_Saying_where_the_money_goes_wants_a_fresh_proof()
    {
        var provider = await world.Person("provider");
        await provider.Waits(11.Minutes());
        (await provider.Put("providers/me/payout-destination", Bank)).MustRefuse(FoundationRefusals.StepUpRequired);
        var step = await provider.StepsUp();
        step.Methods[0].ShouldBe("password");
        (await provider.Post($"auth/challenges/{step.Id}/password", new { challengeToken = step.Token, password = "five heavy copper lantern" })).MustRefuse(IdentityRefusals.ChallengeFailed);
        provider.Takes((await provider.Post($"auth/challenges/{step.Id}/password", new { challengeToken = step.Token, password = Person.Password })).Must());
        (await provider.Put("providers/me/payout-destination", Bank)).Must();
    }
}
