using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Invoices;

/// <summary>issued → void: a credit note takes all of an unpaid invoice back and its order is cancelled, so that its link no longer pays. When money arrives all the same,
/// the order is paid and gets a new invoice. A paid one is refunded instead.</summary>
public static class VoidInvoice
{
    public sealed record Body(string Reason);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/invoices/{id}/actions/void", async (InvoiceId id, Body body, Caller caller, Database database, MasterKey key, CancellationToken stop) =>
            (await Run(database, key, caller, id, body.Reason, stop)).ToHttp())
        .WithName(nameof(VoidInvoice)).Requires(MoneyPermissions.InvoiceIssue).Idempotent().Produces<ReadInvoice.View>();

    public static async Task<Result<ReadInvoice.View>> Run(Database database, MasterKey key, Caller caller, InvoiceId id, string reason, CancellationToken stop)
    {
        if (reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await InvoiceRows.Find(tx, id) is not { Kind: InvoiceKind.Invoice } known) return MoneyRefusals.InvoiceNotFound;
            await Orders.Orders.Lock(tx, known.OrderId);
            var invoice = (await InvoiceRows.Find(tx, id))!;
            if (invoice.State == InvoiceState.Void) return default(Done);
            if (invoice.State == InvoiceState.Paid) return MoneyRefusals.InvoicePaid;
            if ((await CancelOrder.Run(tx, caller, invoice.OrderId, reason)).Refusal is { } refusal) return refusal;
            await WriteDocument.Run(tx, caller, IssueCreditNote.Of(tx, invoice, invoice.TotalMinor - invoice.CreditedMinor, reason));
            return default(Done);
        }, stop);
        return done.Is(out _, out var no) ? await ReadInvoice.Run(database, key, caller, id, stop) : no;
    }
}
