using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace Guildhall.Sandbox.Pages;

/// <summary>The hosted payment page: where a session's <c>url</c> leads. The customer picks how the card behaves.</summary>
internal static class PayPage
{
    private static readonly (CardOutcome Outcome, string Name, string Says)[] Choices =
    [
        (CardOutcome.Success, "Card succeeds", "4242 4242 4242 4242, paid at once"),
        (CardOutcome.Decline, "Card is declined", "4000 0000 0000 0002, the page stays open for another try"),
        (CardOutcome.ThreeDSecure, "Bank asks for 3-D Secure", "4000 0027 6000 3184, one more page"),
        (CardOutcome.TimeoutButCharged, "Timeout, but charged",
            "You see an error; the money was taken, the merchant hears a few seconds later"),
        (CardOutcome.LateSuccess, "Late success", "You go back at once; it succeeds 20 seconds later on the sandbox clock"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pay/{id}", (HttpContext context, World world, string id) =>
            world.Read(w => w.Sessions.Find(id)) is { } session ? Show(context, world, session) : Unknown());
        routes.MapGet("/pay/{id}/3ds", (HttpContext context, World world, string id) =>
            world.Read(w => w.Sessions.Find(id)) is { } session ? ShowAuthentication(context, world, session) : Unknown());
        routes.MapPost("/pay/{id}", Submit).DisableAntiforgery();
    }

    private static async Task<IResult> Submit(HttpContext context, World world, string id, [FromForm] string? outcome)
    {
        if (!Enum.TryParse<CardOutcome>(outcome, out var chosen) || !Enum.IsDefined(chosen))
            return SeeOther.To($"/pay/{id}");

        var page = $"{context.Request.Scheme}://{context.Request.Host}/pay/{id}/3ds";
        var (answer, session) = await world.Change(w => w.Sessions.Find(id) is { } open
            ? (PaySession.Submit(w, open, chosen, page), w.Sessions.Find(id))
            : (PayAnswer.Expired, null));
        if (session is null) return Unknown();
        if (answer == PayAnswer.NoAnswer) return ShowNoAnswer(session);

        return SeeOther.To(NextAddress.For(session, answer, page) ?? $"/pay/{id}");
    }

    private static IResult Show(HttpContext context, World world, CheckoutSession session)
    {
        SecurityHeaders.AllowFormsTo(context, session.SuccessUrl, session.CancelUrl);
        if (session.Status == "complete")
            return ShowClosed(session, "This payment is done", NextAddress.For(session, PayAnswer.AlreadyPaid, ""), "Back to the merchant");
        if (!session.IsOpen || session.ExpiresAt <= world.Read(w => w.UnixNow))
            return ShowClosed(session, "This payment page has expired", session.CancelUrl, "Back to the merchant");

        var error = session.PaymentIntent is { } intent ? world.Read(w => w.Intents.Find(intent))?.LastPaymentError : null;
        var amount = Currencies.Format(session.AmountTotal, session.Currency);
        return Layout.Bare($"Pay {amount}", Html.Of($"""
            {Summary(session)}
            {Html.When(error is not null, Html.Of($"""
              <p class="notice red" role="alert"><strong>✕ Not paid.</strong> {error?.Message} Try again.</p>
              """))}
            <form method="post" action="/pay/{session.Id}" class="card stack">
              <fieldset><legend>How should the card behave?</legend>
              {Html.Each(Choices, choice => Html.Of($"""
                <label class="choice"><input type="radio" name="outcome" value="{choice.Outcome}"
                  {Html.When(choice.Outcome == CardOutcome.Success, new("checked"))}>
                <span><b>{choice.Name}</b><small>{choice.Says}</small></span></label>
                """))}
              </fieldset>
              <button class="primary big">{Html.When(session.Intent.CaptureMethod == "manual", new("Authorize"))}{Html.When(session.Intent.CaptureMethod != "manual", new("Pay"))} <bdi>{amount}</bdi></button>
              {Html.When(session.Intent.CaptureMethod == "manual", new("<p class=\"muted\">The amount is only reserved now; the merchant takes it later, in whole or in part.</p>"))}
            </form>
            {Html.When(session.CancelUrl is not null, Html.Of($"""
              <form method="post" action="/pay/{session.Id}" class="center">
                <button class="link" name="outcome" value="{CardOutcome.Abandon}">Leave without paying</button></form>
              """))}
            """));
    }

    private static IResult ShowAuthentication(HttpContext context, World world, CheckoutSession session)
    {
        SecurityHeaders.AllowFormsTo(context, session.SuccessUrl, session.CancelUrl);
        var waiting = session.PaymentIntent is { } intent && world.Read(w => w.Intents.Find(intent)) is { Status: "requires_action" };
        if (!waiting || !session.IsOpen) return Show(context, world, session);

        var amount = Currencies.Format(session.AmountTotal, session.Currency);
        return Layout.Bare("Your bank asks", Html.Of($"""
            <section class="card stack">
              <p class="muted">Sandbox Bank · 3-D Secure</p>
              <h1>Was this you?</h1>
              <p>A payment of <strong><bdi>{amount}</bdi></strong> with the card ending in <bdi>3184</bdi>.</p>
              <form method="post" action="/pay/{session.Id}" class="stack">
                <button class="primary big" name="outcome" value="{CardOutcome.ThreeDSecureAuthenticate}">Yes, authenticate</button>
                <button class="big" name="outcome" value="{CardOutcome.ThreeDSecureFail}">No, fail the authentication</button>
              </form>
            </section>
            """));
    }

    private static IResult ShowNoAnswer(CheckoutSession session) => Layout.Bare(
        "No answer",
        Html.Of($"""
            <section class="card stack">
              <h1>Something went wrong</h1>
              <p class="notice amber" role="alert"><strong>• We could not tell whether you were charged.</strong>
                The connection broke after your card was sent. Do not pay again before the merchant has looked.</p>
              <p><a class="button primary" href="{session.CancelUrl ?? session.SuccessUrl}">Back to the merchant</a></p>
              <p class="muted">What really happened here: the charge succeeded, and the merchant's server hears of it in a few seconds.</p>
            </section>
            """),
        StatusCodes.Status504GatewayTimeout);

    private static IResult ShowClosed(CheckoutSession session, string title, string? address, string act) => Layout.Bare(title, Html.Of($"""
        {Summary(session)}
        <section class="card stack"><h1>{title}</h1>
        <p>Nothing more can be paid here. {Layout.Badge(session.Status)}</p>
        {Html.When(address is not null, Html.Of($"<p><a class=\"button primary\" href=\"{address}\">{act}</a></p>"))}
        </section>
        """));

    private static Html Summary(CheckoutSession session) => Html.Of($"""
        <section class="summary">
          <p class="muted">Payment to {new Uri(session.SuccessUrl!).Authority}</p>
          <p class="total"><bdi>{Currencies.Format(session.AmountTotal, session.Currency)}</bdi></p>
          <ul class="items">{Html.Each(session.Items, item => Html.Of($"""
            <li><span>{item.Name}{Html.When(item.Quantity > 1, Html.Of($" × {item.Quantity}"))}<small>{item.Description}</small></span>
            <bdi>{Currencies.Format(item.AmountTotal, session.Currency)}</bdi></li>
            """))}</ul>
        </section>
        """);

    private static IResult Unknown() => Layout.Bare(
        "No such payment page",
        new Html("""
            <section class="card stack"><h1>No such payment page</h1>
            <p>The address is wrong, or the sandbox has been reset.</p></section>
            """),
        StatusCodes.Status404NotFound);
}
