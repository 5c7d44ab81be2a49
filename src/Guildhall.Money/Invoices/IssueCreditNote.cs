using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Invoices;

/// <summary>A refund that reached the customer is credited on the invoice of its order, once: what is left of the invoice at most, by its rates. Money that had paid
/// nothing was never invoiced, so it is not credited either.</summary>
internal sealed record IssueCreditNote(OrderId Order, RefundId Refund) : IJob
{
    public static string Kind => "issue_credit_note";

    private sealed record Refunded(long Minor, string Reason, string State);

    public static async Task Run(Transaction tx, IssueCreditNote job)
    {
        var order = await Orders.Orders.Lock(tx, job.Order);
        if (order is not { State: OrderState.Paid }) return;
        var refund = await tx.Find<Refunded>("select minor, reason, state from money.refunds where id = @Refund and source <> 'unapplied'", new { job.Refund });
        if (refund is not { State: "completed" } || await tx.Find<InvoiceId?>(Known, new { job.Refund }) is not null) return;
        var invoice = await InvoiceRows.Live(tx, job.Order);
        if (invoice is null)
        {
            if (await tx.Get<bool>("select exists (select 1 from money.invoices where order_id = @Order and kind = 'invoice')", new { job.Order })) return; // wholly credited before
            throw new RunAgainException(TimeSpan.FromSeconds(2)); // the invoice comes first
        }
        var minor = Math.Min(refund.Minor, invoice.TotalMinor - invoice.CreditedMinor);
        await WriteDocument.Run(tx, Caller.System("invoices"), Of(tx, invoice, minor, refund.Reason) with { Refund = job.Refund });
    }

    /// <summary>A credit note of this much of an invoice, spread over its rates by largest remainder.</summary>
    internal static NewDocument Of(Transaction tx, Invoice invoice, long minor, string reason) =>
        new(tx.NewId<InvoiceId>(), InvoiceKind.CreditNote, invoice.OrderId, invoice.Purpose, invoice.BuyerId, invoice.ProviderId, Spread(invoice, minor, reason))
        {
            Of = invoice.Id, OfNumber = invoice.Number, Reason = reason, Language = invoice.Language,
            Voids = invoice.CreditedMinor + minor == invoice.TotalMinor ? invoice.Total : null,
        };

    private static List<(string, Amount, int)> Spread(Invoice invoice, long minor, string reason)
    {
        var taxes = ReadInvoice.ContentOf(invoice).Taxes;
        var text = reason.Length > 200 ? reason[..200] : reason;
        if (taxes.Count <= 1 || invoice.TotalMinor == 0) return [(text, new Amount(minor, invoice.Currency), taxes.Count == 1 ? taxes[0].BasisPoints : 0)];
        var parts = taxes.Select(t => (Rate: t.BasisPoints, Exact: (Int128)(t.Net.Minor + t.Tax.Minor) * minor)).ToList();
        var whole = parts.Select(p => (long)(p.Exact / invoice.TotalMinor)).ToArray();
        var left = minor - whole.Sum();
        foreach (var no in Enumerable.Range(0, parts.Count).OrderByDescending(n => parts[n].Exact - ((Int128)whole[n] * invoice.TotalMinor)).ThenBy(n => parts[n].Rate)) if (left-- > 0) whole[no]++;
        return [.. parts.Select((p, no) => (text, new Amount(whole[no], invoice.Currency), p.Rate)).Where(p => !p.Item2.IsZero)];
    }

    private const string Known = "select id from money.invoices where kind = 'credit_note' and refund_id = @Refund";
}
