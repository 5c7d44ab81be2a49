using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Operations;
using Guildhall.Operations.Webhooks;

namespace Guildhall.Tests.Operations.Webhooks;

public sealed class SendWebhookTests(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    private static string Signature(string secret, Consumer.Got got) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{got.Id}.{got.Timestamp}.{got.Body}")));

    [Fact]
    [Covers("M-23")]
    public void The_signature_is_that_of_the_published_example() =>
        WebhookSecret.Sign(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}""")
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    [Covers("M-23")]
    public async Task What_happened_arrives_once_signed_and_in_the_shape_of_the_api()
    {
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var (_, secret) = await world.Listens(staff, consumer, "payment.captured");
        var payment = new PaymentId(Guid.CreateVersion7());
        await world.Happens(payment, PaymentState.Authorized); // not listened to, counted all the same
        await world.Happens(payment);
        await consumer.Gets(1);

        var got = consumer.Messages.ShouldHaveSingleItem();
        got.Signature.ShouldBe(Signature(secret, got));
        Math.Abs(long.Parse(got.Timestamp, CultureInfo.InvariantCulture) - world.Clock.Now.ToUnixTimeSeconds()).ShouldBeLessThan(30);
        var body = JsonSerializer.Deserialize<JsonElement>(got.Body);
        body.EnumerateObject().Select(m => m.Name).ShouldBe(["type", "timestamp", "data"]);
        body.GetProperty("type").GetString().ShouldBe("payment.captured");
        var data = body.GetProperty("data");
        data.EnumerateObject().Select(m => m.Name).ShouldBe(["version", "object", "id", "sequence", "order", "amount"]);
        data.GetProperty("id").GetString().ShouldBe(payment.ToString());
        data.GetProperty("sequence").GetInt64().ShouldBe(2);
        data.GetProperty("amount").GetRawText().ShouldBe("""{"minor":12500,"currency":"KWD","text":"12.500"}""");
        world.Errors.ShouldBeEmpty();
    }

    [Fact]
    [Covers("M-23")]
    public async Task While_a_secret_rotates_both_sign_and_a_day_later_only_the_new_one()
    {
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var (id, old) = await world.Listens(staff, consumer);
        var fresh = (await staff.Post($"admin/webhook-endpoints/{id}/actions/rotate-secret")).Must().Word("secret");
        await world.Happens();
        await consumer.Gets(1);
        consumer.Messages.TryDequeue(out var got).ShouldBeTrue();
        got!.Signature.ShouldBe($"{Signature(fresh, got)} {Signature(old, got)}");

        await world.Clock.Passes(24.Hours() + 1.Minutes());
        await world.Happens();
        await consumer.Gets(1);
        consumer.Messages.First().Signature.ShouldBe(Signature(fresh, consumer.Messages.First()));
        (await world.Database.Count("operations.webhook_endpoints where position($1 in secret) > 0", Encoding.UTF8.GetBytes(fresh))).ShouldBe(0, "a secret lies open");
        (await staff.Get($"admin/webhook-endpoints/{id}")).Text.ShouldNotContain("whsec_");
    }

    [Fact]
    [Covers("M-23")]
    public async Task Two_nodes_send_each_message_once_and_one_object_is_numbered_without_gaps_whoever_writes_at_once()
    {
        await using var consumer = new Consumer();
        await world.Listens(world.Actor(), consumer, "payment.captured");
        var payment = new PaymentId(Guid.CreateVersion7());
        await world.Happens(payment);
        await using (var gate = await Gate.Close(world.Database, "select 1 from operations.webhook_objects where object_id = $1 for update", payment.ToString()))
        {
            var all = Enumerable.Range(0, 20).Select(i => i % 5 == 0
                ? world.Data(i % 2).InTransaction<Result<Done>>(async tx =>
                {
                    await tx.Publish(new PaymentChanged(payment, new OrderId(Guid.CreateVersion7()), new Amount(1, Currency.Of("KWD")), PaymentState.Captured, "stripe"));
                    await tx.Flush();
                    return new Refusal("planted", 409, "Undone.");
                })
                : world.Happens(payment, node: i % 2)).ToArray();
            await gate.OpenWhenWaiting(10);
            await Task.WhenAll(all);
        }
        await consumer.Gets(17);
        var numbers = consumer.Messages.Select(m => JsonSerializer.Deserialize<JsonElement>(m.Body).GetProperty("data").GetProperty("sequence").GetInt64());
        numbers.Order().ShouldBe(Enumerable.Range(1, 17).Select(i => (long)i));
        consumer.Messages.Select(m => m.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(17);
    }

    [Fact]
    [Covers("M-23", "money-92")]
    public async Task A_redirect_is_not_followed_and_an_inside_address_is_not_connected_to_however_it_came_there()
    {
        await using var consumer = new Consumer();
        await using var inside = new Consumer();
        var staff = world.Actor();
        var (id, _) = await world.Listens(staff, consumer, "payment.captured");
        consumer.Answers = http => { http.Response.Redirect(inside.Address.ToString()); return Task.CompletedTask; };
        await world.Happens();
        await consumer.Gets(1);
        await LastError(staff, id, "redirects are not followed");
        inside.Messages.ShouldBeEmpty();

        // As if the name had been good when it was typed in.
        await world.Database.Execute("update operations.webhook_endpoints set url = $1 where id = $2", $"http://127.0.0.2:{inside.Port}/", WebhookWorld.Id(id).Value);
        await world.Clock.Passes(10.Minutes());
        await LastError(staff, id, "no public address");
        inside.Messages.ShouldBeEmpty();
    }

    [Theory]
    [Covers("money-92")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://2130706434/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("https://example.com:5432/")]
    [InlineData("https://example.com:22/")]
    [InlineData("ftp://example.com/")]
    [InlineData("/hook")]
    public async Task An_address_that_cannot_be_right_is_refused_when_it_is_typed_in(string url) =>
        (await world.Actor().Post("admin/webhook-endpoints", new { url })).MustRefuse(OperationsRefusals.WebhookUrlNotAllowed);

    [Fact]
    public void Outside_the_sandbox_only_https_is_good_enough()
    {
        var production = new PublicConnect([], plainHttp: false);
        production.Objection("http://example.com/hook").ShouldNotBeNull();
        production.Objection("https://example.com/hook").ShouldBeNull();
    }

    [Fact]
    [Covers("M-23", "money-93")]
    public async Task A_consumer_that_never_answers_keeps_nobody_else_waiting()
    {
        await using var dead = new Consumer();
        await using var well = new Consumer();
        var staff = world.Actor();
        await world.Listens(staff, dead, "payment.expired");
        await world.Listens(staff, well, "payment.expired");
        var never = new TaskCompletionSource();
        dead.Answers = _ => never.Task;
        for (var i = 0; i < 60; i++) await world.Happens(state: PaymentState.Expired, node: i % 2);
        await well.Gets(60);
        dead.Hanging.ShouldBeInRange(1, 2 * WebhookSender.AtOnce, "the dead one is met by as many as it is allowed, and still hangs");
        never.SetResult();
        await world.Database.Execute("update operations.webhook_endpoints set state = 'removed'");
    }

    [Fact]
    [Covers("M-23")]
    public async Task What_a_sender_that_died_had_taken_is_sent_by_another_and_its_late_word_changes_nothing()
    {
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var (id, _) = await world.Listens(staff, consumer, "payment.cancelled");
        consumer.AnswersWith(500);
        await world.Happens(state: PaymentState.Cancelled);
        await consumer.Gets(1);
        await LastError(staff, id, "500");
        var message = await world.Database.Value<Guid>("select event_id from operations.webhook_deliveries where endpoint_id = $1", WebhookWorld.Id(id).Value);
        consumer.AnswersWith(200);
        await world.Database.Execute("update operations.webhook_deliveries set state = 'sending', lease_until = now() - interval '1 second', fence = 7 where event_id = $1 and endpoint_id = $2", message, WebhookWorld.Id(id).Value);
        await consumer.Gets(2);
        await Eventually.True(async () => await world.Database.Count("operations.webhook_deliveries where event_id = $1 and endpoint_id = $2 and state = 'delivered'", message, WebhookWorld.Id(id).Value) == 1, "It was not delivered.");
        await world.Data().InTransaction(tx => RecordAttempt.Run(tx, WebhookWorld.Id(id), new WebhookMessageId(message), 7, "http://x", new(AttemptOutcome.AnsweredNo, 500, 1, null)));
        (await world.Database.Value<string>("select state from operations.webhook_deliveries where event_id = $1 and endpoint_id = $2", message, WebhookWorld.Id(id).Value)).ShouldBe("delivered");
    }

    [Fact]
    public void Of_an_answer_only_the_beginning_is_kept_without_what_may_be_secret()
    {
        PostMessage.Redact("ok\r\n").ShouldBe("ok");
        PostMessage.Redact("key sk_live_abcdefghijklmnopqrstuvwxyz for omar@example.com, card 4242 4242 4242 4242").ShouldBe("key ••• for ••• card •••");
        PostMessage.Redact(string.Join(' ', Enumerable.Repeat("word", 200)))!.Length.ShouldBeLessThan(202);
    }

    [Fact]
    public async Task The_test_button_sends_to_one_endpoint_and_strangers_have_no_buttons()
    {
        await using var one = new Consumer();
        await using var other = new Consumer();
        var staff = world.Actor();
        var (id, _) = await world.Listens(staff, one);
        await world.Listens(staff, other);
        (await staff.Post($"admin/webhook-endpoints/{id}/actions/test")).Must(202);
        await one.Gets(1);
        one.Messages.First().Body.ShouldContain("webhook.test");
        other.Messages.ShouldNotContain(m => m.Body.Contains("webhook.test", StringComparison.Ordinal));
        (await world.Visitor().Get("admin/webhook-endpoints")).Status.ShouldBe(401);
    }

    private Task LastError(Actor staff, string id, string says) => Eventually.True(
        async () => (await staff.Get($"admin/webhook-endpoints/{id}")).Must().Text.Contains(says, StringComparison.Ordinal), $"The endpoint never said: {says}");
}
