using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;

namespace Guildhall.Tests.Money.Disputes;

/// <summary>A dispute of a deal's payment, and what the bank does with it.</summary>
internal sealed record Quarrel(Deal Deal, PaymentId Payment, string Reference)
{
    private MoneyWorld World => Deal.World;

    public Task Bank(string status) => World.Sandbox.Post($"/sandbox/stripe/disputes/{Reference}/{status}");

    public Task<DisputeView> Becomes(DisputeState state) => Eventually.Get(Now, d => d?.State == state, $"The dispute was expected to become {state}")!;

    /// <summary>As we have it; null while we do not.</summary>
    public async Task<DisputeView?> Now() => (await ListDisputes.OfPayment(World.Data(), Payment, default)).FirstOrDefault(d => d.GatewayReference == Reference);

    /// <summary>The gateway's events of this dispute, oldest first, as it would send them.</summary>
    public async Task<IReadOnlyList<string>> Events() => [.. (await World.Gateway.Did("events"))
        .Where(e => e.GetProperty("data").GetProperty("object").GetProperty("id").GetString() == Reference).Reverse().Select(e => e.GetRawText())];

    /// <summary>Everything the gateway says, applied without its messages.</summary>
    public Task Asked(int node = 0) => CheckDispute.Ask(World.Data(node), World.Get<DisputeDesks>(node), World.Get<GatewayBook>(node), "stripe", Reference, default);

    public async Task<DisputeView> Answers(string text = "They were there.", Guid? operation = null) =>
        (await AnswerDispute.Run(World.Data(), MoneyWorld.Staff with { OperationId = operation }, (await Now())!.Id, new DisputeEvidence(Other: text), default)).OrThrow();
}

internal static class Quarrels
{
    /// <summary>The customer's bank disputes the payment; all of it when no amount is said.</summary>
    public static async Task<Quarrel> IsDisputed(this Deal deal, PaymentId payment, long? amount = null, bool inquiry = false, bool withoutDebit = false)
    {
        var intent = await deal.World.Database.Value<string>("select gateway_payment from money.payments where id = $1", payment.Value);
        var opened = await deal.World.Sandbox.Post("/sandbox/stripe/disputes", new { charge = intent, amount, inquiry, withoutDebit });
        return new Quarrel(deal, payment, opened.GetProperty("id").GetString()!);
    }

    /// <summary>Paid and disputed, and we know.</summary>
    public static async Task<Quarrel> PaidAndDisputed(this Deal deal, long? amount = null)
    {
        var quarrel = await deal.IsDisputed(await deal.Pays(), amount);
        await quarrel.Becomes(DisputeState.NeedsResponse);
        return quarrel;
    }
}
