using Guildhall.Foundation.Data;
using Guildhall.Foundation.Facts;
using Guildhall.Foundation.Telemetry;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Gateways;

/// <summary>Payments by gateway and outcome, messages that gateways sent, and how long their answers take, counted on this node after the commit. Nothing is decided by these figures.</summary>
public sealed class GatewayMeter
{
    private static readonly string[] Outcomes = ["captured", "authorized", "failed", "declined", "cancelled", "expired"], Proofs = ["proven", "hint", "refused"];

    private readonly System.Diagnostics.Metrics.Counter<long> _payments, _webhooks;
    private readonly Timing _calls;

    public GatewayMeter(NodeMeter node, GatewayCalls calls)
    {
        _payments = node.Count("guildhall.payments", "Payments that came into a state, by gateway and outcome; declined is a try of the customer that the bank refused.");
        _webhooks = node.Count("guildhall.webhooks.received", "Messages of gateways, by gateway and whether their sender was proven.");
        _calls = node.Time("guildhall.gateway.call.duration", "Calls to a gateway until the answer begins; answered is false for a broken line, silence and failures of the other side.");
        calls.Ended += (gateway, time, answered) => _calls.Took(time,
            new KeyValuePair<string, object?>("gateway", gateway), new KeyValuePair<string, object?>("answered", answered ? "true" : "false"));
    }

    /// <summary>Begins every count at zero: what counts rises from the first event on, and not only from the second.</summary>
    internal void Begin(IEnumerable<IGateway> gateways)
    {
        foreach (var gateway in gateways)
        {
            foreach (var outcome in Outcomes) _payments.Add(0, new("gateway", gateway.Name), new("outcome", outcome));
            foreach (var proof in Proofs) _webhooks.Add(0, new("gateway", gateway.Name), new("proof", proof));
        }
    }

    internal void Received(string gateway, Heard heard) =>
        _webhooks.Add(1, new("gateway", gateway), new("proof", heard switch { Heard.Proven => "proven", Heard.Hint => "hint", _ => "refused" }));

    internal static void React(IServiceCollection services)
    {
        services.AddSingleton(s => new Reaction(typeof(PaymentChanged), s.GetRequiredService<GatewayMeter>().Changed));
        services.AddSingleton(s => new Reaction(typeof(OrderPaymentFailed), s.GetRequiredService<GatewayMeter>().Declined));
    }

    private Func<Transaction, PaymentChanged, Task> Changed => (tx, fact) => After(tx, fact.Gateway, fact.State switch
    {
        PaymentState.Captured => "captured", PaymentState.Authorized => "authorized", PaymentState.Failed => "failed",
        PaymentState.Cancelled => "cancelled", PaymentState.Expired => "expired", _ => null,
    });

    private Func<Transaction, OrderPaymentFailed, Task> Declined => (tx, fact) => After(tx, fact.Gateway, "declined");

    private Task After(Transaction tx, string gateway, string? outcome)
    {
        if (outcome is not null) tx.AfterCommit(() => _payments.Add(1, new("gateway", gateway), new("outcome", outcome)));
        return Task.CompletedTask;
    }
}
