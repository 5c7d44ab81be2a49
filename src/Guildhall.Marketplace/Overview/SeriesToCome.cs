using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Overview;

/// <summary>A series of the customer that is not over. <c>ToCome</c> of its <c>Bookings</c> are held or paid and not over, <c>Unpaid</c> of them held. <c>PayBy</c>: the next of these is paid until then; null when all are.</summary>
public sealed record SeriesToCome(SeriesId Id, string ServiceName, string ProviderName, int EveryWeeks, int Bookings, long ToCome, long Unpaid, DateTimeOffset NextAt, DateTimeOffset? PayBy)
{
    /// <summary>The soonest first, at most 20.</summary>
    internal static Task<IReadOnlyList<SeriesToCome>> Of(Database database, Guid customer, CancellationToken stop) =>
        database.List<SeriesToCome>(Select, new { customer, now = database.Clock.GetUtcNow() }, stop);

    private const string Select = """
        select s.id, max(b.service_name) as service_name, p.display_name as provider_name, s.every_weeks, s.occurrences as bookings, count(*) as to_come,
            count(*) filter (where b.state = 'held') as unpaid, min(b.starts_at) as next_at, min(b.hold_until) filter (where b.state = 'held') as pay_by
        from marketplace.bookings b join marketplace.series s on s.id = b.series_id join marketplace.providers p on p.id = s.provider_id
        where b.customer_id = @customer and (b.state = 'confirmed' and b.ends_at > @now or b.state = 'held' and b.hold_until > @now)
        group by s.id, p.display_name, s.every_weeks, s.occurrences order by next_at, s.id limit 20
        """;
}
