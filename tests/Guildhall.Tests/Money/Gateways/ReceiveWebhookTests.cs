using System.IO.Compression;
using System.Net;
using System.Text;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Money.Gateways;

public sealed class ReceiveWebhookTests(ReceiveWebhookTests.Setup world) : IClassFixture<ReceiveWebhookTests.Setup>, IAsyncLifetime
{
    public sealed class Setup : MoneyWorld
    {
        internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { StripeWebhookSecrets = ["whsec_old", WebhookSecret] };
    }

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<long> Stored(string eventId) => world.Database.Count("money.webhooks where event_id = $1", eventId);

    [Fact]
    [Covers("M-5", "money-80", "money-81")]
    public async Task A_message_that_proves_nothing_is_answered_401_and_not_stored()
    {
        var body = StripeEvent.Of("payment_intent.succeeded", new { @object = "payment_intent" }, "evt_untrusted");
        (await world.Hears(body, secret: "whsec_wrong")).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Hears(body, age: TimeSpan.FromSeconds(310))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Hears(body, age: TimeSpan.FromSeconds(-310))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Visitor().Send(HttpMethod.Post, "webhooks/stripe", StripeEvent.Json(Encoding.UTF8.GetBytes(body)))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        var signed = StripeEvent.Sign(body, World.WebhookSecret, world.Clock.Now);
        (await world.Visitor().Send(HttpMethod.Post, "webhooks/stripe", StripeEvent.Json(Encoding.UTF8.GetBytes(body.Replace("succeeded", "succeedeD", StringComparison.Ordinal))), ("Stripe-Signature", signed)))
            .MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await Stored("evt_untrusted")).ShouldBe(0);
        (await world.Hears(body, age: TimeSpan.FromSeconds(290))).Must();
        (await Stored("evt_untrusted")).ShouldBe(1);
    }

    [Fact]
    [Covers("M-5")]
    public async Task What_is_told_of_the_other_mode_is_kept_and_books_nothing()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var body = StripeEvent.Intent(payment.Id, "succeeded", 25_000, eventId: "evt_live");
        (await world.Hears(body.Replace("\"livemode\":false", "\"livemode\":true", StringComparison.Ordinal))).Must();
        await world.JobsAreDone();
        (await world.Database.Value<string>("select state from money.webhooks where event_id = 'evt_live'")).ShouldBe("ignored");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldBe("");
    }

    [Fact]
    [Covers("money-87")]
    public async Task Both_secrets_are_taken_while_one_replaces_the_other()
    {
        foreach (var secret in new[] { "whsec_old", World.WebhookSecret })
        {
            (await world.Hears(StripeEvent.Of("ping", new { @object = "ping" }, "evt_" + secret), secret)).Must();
            (await Stored("evt_" + secret)).ShouldBe(1);
        }
    }

    [Fact]
    [Covers("money-83")]
    public async Task Three_of_the_same_at_once_on_two_nodes_are_answered_and_have_one_effect()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        var body = StripeEvent.Intent(payment.Id, "succeeded", 25_000, eventId: "evt_thrice");
        await using var gate = await Gate.Close(world.Database, "insert into money.webhooks (gateway, event_id, type, body, received_at) values ('stripe', 'evt_thrice', 'x', '', now())");
        var heard = new[] { world.Hears(body, node: 0), world.Hears(body, node: 1), world.Hears(body, node: 0) };
        await gate.OpenWhenWaiting(3);
        foreach (var answer in await Task.WhenAll(heard)) answer.Must();
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Hears(body)).Must();
        (await Stored("evt_thrice")).ShouldBe(1);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Theory, InlineData("customer.created"), InlineData("a.type.of.tomorrow")]
    [Covers("money-89")]
    public async Task What_we_have_no_use_for_is_stored_and_ignored(string type) =>
        (await world.Learns(StripeEvent.Of(type, new { id = "cus_1", @object = "customer" }))).ShouldBe("ignored");

    [Fact]
    [Covers("money-20", "money-89")]
    public async Task What_names_a_payment_that_is_not_ours_is_set_aside_for_a_person()
    {
        var before = await Guildhall.Money.MoneyFigures.NeedsAPerson(world.Data(), default);
        (await world.Learns(StripeEvent.Intent(new PaymentId(Guid.CreateVersion7()), "succeeded", 25_000))).ShouldBe("unmatched");
        (await Guildhall.Money.MoneyFigures.NeedsAPerson(world.Data(), default)).ShouldBe(before + 1);
    }

    [Fact]
    [Covers("money-88")]
    public async Task A_body_too_large_is_refused_before_it_is_read()
    {
        using var wire = new HttpClient();
        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(world.Addresses[0], "/api/v1/webhooks/stripe")) { Content = new ByteArrayContent(new byte[10 * 1024 * 1024]) };
            request.Headers.ExpectContinue = true;
            request.Headers.TransferEncodingChunked = chunked;
            try
            {
                using var answer = await wire.SendAsync(request);
                answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            }
            catch (HttpRequestException) when (chunked) { } // cut off while sending
        }
    }

    [Fact]
    [Covers("money-88")]
    public async Task A_packed_body_or_a_crowd_of_headers_is_refused()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) await gzip.WriteAsync(new byte[5 * 1024 * 1024]);
        var content = StripeEvent.Json(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        (await world.Visitor().Send(HttpMethod.Post, "webhooks/stripe", content)).Must(415);
        var crowd = Enumerable.Range(0, 10_000).Select(i => ($"X-{i}", "1")).ToArray();
        (await world.Visitor().Send(HttpMethod.Post, "webhooks/stripe", StripeEvent.Json([]), crowd)).Status.ShouldBeInRange(400, 431);
    }

    [Fact]
    public async Task Only_gateways_that_we_know_are_listened_to()
    {
        (await world.Visitor().Send(HttpMethod.Post, "webhooks/paypal", StripeEvent.Json([]))).MustRefuse(MoneyRefusals.GatewayUnknown);
        (await world.Visitor().Send(HttpMethod.Post, "webhooks/Stripe", StripeEvent.Json([]))).MustRefuse(MoneyRefusals.GatewayUnknown);
    }

    [Theory, InlineData("[]"), InlineData("null"), InlineData("1"), InlineData("{}"), InlineData("""{"id":"evt_x"}"""), InlineData("""{"id":1,"type":2}"""), InlineData("not json")]
    public async Task A_signed_body_that_is_no_event_is_refused_and_not_stored(string body) => (await world.Hears(body)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
}
