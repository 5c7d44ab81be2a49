using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>Calls of PayPal's REST API: JSON bodies, a bearer token that is renewed in time, a PayPal-Request-Id of ours on every POST.</summary>
internal sealed class PayPalApi(GatewayHttp http, PayPalOptions options) : IDisposable
{
    private sealed record Pass(string Token, long Until);

    private readonly SemaphoreSlim _renewing = new(1);
    private Pass? _pass;

    public PartyStatus Status => http.Status;

    public void Dispose() => _renewing.Dispose();

    public Task<GatewayAnswer<JsonElement>> Get(string path, CancellationToken stop) => Send(() => new HttpRequestMessage(HttpMethod.Get, new Uri(options.Api, path)), null, stop);

    /// <summary>Answers nothing but an undefined element when PayPal answers without a body. <c>tells</c>: the errors that are an answer all the same. Without a body, the call is one that takes none.</summary>
    public Task<GatewayAnswer<JsonElement>> Post(string path, string requestId, JsonObject? body, CancellationToken stop, Func<JsonElement, bool>? tells = null)
    {
        var text = body?.ToJsonString() ?? "";
        return Send(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, path)) { Content = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            request.Headers.Add("PayPal-Request-Id", requestId);
            request.Headers.Add("Prefer", "return=representation");
            return request;
        }, tells, stop);
    }

    /// <summary>A new token: it is given to nobody without our id and secret.</summary>
    public async Task<GatewayAnswer<string>> Ask(CancellationToken stop)
    {
        _pass = null;
        if (await Token(stop) is null) return new GatewayAnswer<string>.Unknown(http.Status.LastError ?? "");
        http.Works();
        return new GatewayAnswer<string>.Accepted("a new access token");
    }

    private async Task<GatewayAnswer<JsonElement>> Send(Func<HttpRequestMessage> make, Func<JsonElement, bool>? tells, CancellationToken stop)
    {
        for (var again = false; ; again = true)
        {
            if (await Token(stop) is not { } token) return new GatewayAnswer<JsonElement>.Unknown(http.Status.LastError ?? "");
            var reply = await http.Send(() => As(make(), new AuthenticationHeaderValue("Bearer", token)), stop);
            if (reply is not GatewayReply.Answered answer) return new GatewayAnswer<JsonElement>.Unknown(((GatewayReply.Lost)reply).Why);
            if (answer.Status == HttpStatusCode.Unauthorized && !again)
            {
                _pass = null; // it ended before its time, and nothing was done: once more with a new one
                continue;
            }
            var read = answer.Status == HttpStatusCode.NoContent ? default(JsonElement) : GatewayJson.Read(answer.Body);
            if (read is not { } body) return http.Unknown<JsonElement>($"{(int)answer.Status}, not JSON");
            if (!answer.IsSuccess && tells?.Invoke(body) is not true) return Refusal(answer.Status, body);
            http.Works();
            return new GatewayAnswer<JsonElement>.Accepted(body);
        }
    }

    private static HttpRequestMessage As(HttpRequestMessage request, AuthenticationHeaderValue who)
    {
        request.Headers.Authorization = who;
        return request;
    }

    // A token holds for about nine hours: it is renewed when a tenth of that is left.
    private async Task<string?> Token(CancellationToken stop)
    {
        if (_pass is { } known && Stopwatch.GetTimestamp() < known.Until) return known.Token;
        await _renewing.WaitAsync(stop);
        try
        {
            if (_pass is { } renewed && Stopwatch.GetTimestamp() < renewed.Until) return renewed.Token;
            var asked = Stopwatch.GetTimestamp();
            var who = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ClientId}:{options.Secret}")));
            var reply = await http.Send(() => As(new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, "/v1/oauth2/token")) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) }, who), stop);
            if (reply is not GatewayReply.Answered answer) return null;
            var read = GatewayJson.Read(answer.Body) ?? default;
            if (answer.Status != HttpStatusCode.OK || GatewayJson.Text(read, "access_token") is not { Length: > 0 } token)
            {
                http.Fails($"{(int)answer.Status} {GatewayJson.Text(read, "error") ?? "no token"}");
                return null;
            }
            var lasts = GatewayJson.Child(read, "expires_in") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var seconds) ? Math.Clamp(seconds, 0, 86_400) : 0;
            _pass = new Pass(token, asked + lasts * 9L / 10 * Stopwatch.Frequency);
            return token;
        }
        finally { _renewing.Release(); }
    }

    // Only an answer of PayPal's own that blames the request is a refusal; a conflict, a limit or a failure over there says nothing about the effect,
    // and a token that is not taken says nothing about the request.
    private GatewayAnswer<JsonElement> Refusal(HttpStatusCode status, JsonElement error)
    {
        var detail = GatewayJson.First(error, "details");
        var name = GatewayJson.Text(error, "name");
        var code = GatewayJson.Text(detail, "issue") ?? name ?? "error";
        var surely = name is not null && status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity
            && code is not ("RATE_LIMIT_REACHED" or "ORDER_COMPLETION_IN_PROGRESS");
        return surely
            ? new GatewayAnswer<JsonElement>.Refused(code.Length > 100 ? code[..100] : code, GatewayJson.Sentence(detail, "description") ?? GatewayJson.Sentence(error, "message") ?? "")
            : http.Unknown<JsonElement>($"{(int)status} {code} {GatewayJson.Sentence(error, "debug_id")}");
    }
}
