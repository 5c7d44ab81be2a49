using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Invoices;

/// <summary>A wrong invoice is taken back by a credit note and issued again with other words, taxes or names; the sum stays, since the order does. The issued one keeps its
/// bytes. An unpaid one gets a new link; the old one leads there no more.</summary>
public static class CorrectInvoice
{
    public sealed record Body(string Reason, IReadOnlyList<IssueInvoice.Line> Lines, Buyer? BuyerDetails = null);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/invoices/{id}/actions/correct", async (InvoiceId id, Body body, Caller caller, Database database, MasterKey key, CancellationToken stop) =>
            (await Run(database, key, caller, id, body, stop)).ToHttp(success: 201))
        .WithName(nameof(CorrectInvoice)).Requires(MoneyPermissions.InvoiceIssue).Idempotent().Produces<ReadInvoice.View>(201);

    /// <returns>The invoice that replaces it.</returns>
    public static async Task<Result<ReadInvoice.View>> Run(Database database, MasterKey key, Caller caller, InvoiceId id, Body body, CancellationToken stop)
    {
        if (body.Reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        if (InvoiceRules.Objection(body.Lines, body.BuyerDetails) is { } objection) return MoneyRefusals.InvoiceInvalid.Saying(objection);
        var done = await database.InTransaction(tx => Replace(tx, key, caller, id, body), stop);
        return done.Is(out var replacement, out var refusal) ? await ReadInvoice.Run(database, key, caller, replacement, stop) : refusal;
    }

    private static async Task<Result<InvoiceId>> Replace(Transaction tx, MasterKey key, Caller caller, InvoiceId id, Body body)
    {
        var next = caller.OperationId is { } operation ? new InvoiceId(operation) : tx.NewId<InvoiceId>();
        if (await InvoiceRows.Find(tx, id) is not { Kind: InvoiceKind.Invoice } known) return MoneyRefusals.InvoiceNotFound;
        await Orders.Orders.Lock(tx, known.OrderId);
        if (await tx.Find<InvoiceId?>("select id from money.invoices where id = @next", new { next }) is not null) return next;
        var wrong = (await InvoiceRows.Find(tx, id))!;
        if (wrong.State == InvoiceState.Void) return MoneyRefusals.InvoiceVoid;
        if (wrong.CreditedMinor > 0) return MoneyRefusals.InvoicePartlyCredited;
        var lines = body.Lines.Select(l => (l.Text.Trim(), l.Amount, l.TaxBasisPoints)).ToList();
        if (lines.Select(l => l.Amount).Aggregate((sum, amount) => sum + amount) is var sum && sum != wrong.Total) return MoneyRefusals.InvoiceSumChanged.With(("total", wrong.Total));

        await WriteDocument.Run(tx, caller, IssueCreditNote.Of(tx, wrong, wrong.TotalMinor, body.Reason) with { Tells = false });
        await WriteDocument.Run(tx, caller, new NewDocument(next, InvoiceKind.Invoice, wrong.OrderId, wrong.Purpose, wrong.BuyerId, wrong.ProviderId, lines)
        {
            Of = wrong.Id, OfNumber = wrong.Number, Reason = body.Reason, BuyerAsTold = body.BuyerDetails, Language = wrong.Language, Deposit = wrong.Deposit, DueAt = wrong.DueAt, Paid = wrong.State == InvoiceState.Paid,
            Link = wrong.State == InvoiceState.Issued && wrong.DueAt is not null ? PayLinks.Hash(PayLinks.Token(key, next)) : null,
        });
        return next;
    }
}
