using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Control;

/// <summary>What a test may look at and trigger, without a key.</summary>
internal static class StripeControlRoutes
{
    private const int Most = 100_000;

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/stripe/{kind}", (World world, string kind, int? limit) =>
            world.Read(w => List(w, kind, Math.Clamp(limit ?? Most, 1, Most))) is { } found
                ? Results.Text(found.ToJsonString(SandboxJson.Wire), "application/json")
                : Control.Refuse("There is no such list.", 404));
        sandbox.MapPost("/stripe/checkout_sessions/{id}/pay", Pay);
        sandbox.MapPost("/stripe/payment_intents/{id}/settle", async (World world, string id, Outcome? body) =>
            Done(await world.Change(w => SettleLate.Run(w, id, body?.Value is null or "success")), "This intent is not processing."));
        sandbox.MapPost("/stripe/payment_intents/{id}/authenticate", async (World world, string id, Outcome? body) =>
            Done(await world.Change(w => ChargeKept.Authenticate(w, id, body?.Value is null or "success")) is not null, "Nothing is asked about this intent."));
        sandbox.MapPost("/stripe/payment_methods/{id}/detach", async (World world, string id) =>
            Done(await world.Change(w => MakeMethod.Detach(w, id)), "This card belongs to nobody."));
        sandbox.MapPost("/stripe/payment_methods/{id}/renew", async (World world, string id, Renewal body) =>
            Done(await world.Change(w => MakeMethod.Renew(w, id, body.ExpMonth, body.ExpYear)), "There is no such card."));
        sandbox.MapPost("/stripe/refunds/{id}/fail", async (World world, string id) =>
            Done(await world.Change(w => FailRefund.Run(w, id)), "This refund cannot fail any more."));
        sandbox.MapPost("/stripe/payouts/{id}/return", async (World world, string id) =>
            Done(await world.Change(w => AdvancePayout.Return(w, id)), "This payout cannot come back."));
        sandbox.MapPost("/stripe/disputes", async (World world, NewDispute body) =>
            await world.Change(w => MoveDispute.Open(w, body.Charge, body.Amount, body.Reason, body.Inquiry, !body.WithoutDebit)) is { } opened
                ? Results.Json(opened, SandboxJson.Wire)
                : Control.Refuse("There is no such captured charge, or less was captured.", 409));
        sandbox.MapPost("/stripe/disputes/{id}/{status}", async (World world, string id, string status) =>
            Done(
                status is "won" or "lost" or "warning_closed" or "under_review" or "needs_response"
                    ? await world.Change(w => MoveDispute.Become(w, id, status))
                    : status == "lost_without_debit" && await world.Change(w => MoveDispute.LoseWithoutDebit(w, id)),
                "This dispute cannot become that."));
        sandbox.MapPost("/stripe/events/{id}/resend", async (World world, string id) =>
            Done(await world.Change(w => Resend(w, id)), "There is no such event."));
    }

    public static bool Resend(World world, string id)
    {
        if (world.Events.Find(id) is null) return false;
        world.Announce(new Delivery(id, DeliveryState.Waiting, 0, 0, world.Deliveries.Find(id)?.LastAnswer));
        return true;
    }

    public static JsonArray? List(World world, string kind, int limit)
    {
        IEnumerable<object>? rows = kind switch
        {
            "checkout_sessions" => world.Sessions.NewestFirst(),
            "payment_intents" => world.Intents.NewestFirst(),
            "charges" => world.Charges.NewestFirst(),
            "customers" => world.Customers.NewestFirst(),
            "payment_methods" => world.Methods.NewestFirst(),
            "refunds" => world.Refunds.NewestFirst(),
            "transfers" => world.Transfers.NewestFirst(),
            "disputes" => world.Disputes.NewestFirst(),
            "payouts" => world.Payouts.NewestFirst(),
            "accounts" => world.Accounts.NewestFirst(),
            "balances" => world.Balances.NewestFirst(),
            "events" => world.Events.NewestFirst(),
            _ => null,
        };
        return rows is null ? null : new JsonArray([.. rows.Take(limit).Select(row => Show(world, row))]);
    }

    public static JsonNode Show(World world, object row)
    {
        if (row is not Event happened)
        {
            var node = JsonSerializer.SerializeToNode(row, row.GetType(), SandboxJson.Wire)!;
            if (row is Payout payout) node["account"] = payout.Account;
            return node;
        }

        var json = JsonNode.Parse(happened.Body)!;
        json["delivery"] = JsonSerializer.SerializeToNode(world.Deliveries.Find(happened.Id), SandboxJson.Wire);
        return json;
    }

    private static async Task<IResult> Pay(World world, HttpRequest request, string id, Outcome body)
    {
        if (!Enum.TryParse<CardOutcome>((body.Value ?? "").Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var outcome))
            return Control.Refuse("outcome is success, decline, three_d_secure, three_d_secure_authenticate, three_d_secure_fail, "
                + "timeout_but_charged, late_success or abandon.");

        var page = $"{request.Scheme}://{request.Host}/pay/{id}/3ds";
        var (answer, session) = await world.Change(w => w.Sessions.Find(id) is { } open
            ? ((PayAnswer?)PaySession.Submit(w, open, outcome, page), w.Sessions.Find(id))
            : (null, null));
        if (answer is not { } paid) return Control.Refuse("No such checkout session.", 404);

        var status = paid is PayAnswer.AlreadyPaid or PayAnswer.Expired ? 409 : 200;
        return Results.Json(
            new
            {
                answer = paid,
                redirect = NextAddress.For(session!, paid, page),
                session!.Status,
                session.PaymentStatus,
                session.PaymentIntent,
            },
            SandboxJson.Control,
            statusCode: status);
    }

    private static IResult Done(bool done, string otherwise) => done ? Control.Json(new { done }) : Control.Refuse(otherwise, 409);

    /// <summary>A charge, or the payment intent it belongs to; all of it when no amount is said.</summary>
    internal sealed record NewDispute(string Charge, long? Amount = null, string? Reason = null, bool Inquiry = false, bool WithoutDebit = false);

    internal sealed record Renewal(long ExpMonth, long ExpYear);

    internal sealed record Outcome([property: System.Text.Json.Serialization.JsonPropertyName("outcome")] string? Value);
}
