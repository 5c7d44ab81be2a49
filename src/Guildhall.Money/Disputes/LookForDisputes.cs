using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Disputes;

/// <summary>Disputes begin and end at the gateway, and every message about one may be lost. So every few hours its list is read, as far back as a dispute
/// may still change, and what stands there otherwise than here is asked about.</summary>
public sealed record LookForDisputes(string Gateway) : IJob
{
    public static string Kind => "look_for_disputes";

    private const int Batch = 100;

    internal static readonly TimeSpan Every = TimeSpan.FromHours(6);

    internal static async Task Plan(Transaction tx, DisputeDesks desks)
    {
        foreach (var gateway in desks.Gateways) await tx.Enqueue(new LookForDisputes(gateway), uniqueKey: gateway);
    }

    internal static async Task Run(JobContext context, LookForDisputes job)
    {
        var desk = context.Get<DisputeDesks>().Of(job.Gateway);
        var answer = await desk.OpenedSince(context.Database.Clock.GetUtcNow() - desk.MayChangeFor, context.Stop);
        if (answer is not GatewayAnswer<IReadOnlyList<DisputeFact>>.Accepted(var facts)) return; // the next look is not far
        foreach (var some in facts.Chunk(Batch)) await context.Database.InTransaction(tx => Compare(tx, job.Gateway, some), context.Stop);
    }

    private static async Task Compare(Transaction tx, string gateway, DisputeFact[] facts)
    {
        var known = (await tx.List<Dispute>($"select {Disputes.Columns} {Disputes.From} where d.gateway = @gateway and d.gateway_ref = any(@references) limit @Batch",
            new { gateway, references = facts.Select(f => f.Reference).ToArray(), Batch })).ToDictionary(d => d.GatewayRef, StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            var isNews = known.TryGetValue(fact.Reference, out var dispute) ? SettleDispute.IsNews(dispute, fact) : await SettleDispute.PaymentOf(tx, gateway, fact) is not null;
            if (isNews) await tx.Enqueue(new CheckDispute(gateway, fact.Reference), uniqueKey: fact.Reference);
        }
    }
}
