using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.MyFatoorah;

/// <summary>MyFatoorah: its API, its page, and what a test may look at and do in the place of the customer or of their finance.</summary>
internal static class MyFatoorahRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v3/payments", (HttpContext context, World world) => MyFatoorahApi.Run(context, world, MyFatoorahPayments.Create));
        routes.MapGet("/v3/payments/{paymentId}", (HttpContext context, World world) => MyFatoorahApi.Run(context, world, MyFatoorahPayments.Read, isEffect: false));
        routes.MapPost("/v2/GetPaymentStatus", (HttpContext context, World world) => MyFatoorahApi.Run(context, world, MyFatoorahPayments.ReadV2, isEffect: false));
        routes.MapPost("/v2/MakeRefund", (HttpContext context, World world) => MyFatoorahApi.Run(context, world, MyFatoorahRefunds.Make));
        routes.MapPost("/v2/GetRefundStatus", (HttpContext context, World world) => MyFatoorahApi.Run(context, world, MyFatoorahRefunds.Status, isEffect: false));
        MyFatoorahPage.Map(routes);
        routes.MapGet("/sandbox/myfatoorah/invoices", (World world) => Control.Control.Json(world.Read(w => w.MyFatoorahInvoices.NewestFirst().ToArray())));
        routes.MapGet("/sandbox/myfatoorah/refunds", (World world) => Control.Control.Json(world.Read(w => w.MyFatoorahRefunds.NewestFirst().ToArray())));
        routes.MapPost("/sandbox/myfatoorah/invoices/{id}/pay", async (World world, string id, Wish wish) =>
            await world.Change(w => w.MyFatoorahInvoices.Find(id) is { } invoice ? MyFatoorahPage.Settle(w, invoice.PaymentId, wish.Outcome ?? "") : null) is { } done
                ? Control.Control.Json(new { done.Status, back = MyFatoorahPage.Back(done) })
                : Control.Control.Refuse("No such open invoice, or outcome is not pay, decline or cancel.", 409));
        routes.MapPost("/sandbox/myfatoorah/refunds/{id}/{status}", async (World world, string id, string status) =>
            await world.Change(w => MyFatoorahRefunds.Decide(w, id, status)) ? Control.Control.Json(new { done = true }) : Control.Control.Refuse("This refund cannot become that.", 409));
    }

    internal sealed record Wish(string? Outcome);
}
