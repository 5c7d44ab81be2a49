using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Http;

namespace Guildhall.Operations.Webhooks;

/// <summary>What came of one attempt.</summary>
public enum AttemptOutcome { Delivered, AnsweredNo, Gone, Redirected, TimedOut, NotConnected, NotPublic }

/// <summary>One POST to one endpoint. Nothing is followed, nothing is trusted: at most 1 kB of the answer is read, and only its beginning kept.</summary>
internal sealed partial class PostMessage(PublicConnect connect, WebhookOptions options) : IDisposable
{
    private const int ReadAtMost = 1024, KeepAtMost = 200;

    private static readonly TimeSpan ForTheBody = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(connect.Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    public sealed record Attempt(AttemptOutcome Outcome, int? Status, int LatencyMs, string? Response);

    public async Task<Attempt> Run(string url, WebhookMessage message, IEnumerable<string> secrets, DateTimeOffset at, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.Timeout);
        var watch = Stopwatch.StartNew();
        try
        {
            using var request = Request(url, message, secrets, at);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var text = await Beginning(answer, limit.Token);
            return new Attempt(Meaning(answer.StatusCode), (int)answer.StatusCode, Elapsed(), text);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { return new Attempt(AttemptOutcome.TimedOut, null, Elapsed(), null); }
        catch (HttpRequestException problem) when (problem.InnerException is NotPublicException) { return new Attempt(AttemptOutcome.NotPublic, null, Elapsed(), null); }
        catch (Exception problem) when (problem is HttpRequestException or IOException && !stop.IsCancellationRequested)
        {
            return new Attempt(AttemptOutcome.NotConnected, null, Elapsed(), problem is HttpRequestException http ? http.HttpRequestError.ToString() : null);
        }

        int Elapsed() => (int)Math.Min(int.MaxValue, watch.ElapsedMilliseconds);
    }

    private static HttpRequestMessage Request(string url, WebhookMessage message, IEnumerable<string> secrets, DateTimeOffset at)
    {
        var (id, body) = (message.Id.ToString(), message.Body());
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Guildhall-Webhooks/1");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(secrets, id, at, body));
        return request;
    }

    private static AttemptOutcome Meaning(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => AttemptOutcome.Delivered,
        >= 300 and < 400 => AttemptOutcome.Redirected,
        410 => AttemptOutcome.Gone,
        _ => AttemptOutcome.AnsweredNo,
    };

    private static async Task<string?> Beginning(HttpResponseMessage answer, CancellationToken stop)
    {
        var buffer = new byte[ReadAtMost];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ForTheBody);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(limit.Token);
            var read = await stream.ReadAtLeastAsync(buffer, ReadAtMost, throwOnEndOfStream: false, limit.Token);
            return Redact(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException or OperationCanceledException) { return null; } // the status was there: it counts
    }

    /// <summary>The beginning of an answer as staff may read it: no control characters, and no word that could be a key, a card, an account or an address.</summary>
    internal static string? Redact(string text)
    {
        var safe = Sensitive().Replace(string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c == '\ufffd' ? ' ' : c)), "•••").Trim();
        return safe.Length == 0 ? null : safe.Length <= KeepAtMost ? safe : safe[..KeepAtMost] + "…";
    }

    [GeneratedRegex(@"[^\s""'<>]+@[^\s""'<>]+|[A-Za-z0-9_\-+/=.]{24,}|\d(?:[ -]?\d){7,}", RegexOptions.NonBacktracking)]
    private static partial Regex Sensitive();

    public void Dispose() => _http.Dispose();
}
