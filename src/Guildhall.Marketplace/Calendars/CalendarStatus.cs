using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;

namespace Guildhall.Marketplace.Calendars;

/// <summary>How calendars elsewhere do, all together.</summary>
/// <param name="Providers">Who have any.</param>
/// <param name="Withheld">Those of them of whom nothing is offered now.</param>
public sealed record CalendarStatus(long Providers, long Withheld, DateTimeOffset? LastSuccess, DateTimeOffset? LastFailure)
{
    public static async Task<CalendarStatus> Read(Database database, CancellationToken stop)
    {
        var oldest = database.Clock.GetUtcNow().AddHours(-await database.Setting(MarketplaceSettings.CalendarAgeHours, stop));
        return (await database.Find<CalendarStatus>(Count, new { oldest }, stop))!;
    }

    private const string Count = """
        select count(distinct provider_id) as providers, count(distinct provider_id) filter (where read_at is null or read_at <= @oldest) as withheld, max(read_at) as last_success,
            max(checked_at) filter (where state = 'failing') as last_failure
        from marketplace.external_calendars
        """;
}
