using Guildhall.Foundation.Data;
using Guildhall.Money.Invoices.Pdf;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Invoices;

/// <summary>Whether files can be made here, what is missing if not, and how many documents wait for theirs.</summary>
public sealed class PdfStatus(IServiceProvider services, Database database)
{
    /// <summary>Renders a page now.</summary>
    public Task<(bool Works, string? Why)> Try(CancellationToken stop) => services.GetRequiredService<RenderPdf>().Status(stop, now: true);

    public async Task<(bool Works, string? Why, long Waiting)> Read(CancellationToken stop)
    {
        var (works, why) = await services.GetRequiredService<RenderPdf>().Status(stop);
        var waiting = works ? 0 : await database.Find<long>("select count(*) from money.invoices i where not exists (select 1 from money.invoice_files f where f.invoice_id = i.id)", stop: stop);
        return (works, why, waiting);
    }
}
