using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Guildhall.Messaging.Delivery;

namespace Guildhall.Messaging.Push.Firebase;

/// <summary>Firebase Cloud Messaging, HTTP version 1: one message to one token. An error counts as theirs when it has their shape; anything else may come from a machine between
/// us that has passed the message on. A message shown twice would take the place of its first, since both have the notice's id as their tag.</summary>
public sealed class FirebaseApi : IDisposable
{
    internal const string Called = "firebase";

    private static readonly TimeSpan AfterTooMany = TimeSpan.FromMinutes(1);
    private readonly ProviderHttp _http;
    private readonly FirebaseOptions? _options;
    private readonly FirebaseTokens? _tokens;
    private readonly TimeProvider _clock;

    internal FirebaseApi(ProviderHttp http, FirebaseOptions? options, TimeProvider clock) =>
        (_http, _options, _clock, _tokens) = (http, options, clock, options is null ? null : new FirebaseTokens(http, options, clock));

    /// <summary>False: nothing is sent, and every delivery says so.</summary>
    public bool IsConfigured => _options is not null;

    /// <summary>How long nothing is sent yet, since they have not answered lately; null when it may be.</summary>
    internal TimeSpan? RestsFor => _http.RestsFor;

    /// <summary>Whether it is the sandbox.</summary>
    public bool IsOnThisMachine => _options is { Api.IsLoopback: true };

    /// <inheritdoc />
    public void Dispose() => _tokens?.Dispose();

    /// <param name="onlyCheck">They look at it and send nothing.</param>
    internal async Task<PushAnswer> Send(PushMessage message, CancellationToken stop, bool onlyCheck = false)
    {
        var (access, failure) = await _tokens!.Get(stop);
        if (access is null) return failure;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_options!.Api, $"/v1/projects/{_options.Project}/messages:send"))
        {
            Content = JsonContent.Create(Body(message, onlyCheck), options: JsonSerializerOptions.Default),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        switch (await _http.Send(request, stop))
        {
            case ProviderReply.Answered answer:
                if (answer.Code is 401) _tokens.Drop(access);
                return Read(answer, message.Token);
            case ProviderReply.Lost { NeverSent: true } lost: return new PushAnswer(DeliveryState.Queued, DeliveryReasons.ServerUnavailable, lost.Why, RetryAfter: lost.Rests);
            case ProviderReply.Lost lost: return new PushAnswer(DeliveryState.Unknown, DeliveryReasons.NoAnswer, lost.Why);
            default: throw new InvalidOperationException("There are two kinds of replies.");
        }
    }

    /// <summary>Whether they give us an access token; null when they do, else why not.</summary>
    internal async Task<PushAnswer?> LetsUsIn(CancellationToken stop) => await _tokens!.Get(stop) is (null, var failure) ? failure : null;

    private object Body(PushMessage message, bool onlyCheck)
    {
        var seconds = Math.Max(0, (long)(message.Until - _clock.GetUtcNow()).TotalSeconds);
        var notice = message.Notice.ToString();
        return new
        {
            validateOnly = onlyCheck,
            message = new
            {
                token = message.Token,
                notification = new { title = message.Title, body = message.Text },
                data = new Dictionary<string, string> { ["notice"] = notice, ["link"] = message.Link.AbsoluteUri },
                android = new { ttl = $"{seconds}s", notification = new { tag = notice } },
                apns = new { headers = new Dictionary<string, string> { ["apns-collapse-id"] = notice, ["apns-expiration"] = $"{message.Until.ToUnixTimeSeconds()}" } },
                webpush = new { headers = new Dictionary<string, string> { ["TTL"] = $"{seconds}" }, notification = new { tag = notice } },
            },
        };
    }

    private PushAnswer Read(ProviderReply.Answered answer, string token)
    {
        if (answer.Code is 200)
            return answer.Text("name") is { Length: > 0 } name
                ? new PushAnswer(DeliveryState.Sent, null, "200", name[(name.LastIndexOf('/') + 1)..] is { Length: > 0 and <= 64 } id ? id : null)
                : new PushAnswer(DeliveryState.Unknown, DeliveryReasons.NoAnswer, "200");
        if (FirebaseError.Read(answer.Json) is not { } error) return new PushAnswer(DeliveryState.Unknown, DeliveryReasons.NoAnswer, $"{answer.Code}");
        var reply = $"{answer.Code} {error.Code} {error.Says}".TrimEnd();
        var wait = RetryAfterHeader.Read(answer.Header("Retry-After"), _clock.GetUtcNow());
        return error.Code switch
        {
            "UNREGISTERED" or "SENDER_ID_MISMATCH" => new PushAnswer(DeliveryState.Failed, DeliveryReasons.DeviceGone, reply, GoneToken: token),
            "INVALID_ARGUMENT" when error.BlamesToken => new PushAnswer(DeliveryState.Failed, DeliveryReasons.DeviceGone, reply, GoneToken: token),
            _ when answer.Code is 429 => new PushAnswer(DeliveryState.Queued, DeliveryReasons.ServerUnavailable, reply, RetryAfter: wait is { } said && said > AfterTooMany ? said : AfterTooMany),
            _ when answer.Code >= 500 => new PushAnswer(DeliveryState.Queued, DeliveryReasons.ServerUnavailable, reply, RetryAfter: wait),
            _ when answer.Code is 401 or 403 => new PushAnswer(DeliveryState.Queued, DeliveryReasons.NotLetIn, reply),
            _ => new PushAnswer(DeliveryState.Failed, DeliveryReasons.RefusedByServer, reply),
        };
    }
}
