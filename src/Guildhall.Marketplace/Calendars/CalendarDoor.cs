using System.Net;
using System.Text;
using Guildhall.Foundation.Http;

namespace Guildhall.Marketplace.Calendars;

/// <summary>Fetches a calendar from an address that a person typed in: public addresses only, checked at the connection, nothing followed, so many bytes in so much
/// time. What went wrong is said in one of few words, and how long it took to nobody.</summary>
internal sealed class CalendarDoor(PublicConnect connect, MarketplaceOptions options) : IDisposable
{
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly HttpClient _http = new(connect.Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Exactly one of both is there.</summary>
    public readonly record struct Answer(string? Text, CalendarFailure? Failure);

    public async Task<Answer> Get(string url, CancellationToken stop)
    {
        if (connect.Objection(url) is not null) return new Answer(null, CalendarFailure.Unreachable); // what the operator allows has changed
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.CalendarTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("User-Agent", "Guildhall-Calendars/1");
            request.Headers.TryAddWithoutValidation("Accept", "text/calendar, text/plain;q=0.5");
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (answer.StatusCode != HttpStatusCode.OK) return new Answer(null, CalendarFailure.AnsweredNo);
            return await Whole(answer, limit.Token) is { } text ? new Answer(text, null) : new Answer(null, CalendarFailure.TooLarge);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return new Answer(null, CalendarFailure.Unreachable);
        }
    }

    private static async Task<string?> Whole(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.Content.Headers.ContentLength > MostBytes) return null;
        await using var stream = await answer.Content.ReadAsStreamAsync(stop);
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, stop)) > 0;)
        {
            if (whole.Length + read > MostBytes) return null;
            whole.Write(buffer, 0, read);
        }
        return Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }

    public void Dispose() => _http.Dispose();
}
