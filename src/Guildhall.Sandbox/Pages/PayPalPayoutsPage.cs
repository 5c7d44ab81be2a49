using Guildhall.Sandbox.PayPal;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Pages;

/// <summary>The payouts PayPal was asked for, and what their receivers do with them.</summary>
internal static class PayPalPayoutsPage
{
    private const int Shown = 50;

    private static readonly (string Act, string Name)[] Acts =
        [("claim", "Let it arrive"), ("return", "Send it back"), ("hold", "Put it on hold"), ("block", "Block it"), ("deny", "Deny the batch")];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/paypal/payouts", Show);
        routes.MapPost("/controls/paypal-payouts/{id}/{act}", async (World world, string id, string act) =>
        {
            await world.Change(w => PayPalPayoutLater.Act(w, id, act));
            return SeeOther.To("/paypal/payouts");
        });
    }

    private static IResult Show(World world)
    {
        var payouts = world.Read(w => w.PayPalPayouts.NewestFirst().Take(Shown).ToArray());
        return Layout.Page(world, "PayPal", "/paypal/payouts", Html.Of($"""
            <h1>Payouts by PayPal</h1>
            {Html.When(payouts.Length == 0, new("<p class=\"empty\">Nothing was paid out yet. Approve a withdrawal to a PayPal account, and it appears here.</p>"))}
            {Html.Each(payouts, Card)}
            """));
    }

    private static Html Card(PayPalPayout payout) => Html.Of($"""
        <article class="card stack"><h2><bdi dir="ltr">{payout.Receiver}</bdi></h2>
        <p><strong><bdi>{payout.Value} {payout.Currency}</bdi></strong>, batch <code>{payout.Batch}</code> of <code>{payout.SenderBatch}</code>
        {Layout.Badge(payout.Status)} {payout.Error}</p>
        <div class="row">{Html.Each(Acts.Where(a => PayPalPayoutLater.Becomes(a.Act, payout.Status) is not null), act => Html.Of($"""
          <form method="post" action="/controls/paypal-payouts/{payout.Batch}/{act.Act}"><button>{act.Name}</button></form>
          """))}</div>
        </article>
        """);
}
