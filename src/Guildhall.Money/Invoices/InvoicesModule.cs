using Guildhall.Foundation;
using Guildhall.Money.Invoices.Pdf;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Invoices;

/// <summary>What invoices register and map.</summary>
internal static class InvoicesModule
{
    public static void AddInvoices(this IServiceCollection services)
    {
        services.AddSingleton<RenderPdf>();
        services.AddSingleton<PdfStatus>();
        services.AddSetting(MoneySettings.InvoiceSeries);
        services.AddSetting(MoneySettings.CreditNoteSeries);
        services.AddSetting(MoneySettings.ReceiptSeries);
        services.AddSetting(MoneySettings.SellerName);
        services.AddSetting(MoneySettings.SellerAddress);
        services.AddSetting(MoneySettings.SellerTaxId);
        services.AddSetting(MoneySettings.SalesTax);
        services.AddReaction<OrderPaid>(WhenOrderPaid.Run);
        services.AddReaction<RefundChanged>(WhenRefundChanged.Run);
        services.AddJob<IssueOrderInvoice>(IssueOrderInvoice.Run);
        services.AddJob<IssueReceipt>(IssueReceipt.Run);
        services.AddJob<IssueCreditNote>(IssueCreditNote.Run);
        services.AddJob<RestateInvoice>(RestateInvoice.Run);
        services.AddJob<ReleaseInvoice>(ReleaseInvoice.Run);
        services.AddOutsideJob<RenderInvoice>(RenderInvoice.Run);
        services.AddOutsideJob<TellOfInvoice>(TellOfInvoice.Run);
    }

    public static void MapInvoices(this IEndpointRouteBuilder api)
    {
        var invoices = api.MapGroup("/invoices");
        ListInvoices.Map(invoices);
        ReadInvoice.Map(invoices);
        DownloadInvoice.Map(invoices);

        var admin = api.MapGroup("/admin");
        ListInvoices.MapAdmin(admin);
        IssueInvoice.Map(admin);
        CorrectInvoice.Map(admin);
        VoidInvoice.Map(admin);

        PayByLink.Map(api);
    }
}
