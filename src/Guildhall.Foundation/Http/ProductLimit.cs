using System.Globalization;
using Guildhall.Foundation.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Foundation.Http;

/// <summary>One limit as it is in force, in words made from the very value that is enforced. Modules add theirs; <c>docs/limits.md</c> and the console list all.</summary>
/// <param name="Group">Where it stands in the list.</param>
/// <param name="Name">What is limited.</param>
/// <param name="Value">How much.</param>
/// <param name="Then">What happens beyond it.</param>
public sealed record ProductLimit(string Group, string Name, string Value, string Then);

/// <summary>Limits of this module, and how others add theirs.</summary>
public static class ProductLimits
{
    public static void AddLimits(this IServiceCollection services, params ReadOnlySpan<ProductLimit> limits)
    {
        foreach (var limit in limits) services.AddSingleton(limit);
    }

    /// <summary>A length of time as people say it.</summary>
    public static string Say(TimeSpan time) => time switch
    {
        { TotalSeconds: < 120 } => Count((int)time.TotalSeconds, "second"),
        { TotalMinutes: < 120 } => Count((int)time.TotalMinutes, "minute"),
        { TotalHours: < 72 } => Count((int)time.TotalHours, "hour"),
        _ => Count((int)time.TotalDays, "day"),
    };

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    internal static ProductLimit[] OfFoundation() =>
    [
        .. RateLimits.All.OrderBy(r => r.Key).Select(r => new ProductLimit("Requests", $"{Names.Of(r.Key)}: {About(r.Key)}", Say(r.Value), "429 `RATE_LIMITED` with `Retry-After`")),
        new("Requests", "assets, health, streams", "not counted; six streams at once per session", "429 `too_many_streams`"),
        new("Quotas (days and months of UTC)", "requests to the API of an account in a day", "setting `foundation.api_calls_per_day`, off at first", "429 `quota_used_up` with `Retry-After`"),
        Of(Quotas.Exports),
        new("Time", "a request", Say(RequestPipeline.TimeLimit), "504 `timed_out`"),
        new("Time", "a statement in the database; waiting for a lock; a transaction doing nothing", $"{Say(Database.Statement)}; {Say(Database.Lock)}; {Say(Database.Idle)}", "504 `timed_out` or 503 `try_again`"),
    ];

    /// <summary>A quota as a line of the list.</summary>
    public static ProductLimit Of(Quota quota) => new("Quotas (days and months of UTC)", quota.Says, string.Create(CultureInfo.InvariantCulture, $"{quota.Limit} a {Names.Of(quota.Period)}"), "429 `quota_used_up` with `Retry-After`");

    private static string Say(RateLimits.ClassLimits limits)
    {
        var window = Say(TimeSpan.FromSeconds(limits.Anonymous.Seconds));
        var counted = limits.Exact ? "exact" : "drawn by nodes in tenths";
        return limits.ByAddress ? string.Create(CultureInfo.InvariantCulture, $"{limits.Anonymous.Hits} per address in {window}, {counted}")
            : string.Create(CultureInfo.InvariantCulture, $"{limits.Anonymous.Hits} per address, {limits.SignedIn.Hits} per account, {limits.Staff.Hits} per account of staff in {window}, {counted}");
    }

    private static string About(RateClass rate) => rate switch
    {
        RateClass.General => "the API", RateClass.Page => "pages", RateClass.Auth => "signing in, registering, one-time codes, proving who one is",
        RateClass.Code => "links and acts that are costly or could be guessed", RateClass.Money => "what moves money", RateClass.Webhook => "messages of gateways",
        RateClass.Refresh => "refreshing tokens, whose 256 bits nobody guesses",
        RateClass.Stream or RateClass.None => "not counted",
    };
}
