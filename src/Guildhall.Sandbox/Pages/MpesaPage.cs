using Guildhall.Sandbox.Mpesa;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Pages;

/// <summary>What M-Pesa asks on phones. There is no page of the payment company's: the question comes to the phone, and here it is answered.</summary>
internal static class MpesaPage
{
    private const int Shown = 50;

    private static readonly (PromptOutcome Outcome, string Name)[] Choices =
        [(PromptOutcome.Pay, "Enter the PIN"), (PromptOutcome.WrongPin, "Enter a wrong PIN"), (PromptOutcome.NoMoney, "Pay without money"), (PromptOutcome.Cancel, "Cancel"), (PromptOutcome.Lapse, "Let it lapse")];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/mpesa", Show);
        routes.MapPost("/controls/mpesa-payouts/{id}/{act}", async (World world, string id, string act) =>
        {
            await world.Change(w => Act(w, id, act));
            return SeeOther.To("/mpesa");
        });
        routes.MapPost("/controls/mpesa/{id}/{outcome}", async (World world, string id, PromptOutcome outcome) =>
        {
            await world.Change(w => AnswerPrompt.Run(w, id, outcome));
            return SeeOther.To("/mpesa");
        });
    }

    /// <summary><c>tell</c>: its result is told again; <c>reverse</c>: a person there takes it back, and nobody is told.</summary>
    public static bool Act(World world, string originator, string act)
    {
        if (world.MpesaPayouts.Find(originator) is not { } payout) return false;
        if (act == "tell") PayOut.Tell(world, payout);
        else if (act == "reverse" && payout is { Receipt: not null, Reversed: false }) world.MpesaPayouts.Put(payout with { Reversed = true });
        else return false;
        return true;
    }

    private static IResult Show(World world)
    {
        var (prompts, payouts) = world.Read(w => (w.MpesaPrompts.NewestFirst().Take(Shown).ToArray(), w.MpesaPayouts.NewestFirst().Take(Shown).ToArray()));
        return Layout.Page(world, "M-Pesa", "/mpesa", Html.Of($"""
            <h1>M-Pesa on phones</h1>
            {Html.When(prompts.Length == 0, new("<p class=\"empty\">Nobody was asked yet. Pay an order in KES by M-Pesa, and the question appears here.</p>"))}
            {Html.Each(prompts, Card)}
            {Html.When(payouts.Length > 0, new("<h1>Paid to phones</h1>"))}
            {Html.Each(payouts, Paid)}
            """));
    }

    private static Html Paid(MpesaPayout payout) => Html.Of($"""
        <article class="card stack"><h2><bdi dir="ltr">{payout.Phone}</bdi></h2>
        <p><strong><bdi>KES {payout.Amount}</bdi></strong> from <bdi>{MpesaAccount.PayoutShortCode}</bdi>, <code>{payout.Originator}</code>
        {Layout.Badge(payout.Reversed ? "reversed" : payout.Receipt is null ? "failed" : "paid")} {payout.ResultDesc}</p>
        <div class="row"><form method="post" action="/controls/mpesa-payouts/{payout.Originator}/tell"><button>Tell it again</button></form>
          {Html.When(payout.Receipt is not null && !payout.Reversed, Html.Of($"""
            <form method="post" action="/controls/mpesa-payouts/{payout.Originator}/reverse"><button>Take it back by hand</button></form>
            """))}</div>
        </article>
        """);

    private static Html Card(MpesaPrompt prompt) => Html.Of($"""
        <article class="card stack"><h2><bdi dir="ltr">{prompt.Phone}</bdi></h2>
        <p>Pay <strong><bdi>KES {prompt.Amount}</bdi></strong> to <bdi>{MpesaAccount.ShortCode}</bdi>, account <bdi>{prompt.Account}</bdi>?
        {Layout.Badge(prompt.ResultCode is null ? "asked" : prompt.Reversed ? "reversed" : prompt.ResultCode == 0 ? "paid" : "failed")} {prompt.ResultDesc}</p>
        {Html.When(prompt.ResultCode is null, Html.Of($"""
          <div class="row">{Html.Each(Choices, choice => Html.Of($"""
            <form method="post" action="/controls/mpesa/{prompt.Checkout}/{choice.Outcome}"><button>{choice.Name}</button></form>
            """))}</div>
          """))}
        </article>
        """);
}
