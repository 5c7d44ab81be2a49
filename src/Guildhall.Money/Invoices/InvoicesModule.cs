using Guildhall.Money.Invoices.Pdf;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Invoices;

/// <summary>What invoices register and map.</summary>
internal static class InvoicesModule
{
    public static void AddInvoices(this IServiceCollection services) => services.AddSingleton<RenderPdf>();
}
