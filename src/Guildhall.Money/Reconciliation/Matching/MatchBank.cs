using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;

namespace Guildhall.Money.Reconciliation.Matching;

/// <summary>Rows of banks against what gateways say they sent, and what people recorded by document. Nothing is settled by it.</summary>
internal static class MatchBank
{
    /// <summary>The open rows of a chunk.</summary>
    public static async Task OfRun(Transaction tx, ReconciliationId run, int from, int to) =>
        await Match(tx, [.. await tx.List<long>(BankSql.OpenOfRun, new { run, start = from, to })]);

    /// <summary>The open rows of every bank, after a gateway has told more.</summary>
    public static async Task All(Transaction tx) => await Match(tx, [.. await tx.List<long>(BankSql.Waiting)]);

    private static async Task Match(Transaction tx, long[] lines)
    {
        if (lines.Length == 0) return;
        var days = await tx.Setting(MoneySettings.BankDays);
        var matched = new List<long>();
        matched.AddRange(await tx.List<long>(BankSql.OneToOne, new { lines, days }));
        matched.AddRange(await tx.List<long>(BankSql.ManyToOne, new { lines, days }));
        matched.AddRange(await tx.List<long>(BankSql.ByHand, new { lines }));
        await tx.Change(BankSql.OtherAmount, new { lines });
        await Outcomes.Moved(tx, [.. matched]);
    }
}
