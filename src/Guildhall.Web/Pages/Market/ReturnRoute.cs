using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Orders;
using Guildhall.Money.Gateways;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market;

/// <summary>Where a payment page sends the browser back to, by GET or by a cross-site POST without our cookie. It believes nothing: it has
/// the gateway asked and sends the browser to a page that reads the session.</summary>
internal static class ReturnRoute
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods("/return/{gateway}/{payment?}", [HttpMethods.Get, HttpMethods.Post], Come)
            .ForAnyone().WithName(nameof(ReturnRoute)).DisableAntiforgery().ExcludeFromDescription();
        app.MapGet("/orders/{id}", Order).RequiresSignIn().WithName("OrderPage").ExcludeFromDescription();
    }

    private static async Task<IResult> Come(string gateway, string? payment, HttpContext http, Database database, GatewayBook gateways) =>
        await ReceiveReturn.Run(http, database, gateways, gateway, payment) is { } order ? new SeeOther($"/orders/{order}") : FoundationRefusals.NotFound.ToHttp();

    // Who may see it is decided by the page it leads to.
    private static async Task<IResult> Order(string id, Database database, CancellationToken stop) =>
        Id.TryParse<OrderId>(id, out var order) && await Orders.Find(database, order, stop) is { Purpose: "booking" } found
            ? new SeeOther($"/bookings/{new Marketplace.BookingId(found.SubjectId)}?returned=true")
            : FoundationRefusals.NotFound.ToHttp();
}
