using System.Text.Json;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.MyFatoorah;

/// <summary>What every call has in common: the token, faults, the envelope, and the answer to an Idempotency-Key for 250 minutes.</summary>
internal static class MyFatoorahApi
{
    public const string Token = "guildhall_sandbox_myfatoorah_token";
    private const long KeptSeconds = 250 * 60;
    private const int MostBytes = 64 * 1024;

    public static async Task Run(HttpContext context, World world, Func<World, HttpContext, JsonElement, object> effect, bool isEffect = true)
    {
        if (context.Request.Headers.Authorization != "Bearer " + Token)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var text = "";
        JsonElement body = default;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var reader = new StreamReader(context.Request.Body);
            text = await reader.ReadToEndAsync(context.RequestAborted);
            if (text.Length > MostBytes || !TryParse(text, out body))
            {
                await Send(context, 400, Refusal("Body", "The body is not a JSON object."));
                return;
            }
        }

        var delay = world.Read(w => w.Faults.DelayMs);
        if (delay > 0) await Task.Delay(delay, context.RequestAborted);
        var key = isEffect && context.Request.Headers["Idempotency-Key"] is [{ Length: > 0 } given] ? "myfatoorah|" + given : null;
        var (status, answer, lost) = await world.Change(w => Once(w, context, key, text, body, effect, isEffect));
        if (lost) await TakeTimeoutFault.HoldAndClose(context);
        else await Send(context, status, answer);
    }

    private static (int Status, string Answer, bool Lost) Once(
        World world, HttpContext context, string? key, string text, JsonElement body, Func<World, HttpContext, JsonElement, object> effect, bool isEffect)
    {
        if (key is not null && world.Answers.Find(key) is { } first && first.Created + KeptSeconds > world.UnixNow)
            return first.Fingerprint == text ? (first.Status, first.Body, false) : (409, Refusal("Idempotency-Key", "This key was used with another request."), false);
        int status;
        string answer;
        try
        {
            var data = effect(world, context, body);
            (status, answer) = (context.Request.Path == "/v3/payments" ? 201 : 200, Json(new { IsSuccess = true, Message = "", ValidationErrors = (object?)null, Data = data }));
        }
        catch (MyFatoorahRefusal refusal)
        {
            (status, answer) = (400, Refusal(refusal.Field, refusal.Message));
        }

        if (key is not null) world.Answers.Put(new StoredAnswer(key, text, status, answer, "", world.UnixNow));
        return (status, answer, isEffect && status < 300 && TakeTimeoutFault.From(world));
    }

    public static string Json(object value) => JsonSerializer.Serialize(value);

    public static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Refusal(string field, string why) =>
        Json(new { IsSuccess = false, Message = "Invalid data", ValidationErrors = new[] { new { Name = field, Error = why } }, Data = (object?)null });

    private static bool TryParse(string text, out JsonElement body)
    {
        body = default;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(text);
            return body.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Task Send(HttpContext context, int status, string answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(answer, context.RequestAborted);
    }
}

/// <summary>What they say no to, and to which field.</summary>
internal sealed class MyFatoorahRefusal(string about, string why) : Exception(why)
{
    public string Field => about;
}
