using System.Text;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.PayPal;

internal static class PayPalRoutes
{
    public static void Map(IEndpointRouteBuilder routes, World world, SandboxOptions options)
    {
        routes.MapPost("/v1/oauth2/token", async (HttpContext http, SandboxOptions known) => await Token(http, known.PayPal));
        routes.MapGet("/v1/notifications/certs/{name}", (PayPalSigner signer, string name) => signer.Find(name) is { } pem ? Results.Text(pem, "application/x-pem-file") : Results.NotFound());
        var api = new PayPalApi(world, options, routes);
        PayPalOrders.Map(api);
        PayPalPayments.Map(api);
        PayPalPayouts.Map(api);
        routes.Map("/v2/{**rest}", () => Results.Text(PayPalAnswer.Of(PayPalRefusal.NotFound()).Body, "application/json", statusCode: 404));
        PayPalPage.Map(routes);
    }

    /// <summary>What a test may look at and trigger, without a token.</summary>
    public static void MapControl(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/paypal/orders", (World world) => Results.Text($"[{string.Join(',', world.Read(w => w.PayPalOrders.NewestFirst().Select(o => PayPalWire.Order(o).ToJsonString()).ToArray()))}]", "application/json"));
        sandbox.MapGet("/paypal/events", (World world) => Results.Text($"[{string.Join(',', world.Read(w => w.PartyEvents.NewestFirst().Where(e => e.Party == PartyEvent.PayPal).Select(e => e.Body).ToArray()))}]", "application/json"));
        sandbox.MapPost("/paypal/orders/{id}/approve", async (World world, string id, Approval body) => await world.Change(w => PayPalPage.Act(w, id, body.Funds ?? "good")) is { } next
            ? Control.Control.Json(new { redirect = next }) : Control.Control.Refuse("There is nothing to approve.", 409));
        sandbox.MapGet("/paypal/payouts", (World world) => Results.Text($"[{string.Join(',', world.Read(w => w.PayPalPayouts.NewestFirst().Select(p => PayPalPayoutWire.Item(p).ToJsonString()).ToArray()))}]", "application/json"));
        sandbox.MapPost("/paypal/payouts/{id}/{act}", async (World world, string id, string act) => await world.Change(w => PayPalPayoutLater.Act(w, id, act))
            ? Control.Control.Json(new { done = true }) : Control.Control.Refuse("This cannot become of it.", 409));
        sandbox.MapPost("/paypal/parts/{id}/{end}", async (World world, string id, string end) =>
            (end is "settle" or "decline" or "fail") && await world.Change(w => end == "fail" ? PayPalLater.FailNow(w, id) : PayPalLater.SettleNow(w, id, end == "settle"))
                ? Control.Control.Json(new { done = true }) : Control.Control.Refuse("This cannot become that.", 409));
    }

    private static async Task<IResult> Token(HttpContext http, PayPalAccount account)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.ClientId}:{account.Secret}"));
        if (http.Request.Headers.Authorization != expected) return Results.Json(new { error = "invalid_client", error_description = "Client Authentication failed" }, statusCode: 401);
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        return form["grant_type"] != "client_credentials"
            ? Results.Json(new { error = "unsupported_grant_type", error_description = "unsupported grant_type" }, statusCode: 400)
            : Results.Json(new { scope = "https://uri.paypal.com/services/payments/payment", access_token = account.Token, token_type = "Bearer", app_id = "APP-SANDBOX", expires_in = 32400, nonce = PayPalIds.Hex(20) }, SandboxJson.Wire);
    }

    internal sealed record Approval(string? Funds);
}
