using System.Diagnostics;
using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Foundation.Http;

/// <summary>A day or a month of the calendar in UTC, in business time.</summary>
public enum QuotaPeriod { Day, Month }

/// <summary>So many of something in a period of the calendar; nothing slides.</summary>
public sealed record Quota(string Name, int Limit, QuotaPeriod Period, string Says);

/// <summary>Counts a successful pass of the route's rule against a quota of the account.</summary>
public sealed record QuotaRoute(Quota Quota);

/// <summary>Quotas, exact over all nodes: one row per quota, subject and period, taken by one statement. Without PostgreSQL nothing is let through.</summary>
public sealed class Quotas(Database database)
{
    private static readonly TimeSpan SettingKept = TimeSpan.FromSeconds(5);

    /// <summary>Files of many rows that an account may fetch.</summary>
    public static readonly Quota Exports = new("exports", 200, QuotaPeriod.Day, "Downloads of lists as files, per account");

    /// <summary>How many API requests an account may make in a day; a node notices a change within five seconds.</summary>
    public static readonly Setting<int> ApiCallsPerDay = new("foundation.api_calls_per_day",
        "Requests to the API that one account may make in a day (UTC). 0: as many as the rates allow.", "requests", 0,
        value => value is >= 0 and <= 100_000_000 ? null : "Between 0 and 100,000,000 requests.");

    private (int Value, long At) _apiCalls = (0, 0);

    /// <summary>Takes one for the subject, or says no with the seconds until the next period.</summary>
    public async Task<Refusal?> Take(Quota quota, string subject, CancellationToken stop)
    {
        var (now, begins, ends) = Period(quota);
        var taken = await database.Find<int?>(TakeSql, new { key = $"quota:{quota.Name}:{subject}", period = (long)begins.DayNumber, limit = quota.Limit, expires = ends.AddDays(1) }, stop);
        return taken is null ? UsedUp(quota, now, ends) : null;
    }

    /// <summary>What the route asks of this caller.</summary>
    internal async ValueTask<Refusal?> Check(HttpContext http, Caller caller, Endpoint endpoint)
    {
        if (!caller.IsSignedIn) return null;
        if (http.Request.IsToApi() && await ApiCalls(http.RequestAborted) is > 0 and var limit
            && await Take(new Quota("api_calls", limit, QuotaPeriod.Day, ""), caller.AccountKey(), http.RequestAborted) is { } refusal) return refusal;
        return endpoint.Metadata.GetMetadata<QuotaRoute>() is { } route ? await Take(route.Quota, caller.AccountKey(), http.RequestAborted) : null;
    }

    private async ValueTask<int> ApiCalls(CancellationToken stop)
    {
        var (value, at) = _apiCalls;
        if (at != 0 && Stopwatch.GetElapsedTime(at) < SettingKept) return value;
        var read = await database.Setting(ApiCallsPerDay, stop);
        _apiCalls = (read, Stopwatch.GetTimestamp());
        return read;
    }

    private (DateTimeOffset Now, DateOnly Begins, DateTimeOffset Ends) Period(Quota quota)
    {
        var now = database.Clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var begins = quota.Period is QuotaPeriod.Day ? today : new DateOnly(today.Year, today.Month, 1);
        var next = quota.Period is QuotaPeriod.Day ? begins.AddDays(1) : begins.AddMonths(1);
        return (now, begins, new DateTimeOffset(next.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
    }

    private static Refusal UsedUp(Quota quota, DateTimeOffset now, DateTimeOffset ends) =>
        (FoundationRefusals.QuotaUsedUp with { RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling((ends - now).TotalSeconds)) })
            .With(("quota", quota.Name), ("limit", quota.Limit), ("resetsAt", ends.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));

    // A period has a row of its own: who is early or late is counted where they belong, and nothing is ever set back.
    private const string TakeSql = """
        insert into foundation.rate_windows as q (key, window_no, taken, expires_at) values (@key, @period, 1, @expires)
        on conflict (key, window_no) do update set taken = q.taken + 1 where q.taken < @limit returning q.taken
        """;
}

/// <summary>The mark of a route under a quota.</summary>
public static class QuotaMarks
{
    public static TBuilder UnderQuota<TBuilder>(this TBuilder route, Quota quota) where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(new QuotaRoute(quota)));
        return route;
    }
}
