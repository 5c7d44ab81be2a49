using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Gateways.Paytm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guildhall.Web.Pages.Market;

/// <summary>The last page of ours before a payment page that is entered by a form. Who has its address may pay, as with the payment page's own.</summary>
internal static class HandoverRoute
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/handover/paytm", Paytm).ForAnyone().WithName(nameof(HandoverRoute)).ExcludeFromDescription();

    private static IResult Paytm(string? order, string? token, HttpContext http)
    {
        if (http.RequestServices.GetService<PaytmOptions>() is not { } paytm || !Id.TryParse<PaymentId>(order, out _) || token is not { Length: >= 1 and <= 200 }) return FoundationRefusals.NotFound.ToHttp();
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = headers.ContentSecurityPolicy.ToString().Replace("form-action 'self'", $"form-action 'self' {paytm.Api.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal);
        return new RazorComponentResult<HandoverDocument>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(HandoverDocument.Action)] = new Uri(paytm.Api, $"/theia/api/v1/showPaymentPage?mid={Uri.EscapeDataString(paytm.Mid)}&orderId={order}").AbsoluteUri,
            [nameof(HandoverDocument.Fields)] = new Dictionary<string, string>(StringComparer.Ordinal) { ["mid"] = paytm.Mid, ["orderId"] = order!, ["txnToken"] = token },
        });
    }
}
