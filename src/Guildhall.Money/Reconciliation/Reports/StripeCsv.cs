using System.Runtime.CompilerServices;
using Guildhall.Foundation;

namespace Guildhall.Money.Reconciliation;

/// <summary>Stripe's "Balance change from activity, itemized" and "Payouts, itemized" reports, by their column names (docs.stripe.com/reports/report-types).
/// Amounts are in major units; times are read from the UTC columns.</summary>
internal static class StripeCsv
{
    private static readonly string[] Needed = ["balance_transaction_id", "created_utc", "currency", "gross", "fee", "net", "reporting_category"];

    public static async IAsyncEnumerable<ReportRow> Read(Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        using var csv = new CsvReader(stream);
        if (await csv.Next(stop) is not { } head) yield break;
        var columns = new CsvColumns([.. head]);
        columns.Need(Needed);
        while (await csv.Next(stop) is { } row) yield return One(csv.Row, columns, row);
    }

    private static ReportRow One(long no, CsvColumns columns, IReadOnlyList<string> row)
    {
        var currency = Fields.Currency(no, columns.Of(row, "currency"));
        var gross = Fields.Amount(no, columns.Of(row, "gross"), currency);
        var fee = Fields.Amount(no, columns.Of(row, "fee"), currency);
        if (gross - fee != Fields.Amount(no, columns.Of(row, "net"), currency)) throw new ReportUnreadableException(no, "Gross less fee is not net.");
        var kind = StripeReport.Kind(columns.Of(row, "reporting_category"), gross);
        var id = columns.Of(row, "balance_transaction_id") ?? throw new ReportUnreadableException(no, "The row has no id.");
        var named = kind switch
        {
            ReportKind.Charge => columns.Of(row, "payment_metadata[payment_id]"),
            ReportKind.Refund or ReportKind.RefundBack => columns.Of(row, "refund_metadata[refund_id]"),
            ReportKind.Payout or ReportKind.PayoutBack => columns.Of(row, "transfer_metadata[payout_id]"),
            _ => null,
        };
        var there = kind == ReportKind.Charge ? columns.Of(row, "payment_intent_id") ?? columns.Of(row, "source_id") : columns.Of(row, "source_id");
        return new ReportRow(Fields.Reference(no, id), kind, gross, fee, Fields.Time(no, columns.Of(row, "created_utc")), Fields.Day(no, columns.Of(row, "available_on_utc")),
            Fields.Ours(kind, named), Fields.Reference(no, there), Fields.Reference(no, columns.Of(row, "automatic_payout_id")), Fields.Words(columns.Of(row, "description")));
    }
}

/// <summary>Stripe's words for what moved its balance.</summary>
internal static class StripeReport
{
    /// <summary>From <c>reporting_category</c> (docs.stripe.com/reports/reporting-categories); the sign tells a thing from its reversal.</summary>
    public static ReportKind Kind(string? category, Amount gross) => category switch
    {
        "charge" => ReportKind.Charge,
        "refund" or "partial_capture_reversal" => gross.Minor <= 0 ? ReportKind.Refund : ReportKind.RefundBack,
        "refund_failure" => ReportKind.RefundBack,
        "transfer" => gross.Minor <= 0 ? ReportKind.Payout : ReportKind.PayoutBack,
        "transfer_reversal" => ReportKind.PayoutBack,
        "dispute" => gross.Minor <= 0 ? ReportKind.Dispute : ReportKind.DisputeBack,
        "dispute_reversal" => ReportKind.DisputeBack,
        "fee" or "network_cost" => ReportKind.Fee,
        "payout" => gross.Minor <= 0 ? ReportKind.Settlement : ReportKind.SettlementBack,
        "payout_reversal" => ReportKind.SettlementBack,
        _ => ReportKind.Other,
    };
}
