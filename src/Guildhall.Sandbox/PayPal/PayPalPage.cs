using Guildhall.Sandbox.Pages;
using Guildhall.Sandbox.State;
using Microsoft.AspNetCore.Mvc;

namespace Guildhall.Sandbox.PayPal;

/// <summary>Where an order's <c>payer-action</c> leads: the customer approves with one kind of money or another, or leaves. Nothing is taken here; the merchant
/// does that.</summary>
internal static class PayPalPage
{
    private static readonly (string Funds, string Name, string Says)[] Choices =
    [
        ("good", "PayPal balance", "It is there when the merchant takes it"),
        ("declined", "A card that its bank declines", "You are sent back here to choose another way"),
        ("pending", "Bank account (e-check)", "Pending; it arrives 20 seconds later on the sandbox clock"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/checkoutnow", (HttpContext context, World world, string? token) => world.Read(w => w.PayPalOrders.Find(token ?? "")) is { } order ? Show(context, world, order) : Unknown());
        routes.MapPost("/checkoutnow", async (HttpContext context, World world, string? token, [FromForm] string? funds) =>
        {
            var next = await world.Change(w => Act(w, token ?? "", funds ?? ""));
            return next is not null ? SeeOther.To(next) : world.Read(w => w.PayPalOrders.Find(token ?? "")) is { } order ? Show(context, world, order) : Unknown();
        }).DisableAntiforgery();
    }

    /// <summary>Where the browser goes then; null when nothing can be done with the order.</summary>
    public static string? Act(World world, string id, string funds)
    {
        if (funds == "cancel") return world.PayPalOrders.Find(id) is { } left ? With(left.CancelUrl, $"token={left.Id}") : null;
        return Choices.Any(c => c.Funds == funds) && PayPalOrders.Approve(world, id, funds) is { } order ? With(order.ReturnUrl, $"token={order.Id}&PayerID=SANDBOXPAYER1") : null;
    }

    private static string With(string address, string query) => address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + query;

    private static IResult Show(HttpContext context, World world, PayPalOrder order)
    {
        SecurityHeaders.AllowFormsTo(context, order.ReturnUrl, order.CancelUrl);
        var open = order.Status is "PAYER_ACTION_REQUIRED" or "APPROVED" && !order.HasLapsed(world.Read(w => w.Now));
        var page = $"/checkoutnow?token={order.Id}";
        return Layout.Bare($"Pay {order.Value} {order.Currency}", Html.Of($"""
            <section class="summary">
              <p class="muted">PayPal sandbox · payment to {new Uri(order.ReturnUrl).Authority}</p>
              <p class="total"><bdi>{order.Value} {order.Currency}</bdi></p>
              <ul class="items"><li><span>{order.Description}</span></li></ul>
            </section>
            {Html.When(!open, Html.Of($"""
              <section class="card stack"><h1>Nothing more can be paid here</h1><p>{Layout.Badge(order.Status)}</p>
              <p><a class="button primary" href="{With(order.ReturnUrl, "token=" + order.Id)}">Back to the merchant</a></p></section>
              """))}
            {Html.When(open, Html.Of($"""
              {Html.When(order.Funds == "declined" && order.Status == "APPROVED", new("<p class=\"notice red\" role=\"alert\"><strong>✕ Not paid.</strong> Choose another way to pay.</p>"))}
              <form method="post" action="{page}" class="card stack">
                <fieldset><legend>Pay with</legend>
                {Html.Each(Choices, choice => Html.Of($"""
                  <label class="choice"><input type="radio" name="funds" value="{choice.Funds}" {Html.When(choice.Funds == "good", new("checked"))}>
                  <span><b>{choice.Name}</b><small>{choice.Says}</small></span></label>
                  """))}
                </fieldset>
                <button class="primary big">Pay <bdi>{order.Value} {order.Currency}</bdi></button>
              </form>
              <form method="post" action="{page}" class="center"><button class="link" name="funds" value="cancel">Cancel and return to the merchant</button></form>
              """))}
            """));
    }

    private static IResult Unknown() => Layout.Bare("No such payment page", new Html("""
        <section class="card stack"><h1>No such payment page</h1><p>The address is wrong, or the sandbox has been reset.</p></section>
        """), StatusCodes.Status404NotFound);
}
