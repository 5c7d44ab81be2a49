namespace Guildhall.Tests.Identity.Factors;

public sealed class ResetFactorsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("asvs-6.4.4", "asvs-6.5.6")]
    public async Task Asvs_6_4_4_Staff_remove_lost_factors_with_a_reason_that_the_audit_keeps_and_the_person_is_told()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        var act = $"admin/accounts/{new AccountId(person.Id)}/actions/reset-factors";
        (await admin.Post(act, new { why = "" })).MustRefuse(FoundationRefusals.InvalidInput);
        (await admin.Post(act, new { why = "phone fell into the sea, passport seen" })).Must(204);
        (await step.SendEmail()).MustRefuse(IdentityRefusals.ChallengeFailed); // what somebody had begun before is over
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        person.OnlyNode = null;
        (await world.Told(person, "factors_reset")).ShouldBe(1);
        (await world.Database.Value<string>("select why from foundation.audit where action = 'factor.factors_reset' and subject_id = $1", new AccountId(person.Id).ToString())).ShouldBe("phone fell into the sea, passport seen");
        (await admin.Post(act, new { why = "once more" })).MustRefuse(IdentityRefusals.NoSecondFactor);
        await person.SignsIn();
        await person.SetsUpTotp();
    }

    [Fact]
    [Covers("asvs-6.5.6", "asvs-7.5.3")]
    public async Task It_wants_the_permission_a_fresh_proof_and_somebody_else()
    {
        var (person, admin, finance) = (await world.Person(), await world.Person("admin"), await world.Person("finance"));
        await person.SetsUpTotp();
        var act = $"admin/accounts/{new AccountId(person.Id)}/actions/reset-factors";
        (await finance.Post(act, new { why = "because" })).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldBe("account.factor_reset");
        (await person.Post(act, new { why = "because" })).MustRefuse(FoundationRefusals.NotAllowed);
        (await admin.Post($"admin/accounts/{new AccountId(admin.Id)}/actions/reset-factors", new { why = "because" })).MustRefuse(IdentityRefusals.NotYourself);
        (await admin.Post($"admin/accounts/{new AccountId(Guid.NewGuid())}/actions/reset-factors", new { why = "because" })).MustRefuse(FoundationRefusals.NotFound);
        await admin.Waits(11.Minutes());
        (await admin.Post(act, new { why = "because" })).MustRefuse(FoundationRefusals.StepUpRequired);
        (await admin.Put($"admin/accounts/{new AccountId(person.Id)}/roles", new { roles = (string[])["customer"], why = "because" })).MustRefuse(FoundationRefusals.StepUpRequired);
    }
}
