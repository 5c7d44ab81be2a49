using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class StripeRoutes
{
    public static void Map(StripeApi api, IEndpointRouteBuilder routes)
    {
        CheckoutSessions.Map(api);
        PaymentIntents.Map(api);
        ConfirmedIntents.Map(api);
        Customers.Map(api);
        SearchPaymentIntents.Map(api);
        Refunds.Map(api);
        Transfers.Map(api);
        Payouts.Map(api);
        Accounts.Map(api);
        Disputes.Map(api);
        Balances.Map(api);
        Events.Map(api);
        routes.Map("/v1/{**rest}", (HttpRequest request) =>
        {
            var unknown = new StripeRefusal(
                404, "invalid_request_error", null, $"Unrecognized request URL ({request.Method}: {request.Path}).");
            return Results.Json(unknown.Body, SandboxJson.Wire, statusCode: 404);
        });
    }
}
