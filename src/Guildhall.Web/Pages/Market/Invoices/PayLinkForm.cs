using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Invoices;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Invoices;

/// <summary>Paying by a link, and the files of invoices. The link is remembered for an hour, so that the browser finds back from the payment page.</summary>
internal static class PayLinkForm
{
    public const string Cookie = "pay";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/pay/{token}", nameof(PayLinkForm), Pay).ForAnyone().Idempotent();
        app.MapGet("/pay/{token}/file", async (string token, Database database, CancellationToken stop) => DownloadInvoice.ToHttp(await PayByLink.File(database, token, stop)))
            .ForAnyone().Limited(RateClass.Code).WithName("PayLinkFile").ExcludeFromDescription();
        app.MapGet("/invoices/{id}/file", async (InvoiceId id, Caller caller, Database database, CancellationToken stop) => DownloadInvoice.ToHttp(await DownloadInvoice.Run(database, caller, id, stop)))
            .RequiresSignIn().WithName("InvoiceFile").ExcludeFromDescription();
    }

    private static async Task<IResult> Pay(Posted form)
    {
        var token = form.Http.Request.RouteValues["token"]?.ToString() ?? "";
        var page = $"/pay/{token}";
        var paid = await PayByLink.Pay(form.Database, form.Get<GatewayBook>(), form.Caller, token, form.Stop);
        if (paid.Is(out var payment, out var refusal))
        {
            PageCookies.Keep(form.Http, Cookie, token, TimeSpan.FromHours(1));
            return form.Done(payment.RedirectUrl ?? page);
        }
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }
}
