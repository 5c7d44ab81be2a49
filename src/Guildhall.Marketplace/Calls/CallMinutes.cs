using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Calls;

/// <summary>What is paid of a booking that is sold by the minute: the time in which both sides were in a call at once, by the server's clock, over all calls of the booking. A minute that was begun
/// counts as one. Never more than was held.</summary>
internal static class CallMinutes
{
    private const long Minute = 60_000_000, Second = 1_000_000;

    /// <summary>Microseconds in which both were there; an end is the last sign of life.</summary>
    public static Task<long> Together(Transaction tx, Booking booking) => tx.Get<long>(TogetherSql, new { booking.Id, booking.CustomerId, booking.ProviderAccountId });

    public static async Task<long> SecondsTogether(Database database, Booking booking, CancellationToken stop) =>
        (await database.List<long>(TogetherSql, new { booking.Id, booking.CustomerId, booking.ProviderAccountId }, stop))[0] / Second;

    /// <summary>Begun minutes.</summary>
    public static long Begun(long together) => (together + Minute - 1) / Minute;

    /// <summary>What goes back of what is left of the payment: rounded up to what the gateway can move, so that nobody pays more than their minutes, but never everything, since both were there.</summary>
    /// <param name="left">What was paid and not given back.</param>
    /// <param name="step">What refunds are multiples of.</param>
    public static Amount Unused(Amount left, long minuteMinor, long begun, long step)
    {
        var charged = begun > left.Minor / minuteMinor ? left.Minor : begun * minuteMinor;
        var rest = left.Minor - charged;
        var up = (rest + step - 1) / step * step;
        return left with { Minor = up < left.Minor ? up : rest / step * step };
    }

    private const string TogetherSql = """
        with side as (
            select p.person_id, range_agg(tstzrange(p.joined_at, coalesce(p.left_at, p.seen_at), '[)')) as there
            from marketplace.call_presences p where p.booking_id = @Id group by p.person_id)
        select coalesce(sum(extract(epoch from upper(r.both_there) - lower(r.both_there)) * 1000000), 0)::bigint
        from side c join side v on c.person_id = @CustomerId and v.person_id = @ProviderAccountId cross join lateral unnest(c.there * v.there) as r(both_there)
        """;
}
