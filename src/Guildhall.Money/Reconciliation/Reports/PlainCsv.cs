using System.Runtime.CompilerServices;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Reconciliation;

/// <summary>Our own layout, for gateways and banks without one that we read: columns <c>kind, currency, amount, at</c> and, when there are any,
/// <c>id, fee, arrives_on, reference, gateway_ref, batch, text</c>. Kinds are those of <see cref="ReportKind"/> in snake case, and <c>opening</c> and
/// <c>closing</c> for the balances that the report states. <c>reference</c> holds our ids, several of them with spaces between.</summary>
internal static class PlainCsv
{
    public static async IAsyncEnumerable<ReportRow> Read(Stream stream, IDictionary<Currency, StatedBalance> stated, [EnumeratorCancellation] CancellationToken stop)
    {
        using var csv = new CsvReader(stream);
        if (await csv.Next(stop) is not { } head) yield break;
        var columns = new CsvColumns([.. head]);
        columns.Need("kind", "currency", "amount", "at");
        while (await csv.Next(stop) is { } row)
        {
            var currency = Fields.Currency(csv.Row, columns.Of(row, "currency"));
            var amount = Fields.Amount(csv.Row, columns.Of(row, "amount"), currency);
            var balance = stated.TryGetValue(currency, out var known) ? known : new StatedBalance(null, null);
            if (columns.Of(row, "kind") is "opening") stated[currency] = balance with { Opening = amount };
            else if (columns.Of(row, "kind") is "closing") stated[currency] = balance with { Closing = amount };
            else yield return One(csv.Row, columns, row, amount);
        }
    }

    private static ReportRow One(long no, CsvColumns columns, IReadOnlyList<string> row, Amount gross)
    {
        if (!Kinds.TryGetValue(columns.Of(row, "kind") ?? "", out var kind)) throw new ReportUnreadableException(no, "The kind is none that is known.");
        var fee = columns.Of(row, "fee") is { } text ? Fields.Amount(no, text, gross.Currency) : Amount.Zero(gross.Currency);
        return new ReportRow(Fields.Reference(no, columns.Of(row, "id")), kind, gross, fee, Fields.Time(no, columns.Of(row, "at")), Fields.Day(no, columns.Of(row, "arrives_on")),
            Fields.Ours(kind, columns.Of(row, "reference")), Fields.Reference(no, columns.Of(row, "gateway_ref")), Fields.Reference(no, columns.Of(row, "batch")),
            Fields.Words(columns.Of(row, "text")));
    }

    private static readonly Dictionary<string, ReportKind> Kinds = Enum.GetValues<ReportKind>().ToDictionary(k => Names.Of(k), k => k, StringComparer.Ordinal);
}
