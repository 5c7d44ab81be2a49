using System.Security.Cryptography;
using Guildhall.Sandbox.Pages;
using Guildhall.Sandbox.State;
using Microsoft.AspNetCore.Mvc;

namespace Guildhall.Sandbox.MyFatoorah;

/// <summary>The page of an invoice: a refused card leaves it open for another try, until it expires.</summary>
internal static class MyFatoorahPage
{
    private static readonly (string Outcome, string Name, string Says)[] Choices =
        [("pay", "Card succeeds", "KNET 8888 8800 0000 0001, 09/30"), ("decline", "Card is refused", "another expiry; the page stays open"), ("cancel", "Cancel at the bank", "the try is cancelled; the page stays open")];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/KWT/ia/{id}", (HttpContext context, World world, string id) => world.Read(w => Find(w, id)) is { } invoice ? Show(context, world, invoice) : Unknown());
        routes.MapPost("/KWT/ia/{id}", async (HttpContext context, World world, string id, [FromForm] string? outcome) =>
        {
            var done = await world.Change(w => Settle(w, id, outcome ?? ""));
            return done is null ? world.Read(w => Find(w, id)) is null ? Unknown() : SeeOther.To($"/KWT/ia/{id}") : SeeOther.To(Back(done));
        }).DisableAntiforgery();
    }

    public static string Back(MyFatoorahInvoice invoice) => $"{invoice.Redirection}{(invoice.Redirection.Contains('?') ? '&' : '?')}paymentId={invoice.Last!.PaymentId}";

    public static MyFatoorahInvoice? Find(World world, string paymentId) => world.MyFatoorahInvoices.NewestFirst("payment:" + paymentId).FirstOrDefault();

    /// <summary>Pays, refuses or cancels a try; null when the invoice cannot be paid any more.</summary>
    public static MyFatoorahInvoice? Settle(World world, string id, string outcome)
    {
        if (outcome is not ("pay" or "decline" or "cancel") || Find(world, id) is not { Status: "PENDING" } invoice || invoice.Ends <= world.UnixNow) return null;
        if (outcome == "pay" && world.Faults.DeclineNext is > 0 and var left)
        {
            world.FaultSettings.Put(world.Faults with { DeclineNext = left - 1 });
            outcome = "decline";
        }

        var name = invoice.Tries.Count == 0 ? invoice.PaymentId : "0707" + RandomNumberGenerator.GetString("0123456789", 16);
        var attempt = outcome switch
        {
            "pay" => new MyFatoorahTry(name, "SUCCESS"),
            "cancel" => new MyFatoorahTry(name, "CANCELED", "MF004", "Cancelled by the customer"),
            _ => new MyFatoorahTry(name, "FAILED", "MF002", "Declined by the bank"),
        };
        invoice = invoice with { Status = outcome == "pay" ? "PAID" : "PENDING", Tries = [.. invoice.Tries, attempt] };
        world.MyFatoorahInvoices.Put(invoice);
        TellMyFatoorah.Payment(world, invoice);
        return invoice;
    }

    private static IResult Show(HttpContext context, World world, MyFatoorahInvoice invoice)
    {
        SecurityHeaders.AllowFormsTo(context, invoice.Redirection);
        var amount = $"{MyFatoorahInvoice.Text(invoice.Minor, invoice.Currency)} {invoice.Currency}";
        var summary = Html.Of($"""
            <section class="summary"><p class="muted">MyFatoorah · invoice {invoice.InvoiceId} to {new Uri(invoice.Redirection).Authority}</p><p class="total"><bdi>{amount}</bdi></p></section>
            """);
        if (invoice.Status != "PENDING" || invoice.Ends <= world.Read(w => w.UnixNow))
            return Layout.Bare("MyFatoorah", Html.Of($"""
                {summary}
                <section class="card stack"><h1>Nothing more can be paid here</h1><p>{Layout.Badge(invoice.Status == "PENDING" ? "expired" : "paid")}</p>
                <p><a class="button primary" href="{invoice.Redirection}">Back to the merchant</a></p></section>
                """));
        return Layout.Bare($"Pay {amount}", Html.Of($"""
            {summary}
            {Html.When(invoice.Last?.Error is not null, Html.Of($"<p class=\"notice red\" role=\"alert\"><strong>✕ Not paid.</strong> {invoice.Last?.Error} Try again.</p>"))}
            <form method="post" action="/KWT/ia/{invoice.PaymentId}" class="card stack">
              <fieldset><legend>How should the card behave?</legend>
              {Html.Each(Choices, choice => Html.Of($"""
                <label class="choice"><input type="radio" name="outcome" value="{choice.Outcome}" {Html.When(choice.Outcome == "pay", new("checked"))}>
                <span><b>{choice.Name}</b><small>{choice.Says}</small></span></label>
                """))}
              </fieldset>
              <button class="primary big">Pay <bdi>{amount}</bdi></button>
            </form>
            """));
    }

    private static IResult Unknown() => Layout.Bare("No such invoice", new Html("""
        <section class="card stack"><h1>No such invoice</h1><p>The address is wrong, or the sandbox has been reset.</p></section>
        """), StatusCodes.Status404NotFound);
}
