using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Escrow;

namespace Guildhall.Money.Invoices;

/// <summary>What was invoiced was delivered: the money of a paid invoice goes to the provider at once, that of a deposit when the final invoice that takes it off is paid.</summary>
internal sealed record ReleaseInvoice(InvoiceId Invoice) : IJob
{
    private static readonly TimeSpan Wait = TimeSpan.FromHours(1);

    public static string Kind => "release_invoice";

    public static async Task Run(Transaction tx, ReleaseInvoice job)
    {
        if (await InvoiceRows.Find(tx, job.Invoice) is not { Deposit: false } invoice) return;
        var caller = Caller.System("invoices");
        if (invoice.Deducts is { } id && await InvoiceRows.Find(tx, id) is { } deposit) await Release(tx, caller, deposit.OrderId);
        await Release(tx, caller, invoice.OrderId);
    }

    // Refused for ever when it was released before; a complaint, a dispute and a capture under way end.
    private static async Task Release(Transaction tx, Caller caller, OrderId order)
    {
        var refusal = (await ReleaseEscrow.Run(tx, caller, order)).Refusal;
        if (refusal == MoneyRefusals.OrderHeld || refusal == MoneyRefusals.OrderDisputed || refusal == MoneyRefusals.CaptureInProgress) throw new RunAgainException(Wait);
    }
}
