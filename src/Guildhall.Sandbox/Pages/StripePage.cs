using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.Control;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Pages;

/// <summary>Everything the payment company did, and the few acts it can still do by itself.</summary>
internal static class StripePage
{
    private const int Shown = 50;

    private static readonly string[] Kinds =
        ["checkout_sessions", "payment_intents", "charges", "refunds", "disputes", "transfers", "payouts", "events", "balances"];

    private static readonly JsonSerializerOptions Indented = new(SandboxJson.Wire) { WriteIndented = true };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/stripe", () => SeeOther.To("/stripe/payment_intents"));
        routes.MapGet("/stripe/{kind}", List);
        routes.MapPost("/controls/payouts/{id}/return", (World world, string id) =>
            Act(world, w => AdvancePayout.Return(w, id), "payouts"));
        routes.MapPost("/controls/intents/{id}/dispute", (World world, string id) =>
            Act(world, w => MoveDispute.Open(w, id, null, null, inquiry: false, withdraws: true) is not null, "disputes"));
        routes.MapPost("/controls/intents/{id}/inquire", (World world, string id) =>
            Act(world, w => MoveDispute.Open(w, id, null, null, inquiry: true, withdraws: false) is not null, "disputes"));
        routes.MapPost("/controls/disputes/{id}/{status}", (World world, string id, string status) =>
            Act(world, w => status is "won" or "lost" or "warning_closed" or "needs_response" && MoveDispute.Become(w, id, status), "disputes"));
        routes.MapPost("/controls/events/{id}/resend", (World world, string id) =>
            Act(world, w => StripeControlRoutes.Resend(w, id), "events"));
        routes.MapPost("/controls/intents/{id}/settle", (World world, string id) =>
            Act(world, w => SettleLate.Run(w, id, true), "payment_intents"));
    }

    private static async Task<IResult> Act(World world, Func<World, bool> act, string kind)
    {
        await world.Change(act);
        return SeeOther.To($"/stripe/{kind}");
    }

    private static IResult List(World world, string kind)
    {
        var rows = world.Read(w => StripeControlRoutes.List(w, kind, Shown));
        if (rows is null) return SeeOther.To("/stripe/payment_intents");
        return Layout.Page(world, "Stripe", "/stripe", Html.Of($"""
            <h1>Stripe, as simulated here</h1>
            <nav class="tabs" aria-label="Objects">{Html.Each(Kinds, each => Html.Of($"""
              <a href="/stripe/{each}" {Html.When(each == kind, new("aria-current=\"page\""))}>{each.Replace('_', ' ')}</a>
              """))}</nav>
            {Html.When(rows.Count == 0, new("<p class=\"empty\">Nothing yet.</p>"))}
            <ul class="objects">{Html.Each(rows.OfType<JsonObject>(), Row)}</ul>
            {Html.When(rows.Count == Shown, Html.Of($"""
              <p class="muted">The newest {Shown}; all of them are at <a href="/sandbox/stripe/{kind}">/sandbox/stripe/{kind}</a>.</p>
              """))}
            """));
    }

    private static Html Row(JsonObject row)
    {
        var id = (string?)row["id"] ?? "";
        var amount = (long?)(row["amount"] ?? row["amount_total"] ?? row["available_minor"]);
        var currency = (string?)row["currency"] ?? "usd";
        var state = (string?)row["status"] ?? (string?)row["delivery"]?["state"];
        return Html.Of($"""
            <li class="card"><details><summary><code>{id}</code>
              {Html.When(id.StartsWith("evt_", StringComparison.Ordinal), Html.Of($"<b>{(string?)row["type"]}</b>"))}
              {Html.When(amount is not null, Html.Of($"<bdi class=\"amount\">{Currencies.Format(amount ?? 0, currency)}</bdi>"))}
              {Html.When(state is not null, Layout.Badge(state ?? ""))}</summary>
              <pre>{row.ToJsonString(Indented)}</pre></details>{Acts(id, state)}</li>
            """);
    }

    private static Html Acts(string id, string? state) => id.Split('_')[0] switch
    {
        "evt" => Button($"/controls/events/{id}/resend", "Send again"),
        "po" when state is "pending" or "in_transit" or "paid" => Button($"/controls/payouts/{id}/return", "Bank returns it"),
        "pi" when state == "succeeded" => Html.Of($"""
            {Button($"/controls/intents/{id}/dispute", "Customer disputes it")}{Button($"/controls/intents/{id}/inquire", "Bank inquires")}
            """),
        "du" when state is "warning_needs_response" or "warning_under_review" => Html.Of($"""
            {Button($"/controls/disputes/{id}/warning_closed", "Close the inquiry")}{Button($"/controls/disputes/{id}/needs_response", "Make it a dispute")}
            """),
        "du" => Html.Of($"""
            {Html.When(state != "won", Button($"/controls/disputes/{id}/won", "We win"))}{Html.When(state != "lost", Button($"/controls/disputes/{id}/lost", "We lose"))}
            """),
        "pi" when state == "processing" => Button($"/controls/intents/{id}/settle", "Let it succeed now"),
        _ => default,
    };

    private static Html Button(string address, string act) =>
        Html.Of($"<form method=\"post\" action=\"{address}\"><button>{act}</button></form>");
}
