using Guildhall.Sandbox.Pages;
using Guildhall.Sandbox.State;
using Microsoft.AspNetCore.Mvc;

namespace Guildhall.Sandbox.Knet;

/// <summary>KNET's own page: which bank's card, and what the bank says to it.</summary>
internal static class KnetPage
{
    private static readonly (string Outcome, string Name, string Says)[] Choices =
    [
        ("capture", "Card with enough money", "8888 8800 0000 0001, expiry 09/30, any PIN: CAPTURED"),
        ("decline", "Bank refuses", "another expiry: NOT CAPTURED, this page is over"),
        ("timeout", "Bank does not answer", "HOST TIMEOUT"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/kpg/pay/{id}", (HttpContext context, World world, string id) => world.Read(w => w.KnetPayments.Find(id)) is { } payment ? Show(context, payment) : Unknown());
        routes.MapPost("/kpg/pay/{id}", async (HttpContext context, World world, PayAtKnet pay, string id, [FromForm] string? outcome) =>
        {
            if (await pay.Run(id, outcome ?? "", context.RequestAborted) is not var (payment, back))
                return world.Read(w => w.KnetPayments.Find(id)) is null ? Unknown() : SeeOther.To($"/kpg/pay/{id}");
            return back is null ? Show(context, payment) : SeeOther.To(back);
        }).DisableAntiforgery();
    }

    private static IResult Show(HttpContext context, KnetPayment payment)
    {
        SecurityHeaders.AllowFormsTo(context, payment.ResponseUrl, payment.ErrorUrl);
        return payment.Result.Length > 0 ? ShowOver(payment) : Layout.Bare("KNET", Html.Of($"""
            {Summary(payment)}
            <form method="post" action="/kpg/pay/{payment.PaymentId}" class="card stack">
              <fieldset><legend>What should the bank say?</legend>
              {Html.Each(Choices, choice => Html.Of($"""
                <label class="choice"><input type="radio" name="outcome" value="{choice.Outcome}" {Html.When(choice.Outcome == "capture", new("checked"))}>
                <span><b>{choice.Name}</b><small>{choice.Says}</small></span></label>
                """))}
              </fieldset>
              <button class="primary big">Submit <bdi>{payment.Amount} KWD</bdi></button>
            </form>
            <form method="post" action="/kpg/pay/{payment.PaymentId}" class="center"><button class="link" name="outcome" value="cancel">Cancel</button></form>
            """));
    }

    private static IResult ShowOver(KnetPayment payment) => Layout.Bare("KNET", Html.Of($"""
        {Summary(payment)}
        <section class="card stack"><h1>{payment.Result}</h1>
        <p>Payment id <bdi>{payment.PaymentId}</bdi>, track id <bdi>{payment.TrackId}</bdi>.</p>
        {Html.When(payment.Voided, new("<p class=\"notice amber\" role=\"alert\"><strong>• Taken back.</strong> The merchant did not answer the notification with REDIRECT=, so the payment was voided.</p>"))}
        <p><a class="button primary" href="{payment.ErrorUrl}">Back to the merchant</a></p></section>
        """));

    private static Html Summary(KnetPayment payment) => Html.Of($"""
        <section class="summary"><p class="muted">KNET · payment to {new Uri(payment.ResponseUrl).Authority}</p><p class="total"><bdi>{payment.Amount} KWD</bdi></p></section>
        """);

    private static IResult Unknown() => Layout.Bare("No such payment", new Html("""
        <section class="card stack"><h1>No such payment</h1><p>The address is wrong, or the sandbox has been reset.</p></section>
        """), StatusCodes.Status404NotFound);
}
