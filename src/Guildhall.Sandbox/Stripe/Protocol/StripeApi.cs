using System.Text;
using System.Text.Json;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>What every v1 call has in common: key, faults, parameters, idempotency, error bodies, headers.</summary>
internal sealed class StripeApi(World world, SandboxOptions options, IEndpointRouteBuilder routes)
{
    private readonly KeysInUse keysInUse = new();

    public void Get(string pattern, StripeHandler handler) =>
        routes.MapGet(pattern, context => Answer(context, handler, null));

    /// <summary><paramref name="allowed"/> lists every top-level parameter of the endpoint; others are refused.</summary>
    public void Post(string pattern, StripeHandler handler, params string[] allowed) =>
        routes.MapPost(pattern, context => Answer(context, handler, allowed));

    private async Task Answer(HttpContext context, StripeHandler handler, string[]? allowed)
    {
        var requestId = Ids.New("req_", 14);
        StampHeaders(context, requestId);
        StripeAnswer answer;
        var loseAnswer = false;
        try
        {
            ApiKey.Check(context.Request, options.StripeKey);
            var delay = world.Read(w => w.Faults.DelayMs);
            if (delay > 0 && allowed is null) await Task.Delay(delay, context.RequestAborted);

            var call = new StripeCall(
                world, await ReadForm(context.Request), context.Request.RouteValues, context.Request.Headers["Stripe-Account"].ToString(),
                requestId, ReadKey(context.Request))
            {
                BaseAddress = $"{context.Request.Scheme}://{context.Request.Host}",
            };
            if (allowed is null)
            {
                answer = world.Read(_ => Run(call, handler));
            }
            else
            {
                call.Form.AllowOnly(allowed);
                answer = await RunOnce(call, handler, $"{context.Request.Path} {call.Account}", delay);
                loseAnswer = answer is { Status: < 300, ReplayOf: null } && await world.Change(TakeTimeoutFault.From);
            }
        }
        catch (StripeRefusal refusal)
        {
            answer = StripeAnswer.Of(refusal);
        }

        if (loseAnswer) await TakeTimeoutFault.HoldAndClose(context);
        else await Send(context, answer);
    }

    /// <summary>The effect and the remembered answer are one change: after a kill, a retry never does it again.</summary>
    private async Task<StripeAnswer> RunOnce(StripeCall call, StripeHandler handler, string path, int delayMs)
    {
        if (call.IdempotencyKey is null)
        {
            await Task.Delay(delayMs);
            return await world.Change(_ => Run(call, handler));
        }

        var key = $"{call.Account}|{call.IdempotencyKey}";
        using var use = keysInUse.Take(key);
        await Task.Delay(delayMs);
        var fingerprint = call.Form.Fingerprint(path);
        return await world.Change(w => ReplayAnswer.Find(w, key, fingerprint)
            ?? ReplayAnswer.Keep(w, key, fingerprint, call, Run(call, handler)));
    }

    private static StripeAnswer Run(StripeCall call, StripeHandler handler)
    {
        try
        {
            var body = Expand.Apply(call.World, handler(call), call.Form.Expand);
            return new StripeAnswer(200, body.ToJsonString(SandboxJson.Wire));
        }
        catch (StripeRefusal refusal) when (refusal.Pinned)
        {
            return StripeAnswer.Of(refusal);
        }
    }

    private static async Task<Form> ReadForm(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method)) return new Form(request.Query);
        if (request.HasFormContentType) return new Form(await request.ReadFormAsync(request.HttpContext.RequestAborted));
        return request.ContentLength is null or 0
            ? new Form([])
            : throw StripeRefusal.Invalid("The v1 API takes application/x-www-form-urlencoded bodies.", null);
    }

    private static string? ReadKey(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 255) throw StripeRefusal.Invalid("Idempotency-Key is at most 255 characters.", null);
        return key.Length == 0 || !HttpMethods.IsPost(request.Method) ? null : key;
    }

    private static void StampHeaders(HttpContext context, string requestId)
    {
        var (asked, headers) = (context.Request.Headers, context.Response.Headers);
        headers["Request-Id"] = requestId;
        headers["Stripe-Version"] = asked.TryGetValue("Stripe-Version", out var version) ? version : "2026-10-28.endive";
        if (asked.TryGetValue("Idempotency-Key", out var key)) headers["Idempotency-Key"] = key;
        if (asked.TryGetValue("Stripe-Account", out var account)) headers["Stripe-Account"] = account;
    }

    private static async Task Send(HttpContext context, StripeAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        if (answer.ReplayOf is { } original)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
            context.Response.Headers["Original-Request"] = original;
        }

        if (answer.Status == 409) context.Response.Headers["Stripe-Should-Retry"] = "true";
        var body = Encoding.UTF8.GetBytes(answer.Body);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

internal sealed record StripeAnswer(int Status, string Body, string? ReplayOf = null)
{
    public static StripeAnswer Of(StripeRefusal refusal) =>
        new(refusal.Status, JsonSerializer.Serialize(refusal.Body, SandboxJson.Wire));
}
