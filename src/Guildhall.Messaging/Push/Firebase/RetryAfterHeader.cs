using System.Net.Http.Headers;

namespace Guildhall.Messaging.Push.Firebase;

/// <summary><c>Retry-After</c>: seconds or a date (RFC 9110). Between one second and an hour, whatever they say.</summary>
internal static class RetryAfterHeader
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1), Most = TimeSpan.FromHours(1);

    /// <summary>Null: it is not there, or nothing that can be read.</summary>
    public static TimeSpan? Read(string? header, DateTimeOffset now)
    {
        if (!RetryConditionHeaderValue.TryParse(header, out var said)) return null;
        var wait = said.Delta ?? said.Date!.Value - now;
        return wait < Least ? Least : wait > Most ? Most : wait;
    }
}
