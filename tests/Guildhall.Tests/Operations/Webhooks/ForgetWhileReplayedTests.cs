using Guildhall.Money.Payments;
using Guildhall.Operations.Webhooks;

namespace Guildhall.Tests.Operations.Webhooks;

public sealed class ForgetWhileReplayedTests(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    [Theory]
    [Covers("M-23")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_asks_for_a_message_while_it_is_forgotten_gets_it_or_is_told_that_it_is_gone(bool forgottenFirst)
    {
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var (id, _) = await world.Listens(staff, consumer, "payment.cancelled");
        await world.Happens(state: PaymentState.Cancelled);
        await consumer.Gets(1);
        var message = consumer.Messages.First().Id;
        await Eventually.True(async () => await world.Database.Count("operations.webhook_deliveries where endpoint_id = $1 and state = 'delivered'", WebhookWorld.Id(id).Value) == 1, "It was not delivered.");
        await world.Database.Execute("update operations.webhook_events set occurred_at = occurred_at - interval '91 days'");
        Task<Answer> replay;
        await using (var gate = await Gate.Close(world.Database, "select 1 from operations.webhook_deliveries for update"))
        {
            // Either has the event locked and waits for its delivery; the other then meets that lock.
            var forget = forgottenFirst ? Forget() : Task.CompletedTask;
            if (forgottenFirst) await Eventually.True(async () => await gate.Waiting() == 1, "Forgetting does not wait.");
            replay = staff.Post($"admin/webhook-endpoints/{id}/deliveries/{message}/actions/replay");
            await Eventually.True(async () => await gate.Waiting() == (forgottenFirst ? 2 : 1), "Sending again does not wait.");
            if (!forgottenFirst) await Forget(); // passes over it
            await gate.Open();
            await forget;
        }
        (await replay).Status.ShouldBe(forgottenFirst ? 404 : 202);
        if (!forgottenFirst) await consumer.Gets(2);
        world.Errors.ShouldBeEmpty();
    }

    private Task Forget() => world.Data().InTransaction(tx => ForgetWebhooks.Run(tx, new ForgetWebhooks()));
}
