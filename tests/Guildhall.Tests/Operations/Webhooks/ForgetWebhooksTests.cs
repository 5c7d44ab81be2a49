using Guildhall.Money.Payments;
using Guildhall.Operations.Webhooks;

namespace Guildhall.Tests.Operations.Webhooks;

/// <summary>One endpoint takes everything, one takes nothing, one is disabled with messages waiting: only what nobody still waits for is forgotten.</summary>
public sealed class ForgetWebhooksTests(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    [Fact]
    [Covers("M-23")]
    public async Task What_was_sent_is_forgotten_after_its_time_and_what_is_still_due_is_not()
    {
        await using var well = new Consumer();
        await using var ill = new Consumer();
        var staff = world.Actor();
        var (wellId, _) = await world.Listens(staff, well);
        var (illId, _) = await world.Listens(staff, ill, "payment.captured");
        var payment = new Guildhall.Money.PaymentId(Guid.CreateVersion7());
        await world.Happens(payment);
        await world.Happens(payment, PaymentState.Expired);
        await well.Gets(2);
        await ill.Gets(1);
        await Delivered();
        ill.AnswersWith(500);
        await world.Happens(payment);
        await well.Gets(3);
        await ill.Gets(2);
        (await staff.Post($"admin/webhook-endpoints/{illId}/actions/disable")).Must(); // its message waits, and may be sent once it is enabled again

        await Forgets(after: 89.Days());
        (await Count()).ShouldBe((3, 5), "the time has not come");
        await Forgets(after: 2.Days());
        (await Count()).ShouldBe((1, 2), "what is due stays with all that was delivered of it");
        ill.AnswersWith(200);
        (await staff.Post($"admin/webhook-endpoints/{illId}/actions/enable")).Must();
        await ill.Gets(3);
        await Delivered();
        await Forgets(after: 1.Hours());
        (await Count()).ShouldBe((0, 0));
        (await world.Database.Count("operations.webhook_attempts")).ShouldBe(0);

        await world.Happens(payment);
        await well.Gets(4);
        well.Messages.Last().Body.ShouldContain("\"sequence\":4", customMessage: "the numbers of an object go on");
        (await staff.Post($"admin/webhook-endpoints/{wellId}/actions/replay", new { from = world.Clock.Now.AddDays(-200) })).Must(202).At("messages").GetInt32().ShouldBe(0);
    }

    private async Task Forgets(TimeSpan after)
    {
        await world.Clock.Passes(after);
        await world.Data().InTransaction(tx => ForgetWebhooks.Run(tx, new ForgetWebhooks()));
    }

    private async Task<(long Events, long Deliveries)> Count() => (await world.Database.Count("operations.webhook_events"), await world.Database.Count("operations.webhook_deliveries"));

    private Task Delivered() => Eventually.True(
        async () => await world.Database.Count("operations.webhook_deliveries where state <> 'delivered'") + await world.Database.Count("operations.webhook_events where fanned_at is null") == 0, "Not all is delivered.");
}
