using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.PayPal;

/// <summary>What every call has in common: token, faults, body, request id, error bodies.</summary>
internal sealed class PayPalApi(World world, SandboxOptions options, IEndpointRouteBuilder routes)
{
    private const long KeptSeconds = 45L * 24 * 60 * 60, KeptSecondsOfOrders = 6 * 60 * 60;

    public void Get(string pattern, Func<PayPalCall, PayPalAnswer> handler) => routes.MapGet(pattern, context => Answer(context, handler, changes: false));

    public void Post(string pattern, Func<PayPalCall, PayPalAnswer> handler) => routes.MapPost(pattern, context => Answer(context, handler, changes: true));

    private async Task Answer(HttpContext context, Func<PayPalCall, PayPalAnswer> handler, bool changes)
    {
        PayPalAnswer answer;
        var lost = false;
        try
        {
            if (context.Request.Headers.Authorization != "Bearer " + options.PayPal.Token) throw new PayPalRefusal(401, "AUTHENTICATION_FAILURE", "INVALID_TOKEN", "The token is not valid.");
            var call = new PayPalCall(world, context.Request.RouteValues["id"] as string ?? "", changes ? await ReadBody(context) : [], $"{context.Request.Scheme}://{context.Request.Host}",
                context.Request.Headers["PayPal-Request-Id"].ToString() is { Length: > 0 and <= 108 }, context.Request.Headers["Prefer"] == "return=representation");
            if (world.Read(w => w.Faults.DelayMs) is > 0 and var delay) await Task.Delay(delay, context.RequestAborted);
            if (!changes) answer = world.Read(_ => handler(call));
            else
            {
                if (context.Request.Path == "/v1/payments/payouts" && await world.Change(LosePayout.Before)) { await TakeTimeoutFault.HoldAndClose(context); return; }
                (answer, var again) = await world.Change(w => Once(w, context.Request, call, handler));
                lost = answer.Status < 300 && !again && await world.Change(TakeTimeoutFault.From);
            }
        }
        catch (PayPalRefusal refusal) { answer = PayPalAnswer.Of(refusal); }
        if (lost) await TakeTimeoutFault.HoldAndClose(context);
        else await Send(context, answer);
    }

    // The effect and the remembered answer are one change.
    private static (PayPalAnswer Answer, bool Again) Once(World world, HttpRequest request, PayPalCall call, Func<PayPalCall, PayPalAnswer> handler)
    {
        // Payouts are told apart by the sender's own id of the batch.
        if (!call.HasKey || request.Path.StartsWithSegments("/v1/payments/payouts", StringComparison.Ordinal)) return (handler(call), false);
        var key = $"paypal|{request.Path}|{request.Headers["PayPal-Request-Id"]}";
        var print = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(call.Body.ToJsonString())));
        var kept = request.Path.StartsWithSegments("/v2/checkout", StringComparison.Ordinal) ? KeptSecondsOfOrders : KeptSeconds;
        if (world.Answers.Find(key) is { } first && first.Created + kept >= world.UnixNow)
        {
            if (first.Fingerprint != print) throw PayPalRefusal.Cannot("DUPLICATE_REQUEST_ID", "The request id was used with another body.");
            return (new PayPalAnswer(first.Status == 201 ? 200 : first.Status, first.Body.Length == 0 ? null : first.Body), true);
        }
        PayPalAnswer answer;
        try { answer = handler(call); }
        catch (PayPalRefusal refusal) when (refusal.Kept) { answer = PayPalAnswer.Of(refusal); }
        world.Answers.Put(new StoredAnswer(key, print, answer.Status, answer.Body ?? "", "", world.UnixNow));
        return (answer, false);
    }

    private static async Task<JsonObject> ReadBody(HttpContext context)
    {
        if (context.Request.ContentLength is 0) return [];
        if (!context.Request.HasJsonContentType()) throw new PayPalRefusal(415, "UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_MEDIA_TYPE", "The server does not support the request body media type.");
        try { return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject ?? throw new JsonException(); }
        catch (JsonException) { throw PayPalRefusal.Invalid("MALFORMED_REQUEST_JSON", "The request JSON is not well formed."); }
    }

    private static async Task Send(HttpContext context, PayPalAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.Headers["Paypal-Debug-Id"] = PayPalIds.Hex(13);
        if (answer.Body is null) return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
