using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>Balance transactions are worked out from what they belong to: <c>ch_X</c> has <c>txn_chX</c>.</summary>
internal static class FindBalanceTransaction
{
    public static string IdFor(string source) => "txn_" + source.Replace("_", "", StringComparison.Ordinal);

    public static BalanceTransaction? By(World world, string id)
    {
        if (id.Length < 7 || !id.StartsWith("txn_", StringComparison.Ordinal)) return null;
        var source = $"{id[4..6]}_{id[6..]}";
        return id[4..6] switch
        {
            "ch" when world.Charges.Find(source) is { Captured: true } c =>
                Make(id, source, c.AmountCaptured, MoveBalance.Fee(c.AmountCaptured), c.Currency, c.Created, "charge", c.Description),
            "re" when world.Refunds.Find(source) is { } r => Make(id, source, -r.Amount, 0, r.Currency, r.Created, "refund", null),
            "tr" when world.Transfers.Find(source) is { } t =>
                Make(id, source, -t.Amount, 0, t.Currency, t.Created, "transfer", t.Description),
            "po" when world.Payouts.Find(source) is { } p => Make(id, source, -p.Amount, 0, p.Currency, p.Created, "payout", p.Description),
            _ => null,
        };
    }

    /// <summary>Everything that moved the platform's balance, newest first.</summary>
    public static IEnumerable<BalanceTransaction> All(World world)
    {
        var sources = world.Charges.NewestFirst().Where(c => c.Captured).Select(c => c.Id)
            .Concat(world.Refunds.NewestFirst().Select(r => r.Id))
            .Concat(world.Transfers.NewestFirst().Select(t => t.Id))
            .Concat(world.Payouts.NewestFirst($"account:{MoveBalance.Platform}").Select(p => p.Id));
        var back = world.Refunds.NewestFirst().Where(r => r.FailureBalanceTransaction is not null)
            .Select(r => Make(r.FailureBalanceTransaction!, r.Id, r.Amount, 0, r.Currency, r.Created, "refund_failure", null))
            .Concat(world.Transfers.NewestFirst().SelectMany(t => t.Reversals.Data)
                .Select(r => Make(IdFor(r.Id), r.Id, r.Amount, 0, r.Currency, r.Created, "transfer_refund", null) with { ReportingCategory = "transfer_reversal" }))
            .Concat(world.Payouts.NewestFirst($"account:{MoveBalance.Platform}").Where(p => p.Status is "failed" or "canceled")
                .Select(p => Make(IdFor(p.Id) + "f", p.Id, p.Amount, 0, p.Currency, p.Created, "payout_failure", null) with { ReportingCategory = "payout_reversal" }));
        return sources.Select(id => By(world, IdFor(id))!).Concat(back).OrderByDescending(t => t.Created).ThenByDescending(t => t.Id, StringComparer.Ordinal);
    }

    private static BalanceTransaction Make(
        string id, string source, long amount, long fee, string currency, long created, string type, string? description) => new()
    {
        Id = id,
        Source = source,
        Amount = amount,
        Fee = fee,
        FeeDetails = fee == 0 ? [] : [new FeeDetail(fee, currency, "Stripe processing fees")],
        Net = amount - fee,
        Currency = currency,
        Created = created,
        AvailableOn = created,
        Description = description,
        ReportingCategory = type,
        Type = type,
    };
}
