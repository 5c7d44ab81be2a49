using System.Net.Http.Headers;
using System.Text;
using Guildhall.Money;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>What is fetched because strangers send messages.</summary>
public sealed class PayPalCertificatesTests(PayPalWorld world) : IClassFixture<PayPalWorld>
{
    [Fact]
    [Covers("M-5")]
    public async Task However_many_unknown_certificates_are_named_only_a_few_are_fetched()
    {
        var fetched = 0;
        world.PayPalWire.Before = http =>
        {
            if (!http.Request.Path.StartsWithSegments("/v1/notifications/certs", StringComparison.Ordinal)) return Task.FromResult(false);
            Interlocked.Increment(ref fetched);
            http.Response.StatusCode = 404;
            return Task.FromResult(true);
        };
        var body = PayPalEvent.Of("X", new { });
        for (var i = 0; i < 60; i++)
        {
            var sent = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            var where = new Uri(world.PayPalWire.Address, $"/v1/notifications/certs/CERT-{Guid.NewGuid():n}").AbsoluteUri;
            var answer = await world.Visitor().Send(HttpMethod.Post, "webhooks/paypal", sent, world.Signer.Headers(body, PayPalWorld.OtherWebhook, where));
            answer.MustRefuse(MoneyRefusals.WebhookNotTrusted);
        }
        fetched.ShouldBeInRange(1, 40); // ten a minute and node, over at most two minutes
    }
}
