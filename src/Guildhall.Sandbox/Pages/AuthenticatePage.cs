using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace Guildhall.Sandbox.Pages;

/// <summary>Where the bank asks about a payment with a kept card: where an intent's <c>next_action</c> leads.</summary>
internal static class AuthenticatePage
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/authenticate/{id}", (HttpContext context, World world, string id) =>
            world.Read(w => w.Intents.Find(id)) is { NextAction.RedirectToUrl: { } asked } intent ? Show(context, intent, asked) : Nothing());
        routes.MapPost("/authenticate/{id}", Answer).DisableAntiforgery();
    }

    private static async Task<IResult> Answer(World world, string id, [FromForm] string? outcome)
    {
        var back = world.Read(w => w.Intents.Find(id))?.NextAction?.RedirectToUrl.ReturnUrl;
        return await world.Change(w => ChargeKept.Authenticate(w, id, outcome == "yes")) is null || back is null ? Nothing() : SeeOther.To(back);
    }

    private static IResult Show(HttpContext context, PaymentIntent intent, RedirectToUrl asked)
    {
        SecurityHeaders.AllowFormsTo(context, asked.ReturnUrl, null);
        return Layout.Bare("Your bank asks", Html.Of($"""
            <section class="card stack">
              <p class="muted">Sandbox Bank · 3-D Secure</p>
              <h1>Was this you?</h1>
              <p>A payment of <strong><bdi>{Currencies.Format(intent.Amount, intent.Currency)}</bdi></strong> with your kept card ending in <bdi>{PaymentMethod.Always}</bdi>.</p>
              <form method="post" action="/authenticate/{intent.Id}" class="stack">
                <button class="primary big" name="outcome" value="yes">Yes, authenticate</button>
                <button class="big" name="outcome" value="no">No, fail the authentication</button>
              </form>
            </section>
            """));
    }

    private static IResult Nothing() => Layout.Bare(
        "Nothing is asked here",
        new Html("""<section class="card stack"><h1>Nothing is asked here</h1><p>The bank has its answer, or never asked.</p></section>"""),
        StatusCodes.Status404NotFound);
}
