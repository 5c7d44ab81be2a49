using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Figures of bookings for dashboards.</summary>
public static class BookingFigures
{
    /// <param name="Booked">Made on the day (UTC) and confirmed by now.</param>
    /// <param name="NoShows">On the day it was settled that somebody had not come.</param>
    public sealed record DayCount(DateOnly Day, long Booked, long NoShows);

    /// <summary>Days without any are left out.</summary>
    public static Task<IReadOnlyList<DayCount>> ByDay(Database database, DateTimeOffset since, CancellationToken stop) => database.List<DayCount>("""
        with made as (select (b.created_at at time zone 'UTC')::date as day, count(*) as booked from marketplace.bookings b where b.created_at >= @since and b.confirmed_at is not null group by 1),
            missed as (select (x.ended_at at time zone 'UTC')::date as day, count(*) as no_shows from marketplace.absences x
                where x.state = 'settled' and x.ended_at >= @since and x.outcome <> 'took_place' group by 1)
        select coalesce(m.day, n.day) as day, coalesce(m.booked, 0) as booked, coalesce(n.no_shows, 0) as no_shows from made m full join missed n on n.day = m.day order by 1 limit 400
        """, new { since }, stop);
}
