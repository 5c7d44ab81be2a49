using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Operations.Webhooks;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Operations.Webhooks;

/// <summary>Staff who look after webhooks; one loopback address is allowed to listen.</summary>
public class WebhookWorld : ActingWorld
{
    protected override bool HasSandbox => false;

    protected override IReadOnlySet<string> Granted { get; } = new HashSet<string>(["webhook.manage"], StringComparer.Ordinal);

    internal override HostSettings Configure(HostSettings settings, int node)
    {
        AllowedTarget.TryParse("127.0.0.1", out var loopback);
        return settings with { WebhookAllow = [loopback!] };
    }

    /// <summary>Makes an endpoint; answers it and its secret.</summary>
    internal async Task<(string Id, string Secret)> Listens(Actor staff, Consumer consumer, params string[] events)
    {
        var made = (await staff.Post("admin/webhook-endpoints", new { url = consumer.Address, description = "Books", events })).Must(201);
        return (made.Word("endpoint.id"), made.Word("secret"));
    }

    /// <summary>A payment changes: an event in a transaction of its own.</summary>
    internal Task Happens(PaymentId? payment = null, PaymentState state = PaymentState.Captured, int node = 0) => Data(node).InTransaction(tx =>
        tx.Publish(new PaymentChanged(payment ?? new PaymentId(Guid.CreateVersion7()), new OrderId(Guid.CreateVersion7()), new Amount(12_500, Currency.Of("KWD")), state, "stripe")));

    internal async Task<string> StateOf(Actor staff, string endpoint) => (await staff.Get($"admin/webhook-endpoints/{endpoint}")).Must().Word("state");

    internal static WebhookEndpointId Id(string text) => Guildhall.Foundation.Id.TryParse<WebhookEndpointId>(text, out var id) ? id : throw new ArgumentException(text, nameof(text));
}
