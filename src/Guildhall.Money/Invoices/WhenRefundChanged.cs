using Guildhall.Foundation.Data;
using Guildhall.Money.Refunds;

namespace Guildhall.Money.Invoices;

/// <summary>A refund that has reached the customer gets its credit note and its receipt. Only this refund's jobs are added: one that another node runs
/// waits for the order that is locked here.</summary>
internal static class WhenRefundChanged
{
    public static async Task Run(Transaction tx, RefundChanged fact)
    {
        if (fact.State == RefundState.Failed) await tx.Enqueue(new RestateInvoice(fact.Order, fact.Refund), uniqueKey: fact.Refund.ToString());
        if (fact.State != RefundState.Completed) return;
        var credits = await tx.Get<bool>("select source <> 'unapplied' from money.refunds where id = @Refund", new { fact.Refund });
        if (credits) await tx.Enqueue(new IssueCreditNote(fact.Order, fact.Refund), uniqueKey: fact.Refund.ToString());
        await tx.Enqueue(new IssueReceipt(fact.Order, null, fact.Refund), uniqueKey: fact.Refund.ToString());
    }
}
