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
