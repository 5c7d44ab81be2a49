using Guildhall.Money.Disputes;

namespace Guildhall.Tests.Money.Disputes;

public sealed class AnswerDisputeTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<int> Submissions(Quarrel quarrel) => (await world.Gateway.Did("disputes")).Single(d => d.GetProperty("id").GetString() == quarrel.Reference)
        .GetProperty("evidence_details").GetProperty("submission_count").GetInt32();

    private Task<string> StateOf(Quarrel quarrel) => world.Database.Value<string>(
        "select e.state from money.dispute_evidence e join money.disputes d on d.id = e.dispute_id where d.gateway_ref = $1 order by e.id desc limit 1", quarrel.Reference);

    [Fact]
    [Covers("M-9")]
    public async Task An_answer_reaches_the_gateway_once_and_can_win()
    {
        var quarrel = await (await world.Order()).PaidAndDisputed();
        var id = (await quarrel.Now())!.Id;
        var staff = world.As(MoneyWorld.Person("dispute.manage"));
        var key = Guid.NewGuid().ToString();
        for (var i = 0; i < 2; i++)
            (await staff.Post($"admin/disputes/{id}/evidence", new { serviceDescription = "A session", other = "winning_evidence" }, key)).Status.ShouldBe(202);
        (await staff.Post($"admin/disputes/{id}/evidence", new { other = "More" })).Code.ShouldBeOneOf("dispute_answered", "dispute_closed"); // the bank may have decided already
        await quarrel.Becomes(DisputeState.Won);
        (await Submissions(quarrel)).ShouldBe(1);
        (await StateOf(quarrel)).ShouldBe("submitted");
        (await staff.Post($"admin/disputes/{id}/accept", new { reason = "x" })).Code.ShouldBe("dispute_closed");
        var told = await world.Database.Column<string>("select kind from money.payment_events where payment_id = $1 and kind like 'dispute%' order by id", quarrel.Payment.Value);
        told.ShouldContain("dispute_answered");
        told.ShouldContain("dispute_won");
    }

    [Fact]
    [Covers("M-9")]
    public async Task After_a_lost_answer_the_gateway_is_asked_before_anything_is_sent_again()
    {
        var quarrel = await (await world.Order()).PaidAndDisputed();
        var sent = 0;
        world.Wire.Before = async http =>
        {
            if (http.Request.Method is not "POST" || !http.Request.Path.StartsWithSegments("/v1/disputes", StringComparison.Ordinal)) return false;
            Interlocked.Increment(ref sent);
            await Task.CompletedTask;
            return false;
        };
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        await quarrel.Answers();
        await Eventually.True(async () => await StateOf(quarrel) is "unknown", "The lost answer was not noticed.");
        await world.Clock.Passes(1.Hours());
        await Eventually.True(async () => await StateOf(quarrel) is "submitted", "The answer was not found at the gateway.");
        sent.ShouldBe(1);
        (await Submissions(quarrel)).ShouldBe(1);
        await quarrel.Becomes(DisputeState.UnderReview);
    }

    [Fact]
    [Covers("M-9")]
    public async Task Accepting_loses_it_once_and_staff_see_that_it_was_our_will()
    {
        var deal = await world.Order();
        var quarrel = await deal.PaidAndDisputed();
        var id = (await quarrel.Now())!.Id;
        var staff = world.As(MoneyWorld.Person("dispute.manage"));
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        (await staff.Post($"admin/disputes/{id}/accept", new { reason = "The provider agrees." })).Status.ShouldBe(202);
        (await staff.Post($"admin/disputes/{id}/accept", new { reason = "The provider agrees." })).Status.ShouldBe(202);
        await quarrel.Becomes(DisputeState.Accepted);
        await world.JobsAreDone();
        (await deal.Owes("escrow")).ShouldBe(0);
        (await deal.Journals()).Split(' ').Count(j => j is "dispute_lost").ShouldBe(1);
    }

    [Fact]
    [Covers("M-9")]
    public async Task Staff_are_told_when_it_opens_and_three_days_and_one_day_before_the_deadline()
    {
        var staff = await world.NotYetSignedIn("finance");
        var quarrel = await (await world.Order()).PaidAndDisputed();
        await world.JobsAreDone();
        var page = $"/console/disputes/{(await quarrel.Now())!.Id}"; // others of this world are due as well
        Task<long> Told(string template) => world.Database.Count("messaging.notices where person_id = $1 and template = $2 and facts->>'link' = $3", staff.Id, template, page);
        await world.JobsAreDone();
        (await Told("dispute_opened_staff")).ShouldBe(1);
        (await world.Database.Count("messaging.notices where template = 'dispute_opened_provider' and person_id = $1", quarrel.Deal.Provider.AccountId!.Value)).ShouldBe(1);
        await world.Clock.Passes(TimeSpan.FromDays(4.1));
        await Eventually.True(async () => await Told("dispute_due_staff") == 1, "Nobody was reminded.");
        await world.Clock.Passes(TimeSpan.FromDays(2.1));
        await Eventually.True(async () => await Told("dispute_due_staff") == 2, "Nobody was reminded again.");
        var late = await world.As(MoneyWorld.Staff).Post($"admin/disputes/{(await quarrel.Now())!.Id}/evidence", new { other = "x" });
        late.Status.ShouldBe(202);
        await world.JobsAreDone();
    }

    [Fact]
    [Covers("money-100")]
    public async Task Others_may_neither_see_nor_answer()
    {
        var quarrel = await (await world.Order()).PaidAndDisputed();
        var id = (await quarrel.Now())!.Id;
        foreach (var other in new[] { quarrel.Deal.Provider, quarrel.Deal.Customer, MoneyWorld.Person() })
        {
            (await world.As(other).Get($"admin/disputes/{id}")).Status.ShouldBe(403);
            (await world.As(other).Post($"admin/disputes/{id}/evidence", new { other = "x" })).Status.ShouldBe(403);
            (await world.As(other).Post($"admin/disputes/{id}/accept", new { reason = "x" })).Status.ShouldBe(403);
        }
        (await world.As(MoneyWorld.Staff).Post($"admin/disputes/{id}/evidence", new { other = " " })).Code.ShouldBe("evidence_empty");
        (await world.As(MoneyWorld.Staff).Get($"admin/disputes/{id}")).Must();
        (await world.As(MoneyWorld.Staff).Get("admin/disputes?state=open")).Must();
    }
}
