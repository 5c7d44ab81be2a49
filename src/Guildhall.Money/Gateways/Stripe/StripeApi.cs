using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Where and as whom to call Stripe. Several webhook secrets are valid at once while one is being replaced.</summary>
public sealed record StripeOptions(Uri Api, string SecretKey, IReadOnlyList<string> WebhookSecrets, Uri ReturnTo)
{
    /// <summary>Where its hosted pages are.</summary>
    public Uri Pages { get; init; } = new("https://checkout.stripe.com");

    /// <summary>Real money moves with this key.</summary>
    internal bool IsLive => SecretKey.Contains("_live_", StringComparison.Ordinal);
}

/// <summary>Calls of Stripe's v1 API: form bodies, bearer key, pinned version, an Idempotency-Key of ours on every POST.</summary>
internal sealed class StripeApi(GatewayHttp http, StripeOptions options)
{
    private const string Version = "2026-10-28.endive";

    public PartyStatus Status => http.Status;

    public Task<GatewayAnswer<JsonElement>> Get(string path, CancellationToken stop, string? account = null) =>
        Send(() => Request(HttpMethod.Get, path, account), stop);

    public Task<GatewayAnswer<JsonElement>> Post(string path, string idempotencyKey, IEnumerable<KeyValuePair<string, string>> form, CancellationToken stop, string? account = null) =>
        Send(() =>
        {
            var request = Request(HttpMethod.Post, path, account);
            request.Headers.Add("Idempotency-Key", idempotencyKey);
            request.Content = new FormUrlEncodedContent(form);
            return request;
        }, stop);

    private HttpRequestMessage Request(HttpMethod method, string path, string? account)
    {
        var request = new HttpRequestMessage(method, new Uri(options.Api, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.SecretKey);
        request.Headers.Add("Stripe-Version", Version);
        if (account is not null) request.Headers.Add("Stripe-Account", account);
        return request;
    }

    private async Task<GatewayAnswer<JsonElement>> Send(Func<HttpRequestMessage> make, CancellationToken stop)
    {
        var reply = await http.Send(make, stop);
        if (reply is not GatewayReply.Answered answer) return new GatewayAnswer<JsonElement>.Unknown(((GatewayReply.Lost)reply).Why);
        if (GatewayJson.Read(answer.Body) is not { } body) return http.Unknown<JsonElement>(nameof(JsonException));
        if (!answer.IsSuccess) return Refusal(answer.Status, body);
        http.Works();
        return new GatewayAnswer<JsonElement>.Accepted(body);
    }

    // Only an answer of Stripe's own that blames the request is a refusal; a conflict, a limit or a failure over there says nothing about the effect,
    // and a key that is not taken says nothing about the request.
    private GatewayAnswer<JsonElement> Refusal(HttpStatusCode status, JsonElement body)
    {
        var error = GatewayJson.Child(body, "error");
        var code = GatewayJson.Text(error, "decline_code") ?? GatewayJson.Text(error, "code") ?? GatewayJson.Text(error, "type") ?? "error";
        var surely = status is HttpStatusCode.BadRequest or HttpStatusCode.PaymentRequired or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
            && code is not ("rate_limit" or "lock_timeout" or "idempotency_error");
        return surely ? new GatewayAnswer<JsonElement>.Refused(code, GatewayJson.Sentence(error, "message") ?? "") : http.Unknown<JsonElement>($"{(int)status} {code}");
    }
}
