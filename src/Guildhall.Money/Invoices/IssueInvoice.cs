using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Identity;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Methods;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Invoices;

/// <summary>(none) → issued: staff invoice a customer for what a provider does. An order is placed for it, and a link is made by which it can be paid without signing in
/// until it is due. A final invoice takes a paid deposit invoice off.</summary>
public static class IssueInvoice
{
    internal const string Purpose = "invoice";

    /// <summary>What one line says; the amount contains its tax.</summary>
    public sealed record Line(string Text, Amount Amount, int TaxBasisPoints = 0);

    /// <param name="Buyer">The account that is to pay; <paramref name="BuyerDetails"/> is what stands on the paper when it differs.</param>
    /// <param name="DueAt">Until then it can be paid by its link.</param>
    /// <param name="Deposit">Money in advance: it stays in escrow until the final invoice is paid.</param>
    /// <param name="Deducts">The paid deposit invoice that this one takes off.</param>
    public sealed record Body(AccountId Buyer, AccountId Provider, IReadOnlyList<Line> Lines, DateTimeOffset DueAt, bool Deposit = false, InvoiceId? Deducts = null, Buyer? BuyerDetails = null);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/invoices", async (Body body, Caller caller, Database database, MasterKey key, CancellationToken stop) => (await Run(database, key, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(IssueInvoice)).Requires(MoneyPermissions.InvoiceIssue).Idempotent().Produces<ReadInvoice.View>(201);

    public static async Task<Result<ReadInvoice.View>> Run(Database database, MasterKey key, Caller caller, Body body, CancellationToken stop)
    {
        var issued = await database.InTransaction(tx => Issue(tx, key, caller, caller.OperationId is { } operation ? new InvoiceId(operation) : tx.NewId<InvoiceId>(), body), stop);
        return issued.Is(out var id, out var refusal) ? await ReadInvoice.Run(database, key, caller, id, stop) : refusal;
    }

    /// <summary>The same for work that the buyer has accepted, in the caller's transaction: one line with the tax in force. The caller has made sure who buys, who sells and for how much. It is
    /// the last of its transaction: nothing may follow but the commit. An id that is there already is answered and issues nothing.</summary>
    public static async Task<Result<InvoiceId>> ForWork(Transaction tx, MasterKey key, Caller caller, InvoiceId id, AccountId buyer, AccountId provider, string text, Amount amount, DateTimeOffset dueAt) =>
        await Issue(tx, key, caller, id, new Body(buyer, provider, [new Line(text, amount, await tx.Setting(MoneySettings.SalesTax))], dueAt));

    private static async Task<Result<InvoiceId>> Issue(Transaction tx, MasterKey key, Caller caller, InvoiceId id, Body body)
    {
        if (await tx.Find<InvoiceId?>("select id from money.invoices where id = @id", new { id }) is not null) return id;
        if (InvoiceRules.Objection(body.Lines, body.BuyerDetails) is { } objection) return MoneyRefusals.InvoiceInvalid.Saying(objection);
        if (body.DueAt <= tx.Now || body.DueAt > tx.Now.AddYears(1)) return MoneyRefusals.InvoiceInvalid.Saying("The due date is after now and within a year.");
        if (body.Buyer.Value == body.Provider.Value) return MoneyRefusals.InvoiceInvalid.Saying("Nobody is invoiced for their own work.");
        if (await Accounts.Find(tx, body.Buyer.Value) is null || await Accounts.Find(tx, body.Provider.Value) is null) return MoneyRefusals.InvoiceInvalid.Saying("The buyer and the provider have accounts here.");

        var lines = body.Lines.Select(l => (l.Text.Trim(), l.Amount, l.TaxBasisPoints)).ToList();
        if (body.Deducts is { } deposit)
        {
            var found = await DepositLines(tx, deposit, body);
            if (!found.Is(out var taken, out var refusal)) return refusal;
            lines.AddRange(taken);
        }
        var total = lines.Select(l => l.Amount).Aggregate((sum, amount) => sum + amount);
        if (!total.IsPositive) return body.Deducts is null ? MoneyRefusals.AmountNotPositive : MoneyRefusals.DepositNotUsable;
        var order = await PlaceOrder.Run(tx, caller, new NewOrder(body.Buyer.Value, body.Provider.Value, Purpose, id.Value,
            body.Deducts is null ? [.. lines.Select(l => new OrderLine(l.Item1, l.Amount))] : [new OrderLine(lines[0].Item1, total)], body.DueAt));
        await tx.Enqueue(new PayInvoiceByItself(order), uniqueKey: order.ToString());
        await WriteDocument.Run(tx, caller, new NewDocument(id, InvoiceKind.Invoice, order, Purpose, body.Buyer.Value, body.Provider.Value, lines)
        {
            BuyerAsTold = body.BuyerDetails, Deposit = body.Deposit, Deducts = body.Deducts, DueAt = body.DueAt, Link = PayLinks.Hash(PayLinks.Token(key, id)),
        });
        return id;
    }

    // Taken off rate by rate, so that its tax is not owed twice.
    private static async Task<Result<IReadOnlyList<(string, Amount, int)>>> DepositLines(Transaction tx, InvoiceId id, Body body)
    {
        var known = await InvoiceRows.Find(tx, id);
        if (known is null) return MoneyRefusals.DepositNotUsable;
        await Orders.Orders.Lock(tx, known.OrderId); // two final invoices at once: the second sees the first
        var deposit = (await InvoiceRows.Find(tx, id))!;
        var taken = await tx.Get<bool>("select exists (select 1 from money.invoices where deducts = @id)", new { id });
        if (taken || !deposit.Deposit || deposit.State != InvoiceState.Paid || deposit.CreditedMinor > 0 || deposit.BuyerId != body.Buyer.Value || deposit.ProviderId != body.Provider.Value
            || deposit.Currency != body.Lines[0].Amount.Currency) return MoneyRefusals.DepositNotUsable;
        return ReadInvoice.ContentOf(deposit).Taxes.Select(t => ($"Deposit paid, {deposit.Number}", -(t.Net + t.Tax), t.BasisPoints)).ToArray();
    }
}

/// <summary>What lines and names a document may have.</summary>
internal static class InvoiceRules
{
    private const int MaxLines = 100;

    public static string? Objection(IReadOnlyList<IssueInvoice.Line> lines, Buyer? buyer)
    {
        if (lines is not { Count: >= 1 and <= MaxLines }) return $"An invoice has 1 to {MaxLines} lines.";
        if (lines.Any(l => l?.Text?.Trim() is not { Length: >= 1 and <= 200 })) return "Each line says in 1 to 200 characters what it is for.";
        if (lines.Any(l => l.Amount.Currency != lines[0].Amount.Currency)) return "All lines have one currency.";
        if (lines.Any(l => l.Amount.Minor < 0)) return "No line is less than zero.";
        if (lines.Any(l => l.TaxBasisPoints is < 0 or > 5000)) return "The tax is between 0 and 5000 hundredths of a percent (50 %).";
        if (lines.Aggregate((Int128)0, (sum, l) => sum + l.Amount.Minor) > long.MaxValue / 4) return "The sum is too large.";
        return buyer is null || buyer is { Name.Length: >= 1 and <= 200 } && (buyer.Address ?? "").Length <= 500 && (buyer.TaxId ?? "").Length <= 100 && (buyer.Email ?? "").Length <= 320
            ? null : "The buyer has a name of up to 200 characters, an address of up to 500 and a tax number of up to 100.";
    }
}
