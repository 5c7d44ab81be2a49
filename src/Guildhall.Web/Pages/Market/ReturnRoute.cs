using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Orders;
using Guildhall.Money.Gateways;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Account;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market;

/// <summary>Where a payment page sends the browser back to, by GET or by a cross-site POST without our cookie. It believes nothing: it has
/// the gateway asked and sends the browser to a page that reads the session.</summary>
internal static class ReturnRoute
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods("/return/{gateway}/{payment?}", [HttpMethods.Get, HttpMethods.Post], Come)
            .ForAnyone().WithName(nameof(ReturnRoute)).WithMetadata(new ForeignQuery()).DisableAntiforgery().ExcludeFromDescription();
        app.MapGet("/orders/{id}", Order).ForAnyone().WithName("OrderPage").ExcludeFromDescription();
    }

    private static async Task<IResult> Come(string gateway, string? payment, HttpContext http, Database database, GatewayBook gateways) =>
        await ReceiveReturn.Run(http, database, gateways, gateway, payment) is { } order ? new SeeOther($"/orders/{order}") : FoundationRefusals.NotFound.ToHttp();

    // What it is for is told to its two sides and to staff; whether they may see that is decided by the page it leads to. Whoever paid by a link goes back to it; the browser has remembered it.
    private static async Task<IResult> Order(string id, HttpContext http, Database database, CancellationToken stop)
    {
        var found = Id.TryParse<OrderId>(id, out var order) ? await Orders.Find(database, order, stop) : null;
        if (found is { Purpose: "invoice" } && PageCookies.Read(http, Invoices.PayLinkForm.Cookie) is { Length: 43 } token) return new SeeOther($"/pay/{Uri.EscapeDataString(token)}");
        if (!http.Caller().IsSignedIn) return new SeeOther(SignInForms.Address($"/orders/{id}"));
        if (found is not null && !http.Caller().Is(found.CustomerId) && !http.Caller().Is(found.ProviderId) && !http.Caller().May(MoneyPermissions.PaymentView)) found = null;
        return found switch
        {
            { Purpose: "booking" } => new SeeOther($"/bookings/{new Marketplace.BookingId(found.SubjectId)}?returned=true"),
            { Purpose: "package" } => new SeeOther($"/my/packages/{new Marketplace.PackageSaleId(found.SubjectId)}"),
            { Purpose: "invoice" } => new SeeOther($"/invoices/{new InvoiceId(found.SubjectId)}"),
            _ => FoundationRefusals.NotFound.ToHttp(),
        };
    }
}
