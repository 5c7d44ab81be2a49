using Guildhall.Foundation.Data;

namespace Guildhall.Messaging.Delivery;

/// <summary>Figures of messages for dashboards.</summary>
public static class DeliveryFigures
{
    /// <summary>Messages that were last heard of on a day (UTC), by their state.</summary>
    /// <param name="Waiting">Queued or being sent.</param>
    /// <param name="Failed">Also those whose fate is not known.</param>
    /// <param name="Suppressed">Not sent, since the person wants none of it or the address takes none.</param>
    public sealed record DayCount(DateOnly Day, long Sent, long Waiting, long Failed, long Suppressed);

    /// <summary>Days without any are left out.</summary>
    public static Task<IReadOnlyList<DayCount>> ByDay(Database database, DateTimeOffset since, CancellationToken stop) => database.List<DayCount>("""
        select (changed_at at time zone 'UTC')::date as day, count(*) filter (where state = 'sent') as sent, count(*) filter (where state in ('queued', 'sending')) as waiting,
            count(*) filter (where state in ('failed', 'unknown')) as failed, count(*) filter (where state = 'suppressed') as suppressed
        from messaging.deliveries where changed_at >= @since group by 1 order by 1 limit 400
        """, new { since }, stop);
}
