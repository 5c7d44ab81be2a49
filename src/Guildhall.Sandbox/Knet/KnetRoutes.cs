using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Knet;

/// <summary>KNET: the page, the pipe, and what a test may look at and do in the customer's place.</summary>
internal static class KnetRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/kpg/PaymentHTTP.htm", (World world, HttpRequest request) => OpenKnetPage.Run(world, request));
        routes.MapPost("/kpg/tranPipe.htm", (HttpContext context, World world) => KnetPipe.Run(context, world));
        KnetPage.Map(routes);
        routes.MapGet("/sandbox/knet/payments", (World world) => Control.Control.Json(world.Read(w => w.KnetPayments.NewestFirst().ToArray())));
        routes.MapGet("/sandbox/knet/refunds", (World world) => Control.Control.Json(world.Read(w => w.KnetRefunds.NewestFirst().ToArray())));
        routes.MapPost("/sandbox/knet/payments/{track}/pay", async (World world, PayAtKnet pay, string track, Wish wish, HttpContext context) =>
        {
            var opened = world.Read(w => w.KnetPayments.NewestFirst("track:" + track).FirstOrDefault());
            return opened is not null && await pay.Run(opened.PaymentId, wish.Outcome ?? "", context.RequestAborted) is var (payment, back)
                ? Control.Control.Json(new { payment.Result, payment.Voided, back })
                : Control.Control.Refuse("No such open payment, or outcome is not capture, decline, cancel or timeout.", 409);
        });
    }

    internal sealed record Wish(string? Outcome);
}
