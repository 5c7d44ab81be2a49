using Guildhall.Sandbox.Paytm;
using Guildhall.Sandbox.State;
using Microsoft.AspNetCore.Mvc;

namespace Guildhall.Sandbox.Pages;

/// <summary>Paytm's payment page, entered by a form with the token. It sends the browser back by a form, too; the real one does so by a script.</summary>
internal static class PaytmPage
{
    private static readonly (PaytmOutcome Outcome, string Name, string Says)[] Choices =
    [
        (PaytmOutcome.Pay, "UPI succeeds", "paid at once"),
        (PaytmOutcome.Decline, "The bank declines", "the order has failed"),
        (PaytmOutcome.Pending, "The bank does not answer yet", "the order is pending; come back here to end it"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/theia/api/v1/showPaymentPage", (World world, [FromForm] string? mid, [FromForm] string? orderId, [FromForm] string? txnToken) =>
            world.Read(w => w.PaytmOrders.Find(orderId ?? "")) is { } order && mid == PaytmAccount.Mid && txnToken == order.Token ? SeeOther.To($"/paytm/pay/{order.Token}") : Unknown()).DisableAntiforgery();
        routes.MapGet("/paytm/pay/{token}", (World world, string token) => Find(world, token) is { } order ? Show(world, order) : Unknown());
        routes.MapPost("/paytm/pay/{token}", Submit).DisableAntiforgery();
    }

    private static async Task<IResult> Submit(HttpContext context, World world, SandboxOptions options, string token, [FromForm] PaytmOutcome outcome)
    {
        if (Find(world, token) is not { } order) return Unknown();
        var now = await world.Change(w => PaytmEffects.Pay(w, order.Id, outcome, Webhook(options))) ?? order;
        SecurityHeaders.AllowFormsTo(context, now.Callback);
        return Layout.Bare("Back to the merchant", Html.Of($"""
            {Summary(now)}
            <form method="post" action="{now.Callback}" class="card stack"><h1>{now.Says ?? "This payment page has expired"}</h1>
            {Html.Each(PaytmEffects.Fields(now), field => Html.Of($"<input type=\"hidden\" name=\"{field.Key}\" value=\"{field.Value}\">"))}
            <button class="primary big">Back to the merchant</button></form>
            """));
    }

    /// <summary>Where the merchant's server is told: beside the address that the other payment company tells.</summary>
    public static Uri? Webhook(SandboxOptions options) => options.WebhookUrl is null ? null : new Uri(options.WebhookUrl, "/api/v1/webhooks/paytm");

    private static PaytmOrder? Find(World world, string token) => world.Read(w => w.PaytmOrders.NewestFirst("token:" + token).FirstOrDefault());

    private static IResult Show(World world, PaytmOrder order)
    {
        if (order.Status is "TXN_SUCCESS" || order.TokenUntil < world.Read(w => w.Now))
            return Layout.Bare("Nothing to pay", Html.Of($"{Summary(order)}<section class=\"card stack\"><h1>Nothing more can be paid here</h1><p>{Layout.Badge(order.Status is "TXN_SUCCESS" ? "paid" : "expired")}</p></section>"));
        return Layout.Bare($"Pay INR {PaytmEffects.Text(order.Amount)}", Html.Of($"""
            {Summary(order)}
            <form method="post" action="/paytm/pay/{order.Token}" class="card stack">
              <fieldset><legend>How should the payment go?</legend>
              {Html.Each(Choices, choice => Html.Of($"""
                <label class="choice"><input type="radio" name="outcome" value="{choice.Outcome}" {Html.When(choice.Outcome == PaytmOutcome.Pay, new("checked"))}>
                <span><b>{choice.Name}</b><small>{choice.Says}</small></span></label>
                """))}
              </fieldset>
              <button class="primary big">Pay <bdi>INR {PaytmEffects.Text(order.Amount)}</bdi></button>
            </form>
            <form method="post" action="/paytm/pay/{order.Token}" class="center"><button class="link" name="outcome" value="{PaytmOutcome.Leave}">Leave without paying</button></form>
            """));
    }

    private static Html Summary(PaytmOrder order) => Html.Of($"""
        <section class="summary"><p class="muted">Payment to {new Uri(order.Callback).Authority}</p><p class="total"><bdi>INR {PaytmEffects.Text(order.Amount)}</bdi></p></section>
        """);

    private static IResult Unknown() => Layout.Bare("No such payment page", new Html("""
        <section class="card stack"><h1>No such payment page</h1><p>The address is wrong, or the sandbox has been reset.</p></section>
        """), StatusCodes.Status404NotFound);
}
