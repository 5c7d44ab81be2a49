using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>What Daraja answered: an object, a fault with its code, or nothing that can be read.</summary>
internal abstract record MpesaAnswer
{
    private MpesaAnswer() { }

    public sealed record Said(JsonElement Body) : MpesaAnswer;

    public sealed record Fault(int Status, string Code, string Text) : MpesaAnswer;

    /// <summary><c>NeverSent</c>: the request itself did not leave.</summary>
    public sealed record Lost(string Why, bool NeverSent) : MpesaAnswer;
}

/// <summary>Calls of Daraja: JSON under a token that lasts an hour. A token that is not taken any more is renewed once.</summary>
internal sealed class MpesaApi(GatewayHttp http, MpesaOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private volatile Token? _token;

    private sealed record Token(string Text, DateTimeOffset Until);

    public PartyStatus Status => http.Status;

    public async Task<MpesaAnswer> Post(string path, object body, CancellationToken stop)
    {
        for (var again = false; ; again = true)
        {
            if (await TokenFor(stop) is not { } token) return new MpesaAnswer.Lost("no_token", NeverSent: true);
            var answer = Read(await http.Send(() =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, path)) { Content = JsonContent.Create(body) };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
                return request;
            }, stop));
            if (answer is not MpesaAnswer.Fault { Code: "401.002.01" or "404.001.03" or "401" } || again) return Noted(answer);
            Interlocked.CompareExchange(ref _token, null, token);
        }
    }

    /// <summary>A new token: it is given to nobody without our key and secret.</summary>
    public async Task<GatewayAnswer<string>> Ask(CancellationToken stop)
    {
        _token = null;
        if (await TokenFor(stop) is null) return new GatewayAnswer<string>.Unknown(http.Status.LastError ?? "");
        http.Works();
        return new GatewayAnswer<string>.Accepted("a new access token");
    }

    private async Task<Token?> TokenFor(CancellationToken stop)
    {
        if (_token is { } known && known.Until > clock.GetUtcNow()) return known;
        await _renewing.WaitAsync(stop);
        try
        {
            if (_token is { } fresh && fresh.Until > clock.GetUtcNow()) return fresh;
            var answer = Read(await http.Send(() =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Api, "/oauth/v1/generate?grant_type=client_credentials"));
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Key}:{options.Secret}")));
                return request;
            }, stop));
            if (answer is not MpesaAnswer.Said(var said) || Text(said, "access_token") is not { Length: >= 1 and <= 4000 } token || token.Any(c => c is <= ' ' or > '~'))
            {
                http.Fails(answer is MpesaAnswer.Fault fault ? $"token {fault.Status} {fault.Code}" : "token");
                return null;
            }
            var seconds = int.TryParse(Text(said, "expires_in"), out var lasts) ? Math.Clamp(lasts, 60, 86_400) : 3_600;
            return _token = new Token(token, clock.GetUtcNow().AddSeconds(seconds) - Early);
        }
        finally { _renewing.Release(); }
    }

    private MpesaAnswer Noted(MpesaAnswer answer)
    {
        // A prompt that the customer still decides on is told as a failure of the server's.
        if (answer is MpesaAnswer.Said or MpesaAnswer.Fault { Code: "500.001.1001" }) http.Works();
        else if (answer is MpesaAnswer.Fault fault) http.Fails($"{fault.Status} {fault.Code}");
        else if (answer is MpesaAnswer.Lost lost) http.Fails(lost.Why);
        return answer;
    }

    private static MpesaAnswer Read(GatewayReply reply)
    {
        if (reply is GatewayReply.Lost(var why, var never)) return new MpesaAnswer.Lost(why, never);
        var answered = (GatewayReply.Answered)reply;
        var status = ((int)answered.Status).ToString(CultureInfo.InvariantCulture);
        try
        {
            using var document = JsonDocument.Parse(answered.Body, new JsonDocumentOptions { MaxDepth = 32 });
            var body = document.RootElement;
            if (body.ValueKind is JsonValueKind.Object && answered.Status is HttpStatusCode.OK && Text(body, "errorCode") is null) return new MpesaAnswer.Said(body.Clone());
            return new MpesaAnswer.Fault((int)answered.Status, Text(body, "errorCode") ?? status, Sentence(body, "errorMessage") ?? "");
        }
        catch (JsonException)
        {
            return answered.Status is HttpStatusCode.OK ? new MpesaAnswer.Lost("unreadable", NeverSent: false) : new MpesaAnswer.Fault((int)answered.Status, status, "");
        }
    }

    /// <summary>A text or a number, as it stands there: they write codes and amounts in both ways.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Text(value) : null;

    public static string? Text(JsonElement value) => value.ValueKind switch { JsonValueKind.String => Words(value), JsonValueKind.Number => value.GetRawText(), _ => null };

    /// <summary>A text for people, cut to what rows and messages hold.</summary>
    public static string? Sentence(JsonElement element, string name) => Text(element, name) is { } text ? text.Length > 500 ? text[..500] : text : null;

    // Half of a pair of characters can be written in JSON, and is no text.
    private static string? Words(JsonElement value)
    {
        try { return value.GetString(); }
        catch (InvalidOperationException) { return null; }
    }
}
