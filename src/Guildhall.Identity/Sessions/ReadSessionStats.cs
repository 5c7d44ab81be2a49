using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>One's own sessions in figures, derived from the sessions of the last thirty days. A step-up replaces a session and is no sign-in: it keeps the time of
/// the first, by which both are one.</summary>
public static class ReadSessionStats
{
    /// <param name="SignInsByDay">The last thirty days (UTC), the oldest first.</param>
    /// <param name="AverageSeconds">From sign-in to the last use; null without any.</param>
    /// <param name="ActiveDays">On how many of the thirty days the account was used.</param>
    public sealed record Answer(int ActiveNow, IReadOnlyList<NamedCount> ByDeviceType, IReadOnlyList<NamedCount> Countries, IReadOnlyList<DayCount> SignInsByDay, long SignIns,
        long? AverageSeconds, long ActiveDays);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/stats", async (Caller caller, Database database, CancellationToken stop) =>
            Results.Json(await Run(database, caller.AccountId!.Value, caller.SessionId, stop), JsonRules.Options))
        .WithName(nameof(ReadSessionStats)).RequiresSignIn().ChecksSessionRow().Produces<Answer>();

    private sealed record Lengths(long? AverageSeconds, long ActiveDays);

    public static async Task<Answer> Run(Database database, Guid account, Guid? current, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        var args = new { account, since = SessionDays.Since(now), today = SessionDays.DayOf(now) };
        var living = await ListSessions.Run(database, account, current, stop);
        var days = DayCount.Filled(await database.List<DayCount>(SignInsSql, args, stop), now);
        var lengths = await database.Find<Lengths>(LengthsSql, args, stop);
        return new Answer(living.Count,
            [.. living.GroupBy(s => s.DeviceType).Select(g => new NamedCount(Names.Of(g.Key), g.Count())).OrderByDescending(c => c.Count)],
            [.. living.GroupBy(s => s.Country ?? "unknown").Select(g => new NamedCount(g.Key, g.Count())).OrderByDescending(c => c.Count)],
            days, days.Sum(d => d.Count), lengths?.AverageSeconds, lengths?.ActiveDays ?? 0);
    }

    private const string SignInsSql = """
        select (s.created_at at time zone 'UTC')::date as day, count(distinct s.created_at) as count from identity.sessions s
        where s.account_id = @account and s.impersonator_id is null and s.created_at >= @since::timestamp at time zone 'UTC' group by 1
        """;

    // Today counts at once; that it was active is written within seconds.
    private const string LengthsSql = """
        select (select avg(extract(epoch from one.last - one.created_at))::bigint from (
                select s.created_at, max(s.last_active) as last from identity.sessions s
                where s.account_id = @account and s.impersonator_id is null and s.created_at >= @since::timestamp at time zone 'UTC' group by s.created_at) one) as average_seconds,
            (select count(*) from identity.active_days d where d.account_id = @account and d.day >= @since and d.day < @today) + 1 as active_days
        """;
}
