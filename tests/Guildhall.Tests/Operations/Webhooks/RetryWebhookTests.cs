using Guildhall.Money.Payments;
using Guildhall.Operations;
using Guildhall.Operations.Webhooks;

namespace Guildhall.Tests.Operations.Webhooks;

public sealed class RetryWebhookTests(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    [Fact]
    [Covers("M-23", "money-91")]
    public async Task A_consumer_that_answers_500_for_three_days_is_tried_by_the_schedule_then_stopped_its_owner_told_and_all_is_replayed()
    {
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var began = world.Clock.Now;
        var (id, _) = await world.Listens(staff, consumer, "payment.captured");
        consumer.AnswersWith(500);
        await world.Happens();
        await consumer.Gets(1);
        var message = consumer.Messages.First();
        foreach (var (wait, attempt) in RetrySchedule.Waits.Select((w, i) => (w, i + 2)))
        {
            await Recorded(id, attempt - 1);
            if (wait > 1.Minutes())
            {
                await world.Clock.Passes(wait * 0.89);
                (await world.Database.Count("operations.webhook_deliveries where state = 'waiting' and next_at > $1 and endpoint_id = $2", world.Clock.Now, WebhookWorld.Id(id).Value))
                    .ShouldBe(1, $"attempt {attempt} is due early");
                consumer.Messages.Count.ShouldBe(attempt - 1, $"attempt {attempt} came early");
            }
            await world.Clock.Passes(wait > 1.Minutes() ? wait * 0.22 : wait * 1.2);
            await consumer.Gets(attempt);
        }
        consumer.Messages.ShouldAllBe(m => m.Id == message.Id && m.Body == message.Body);
        await Eventually.True(async () => await world.StateOf(staff, id) is "disabled", "It was never disabled.");
        (world.Clock.Now - began).ShouldBeGreaterThan(72.Hours());
        var endpoint = (await staff.Get($"admin/webhook-endpoints/{id}")).Must();
        (endpoint.Word("disabledWhy"), endpoint.At("failures").GetInt32()).ShouldBe(("failing", RetrySchedule.Attempts));
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'webhook_endpoint_disabled'", staff.Account)).ShouldBe(1);

        await world.Happens(); // while it is disabled
        (await staff.Post($"admin/webhook-endpoints/{id}/actions/replay", new { from = began })).MustRefuse(OperationsRefusals.WebhookEndpointDisabled);
        consumer.AnswersWith(200);
        (await staff.Post($"admin/webhook-endpoints/{id}/actions/enable")).Must();
        await Eventually.True(async () => await world.Database.Count("operations.webhook_events where fanned_at is null") == 0, "An event was not fanned out.");
        (await staff.Post($"admin/webhook-endpoints/{id}/actions/replay", new { from = began.AddMinutes(-1) })).Must(202).At("messages").GetInt32().ShouldBe(2);
        await consumer.Gets(RetrySchedule.Attempts + 2);
        await Eventually.True(async () => (await staff.Get($"admin/webhook-endpoints/{id}/deliveries?state=delivered")).Must().At("items").GetArrayLength() == 2, "Not all was delivered.");
        consumer.Messages.Count(m => m.Id == message.Id).ShouldBe(RetrySchedule.Attempts + 1);
        (await staff.Post($"admin/webhook-endpoints/{id}/actions/replay", new { from = began.AddMinutes(-1) })).Must(202).At("messages").GetInt32().ShouldBe(0);

        (await staff.Post($"admin/webhook-endpoints/{id}/deliveries/{message.Id}/actions/replay")).Must(202);
        await Eventually.True(() => Task.FromResult(consumer.Messages.Count(m => m.Id == message.Id) == RetrySchedule.Attempts + 2), "The one message did not come again.");
        var detail = (await staff.Get($"admin/webhook-endpoints/{id}/deliveries/{message.Id}")).Must();
        detail.At("attempts").GetArrayLength().ShouldBe(RetrySchedule.Attempts + 2);
        detail.Word("body.type").ShouldBe("payment.captured");
    }

    [Fact]
    [Covers("M-23")]
    public async Task A_consumer_that_says_it_is_gone_is_stopped_at_once()
    {
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var (id, _) = await world.Listens(staff, consumer, "payment.expired");
        consumer.AnswersWith(410);
        await world.Happens(state: PaymentState.Expired);
        await Eventually.True(async () => await world.StateOf(staff, id) is "disabled", "It was never disabled.");
        (await staff.Get($"admin/webhook-endpoints/{id}")).Word("disabledWhy").ShouldBe("gone");
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'webhook_endpoint_disabled'", staff.Account)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-23")]
    public async Task One_message_that_a_consumer_never_takes_does_not_stop_the_others()
    {
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var (id, _) = await world.Listens(staff, consumer, "payment.failed");
        consumer.AnswersWith(500);
        await world.Happens(state: PaymentState.Failed);
        await consumer.Gets(1);
        await Recorded(id, 1);
        consumer.AnswersWith(200);
        await world.Happens(state: PaymentState.Failed);
        await consumer.Gets(2);
        consumer.AnswersWith(500);
        for (var attempt = 2; attempt <= RetrySchedule.Attempts; attempt++)
        {
            await world.Clock.Passes(27.Hours());
            await Recorded(id, attempt + 1); // and the one that was taken
        }
        (await world.StateOf(staff, id)).ShouldBe("enabled", "it took something since the first failure");
        (await staff.Get($"admin/webhook-endpoints/{id}/deliveries?state=failed")).Must().At("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public void The_schedule_is_75_hours_and_its_jitter_a_tenth()
    {
        RetrySchedule.Waits.Aggregate((a, b) => a + b).TotalHours.ShouldBe(75.58, 0.01);
        for (var i = 0; i < 200; i++) RetrySchedule.After(4)!.Value.TotalMinutes.ShouldBeInRange(108, 132);
        RetrySchedule.After(10).ShouldBeNull();
    }

    [Fact]
    public async Task Who_changes_an_endpoint_must_have_seen_it_as_it_is()
    {
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var (id, _) = await world.Listens(staff, consumer, "order.paid");
        (await staff.Patch($"admin/webhook-endpoints/{id}", new { seenRevision = 1, description = "Ledger of the shop" })).Must().At("revision").GetInt32().ShouldBe(2);
        (await staff.Patch($"admin/webhook-endpoints/{id}", new { seenRevision = 1, description = "?" })).MustRefuse(OperationsRefusals.WebhookEndpointChanged);
        (await staff.Patch($"admin/webhook-endpoints/{id}", new { seenRevision = 2, events = new[] { "webhook.test" } })).MustRefuse(OperationsRefusals.WebhookEventUnknown);
        (await staff.Send(HttpMethod.Delete, $"admin/webhook-endpoints/{id}", null, staff.Header)).Must(204);
        (await staff.Get($"admin/webhook-endpoints/{id}")).MustRefuse(OperationsRefusals.WebhookEndpointNotFound);
    }

    private Task Recorded(string endpoint, int attempts) => Eventually.True(
        async () => await world.Database.Count("operations.webhook_attempts where endpoint_id = $1", WebhookWorld.Id(endpoint).Value) >= attempts, $"Attempt {attempts} was not recorded.");
}
