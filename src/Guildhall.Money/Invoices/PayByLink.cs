using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Risk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Invoices;

public enum PayLinkState { Payable, InReview, NotAccepted, Processing, Paid, Void, Expired }

/// <summary>What the holder of a pay link sees, and paying by it. Whoever has the link may pay the invoice and see what it is for; nobody is signed in by it.</summary>
public static class PayByLink
{
    /// <param name="BuyerName">Null when the buyer's data was erased.</param>
    public sealed record View(PayLinkState State, InvoiceId Invoice, string Number, Amount Total, Amount Tax, Seller Seller, string? BuyerName, IReadOnlyList<InvoiceLine> Lines, DateTimeOffset DueAt,
        string Language, string? ResumeAddress);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/pay/{token}", async (string token, Database database, CancellationToken stop) => (await Read(database, token, stop)).ToHttp())
            .WithName("ReadPayLink").ForAnyone().Limited(RateClass.Code).Produces<View>();
        api.MapPost("/pay/{token}/payments", async (string token, Caller caller, Database database, GatewayBook gateways, CancellationToken stop) =>
            (await Pay(database, gateways, caller, token, stop)).ToHttp(success: 201)).WithName(nameof(PayByLink)).ForAnyone().Idempotent().Produces<PaymentView>(201);
    }

    public static async Task<Result<View>> Read(Database database, string token, CancellationToken stop)
    {
        var invoice = await Find(database, token, stop);
        if (invoice is null) return MoneyRefusals.InvoiceNotFound;
        var content = ReadInvoice.ContentOf(invoice);
        var live = (await Payments.Payments.OfOrder(database, invoice.OrderId, stop)).FirstOrDefault(p => p.IsLive);
        var state = invoice.State switch
        {
            InvoiceState.Void => PayLinkState.Void,
            InvoiceState.Paid => PayLinkState.Paid,
            _ when live is not null => PayLinkState.Processing,
            _ => invoice.OrderExpiresAt <= database.Clock.GetUtcNow() || invoice.OrderState != Orders.OrderState.Open ? PayLinkState.Expired : await Reviewed(database, invoice.OrderId, stop),
        };
        return new View(state, invoice.Id, invoice.Number, invoice.Total, new Amount(invoice.TaxMinor, invoice.Currency), content.Seller,
            (await ReadInvoice.BuyerOf(database, invoice, stop))?.Name, content.Lines, invoice.DueAt!.Value, invoice.Language, live?.ToView().RedirectUrl);
    }

    private static async Task<PayLinkState> Reviewed(Database database, OrderId order, CancellationToken stop) => await ListReviews.StateOf(database, order, stop) switch
    {
        RiskReviewState.Waiting => PayLinkState.InReview, RiskReviewState.Rejected => PayLinkState.NotAccepted, _ => PayLinkState.Payable,
    };

    /// <summary>Starts the payment of the invoice's order, or answers where to resume the one under way.</summary>
    public static async Task<Result<PaymentView>> Pay(Database database, GatewayBook gateways, Caller caller, string token, CancellationToken stop)
    {
        var invoice = await Find(database, token, stop);
        if (invoice is null) return MoneyRefusals.InvoiceNotFound;
        if (invoice.State == InvoiceState.Void) return MoneyRefusals.InvoiceVoid;
        // The link stands for the customer here and nowhere else.
        var holder = new Caller
        {
            Kind = CallerKind.System, Name = "pay_link", AccountId = invoice.BuyerId, Address = null, RequestId = caller.RequestId, OperationId = caller.OperationId,
        };
        return await StartPayment.Run(database, gateways, holder, invoice.OrderId, stop);
    }

    /// <summary>The file of the invoice, for the holder of the link.</summary>
    public static async Task<Result<DownloadInvoice.File>> File(Database database, string token, CancellationToken stop) =>
        await Find(database, token, stop) is { } invoice ? await DownloadInvoice.Open(database, invoice, stop) : MoneyRefusals.InvoiceNotFound;

    private static async Task<Invoice?> Find(Database database, string token, CancellationToken stop) => token is not { Length: 43 } ? null : await database.Find<Invoice>(
        $"select {InvoiceRows.Columns} {InvoiceRows.From} join money.pay_links l on l.invoice_id = i.id where l.token_sha256 = @hash", new { hash = PayLinks.Hash(token) }, stop);
}
