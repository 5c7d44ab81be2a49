using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Everybody's sessions in figures. Living ones are counted among the open rows; sign-ins and active people come from counters by day; the average is over
/// the last ten thousand sessions that ended. None of it reads the whole table.</summary>
public static class ReadAllSessionStats
{
    private const int Sample = 10_000, MaxCountries = 250;

    /// <param name="ActiveNow">Sessions that live; <c>PeopleNow</c>: accounts that have one.</param>
    /// <param name="SignInsByDay">The last thirty days (UTC), the oldest first.</param>
    /// <param name="PeopleByDay">How many accounts were active on each.</param>
    /// <param name="AverageSeconds">From sign-in to the last use; null without any.</param>
    /// <param name="ActiveDaysPerPerson">Of the thirty days, on how many a person who was here at all was here, on average.</param>
    public sealed record Answer(long ActiveNow, long PeopleNow, IReadOnlyList<NamedCount> ByDeviceType, IReadOnlyList<NamedCount> Countries, IReadOnlyList<DayCount> SignInsByDay,
        IReadOnlyList<NamedCount> SignInsByDeviceType, IReadOnlyList<DayCount> PeopleByDay, long? AverageSeconds, long People, double? ActiveDaysPerPerson);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/sessions/stats", async (Database database, CancellationToken stop) => Results.Json(await Run(database, stop), JsonRules.Options))
        .WithName(nameof(ReadAllSessionStats)).Requires(IdentityPermissions.AccountView).Produces<Answer>();

    private sealed record Group(DeviceType DeviceType, string Country, long Count);
    private sealed record SignInGroup(DateOnly Day, DeviceType DeviceType, long Count);
    private sealed record Figures(long PeopleNow, long? AverageSeconds, long People);

    public static async Task<Answer> Run(Database database, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        var args = new { now, since = SessionDays.Since(now), sample = Sample, limit = MaxCountries * 5 };
        var living = await database.List<Group>(LivingSql, args, stop);
        var signIns = await database.List<SignInGroup>(SignInsSql, args, stop);
        var people = DayCount.Filled(await database.List<DayCount>(PeopleSql, args, stop), now);
        var figures = (await database.Find<Figures>(FiguresSql, args, stop))!;
        return new Answer(living.Sum(g => g.Count), figures.PeopleNow,
            Sums(living.GroupBy(g => Names.Of(g.DeviceType), g => g.Count)), Sums(living.GroupBy(g => g.Country, g => g.Count)),
            DayCount.Filled(signIns.GroupBy(s => s.Day).Select(g => new DayCount(g.Key, g.Sum(s => s.Count))), now), Sums(signIns.GroupBy(s => Names.Of(s.DeviceType), s => s.Count)),
            people, figures.AverageSeconds, figures.People, figures.People == 0 ? null : Math.Round((double)people.Sum(p => p.Count) / figures.People, 1));
    }

    private static NamedCount[] Sums(IEnumerable<IGrouping<string, long>> groups) =>
        [.. groups.Select(g => new NamedCount(g.Key, g.Sum())).OrderByDescending(c => c.Count).ThenBy(c => c.Name, StringComparer.Ordinal)];

    private const string LivingSql = $"""
        select s.device_type, coalesce(s.country, 'unknown') as country, count(*) as count from identity.sessions s join identity.accounts a on a.id = s.account_id
        where {SessionSql.Lives} group by 1, 2 limit @limit
        """;

    private const string SignInsSql = """
        select d.day, d.device_type, sum(d.sign_ins)::bigint as count from identity.sign_in_days d where d.day >= @since group by d.day, d.device_type
        """;

    private const string PeopleSql = "select d.day, count(*) as count from identity.active_days d where d.day >= @since group by d.day";

    private const string FiguresSql = $"""
        select (select count(distinct s.account_id) from identity.sessions s join identity.accounts a on a.id = s.account_id where {SessionSql.Lives}) as people_now,
            (select avg(extract(epoch from l.last_active - l.created_at))::bigint from (
                select s.last_active, s.created_at from identity.sessions s where s.ended_at is not null and s.ended_why <> 'replaced' order by s.ended_at desc limit @sample) l) as average_seconds,
            (select count(distinct d.account_id) from identity.active_days d where d.day >= @since) as people
        """;
}
