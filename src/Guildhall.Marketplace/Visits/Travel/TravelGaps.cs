using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;

namespace Guildhall.Marketplace.Visits.Travel;

/// <summary>Whether the ways between a visit and its provider's visits before and after it fit between them, as the crow flies at <see cref="StraightLine.KilometresPerHour"/>: nobody outside is asked
/// under a lock. From the end of one to the beginning of the next, so time that is kept free after a session may be spent on the way. Where a place has no point, nothing is known and nothing kept.</summary>
internal static class TravelGaps
{
    private static readonly TimeSpan Reach = TimeSpan.FromHours(12);

    /// <summary>Another visit of the provider, where it is to a kilometre or so.</summary>
    internal sealed record Stop(DateTimeOffset StartsAt, DateTimeOffset EndsAt, MapPlace Place);

    private sealed record Row(Guid CustomerId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, byte[] Address);

    /// <summary>Whether the booking may be at that time and place. The claims of its provider are locked.</summary>
    public static async Task<bool> Fit(Transaction tx, Booking booking, DateTimeOffset startsAt, MapPlace place)
    {
        var endsAt = startsAt + (booking.EndsAt - booking.StartsAt);
        var stops = new List<Stop>();
        foreach (var row in await tx.List<Row>(Around, Args(booking, startsAt, endsAt, tx.Now)))
            if (await PersonKeys.Open(tx, row.CustomerId, row.Address) is { } opened && PointOf(opened) is { } point) stops.Add(At(row, point));
        return Fits(stops, startsAt, endsAt, place);
    }

    /// <summary>Where the visit is, when its address has a point. The booking is locked.</summary>
    public static async Task<MapPlace?> PlaceOf(Transaction tx, Booking booking) =>
        booking.Kind == ServiceKind.Visit && await tx.Find<byte[]>("select address from marketplace.visits where booking_id = @Id", new { booking.Id }) is { } address
            && await PersonKeys.Open(tx, booking.CustomerId, address) is { } opened ? PointOf(opened) : null;

    /// <summary>What tells of a start whether the booking may be then; null when it may be at any.</summary>
    public static async Task<Func<DateTimeOffset, bool>?> Of(Database database, BookingId id, DateTimeOffset from, DateTimeOffset until, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { Kind: ServiceKind.Visit } booking) return null;
        if (await database.Find<byte[]>("select address from marketplace.visits where booking_id = @id", new { id }, stop) is not { } own) return null;
        var length = booking.EndsAt - booking.StartsAt;
        var rows = await database.List<Row>(Around, Args(booking, from, until + length, database.Clock.GetUtcNow()), stop);
        var open = await PersonKeys.Opener(database, rows.Select(r => r.CustomerId).Append(booking.CustomerId), stop);
        if (open(booking.CustomerId, own) is not { } opened || PointOf(opened) is not { } place) return null;
        var stops = rows.Select(r => open(r.CustomerId, r.Address) is { } there && PointOf(there) is { } point ? At(r, point) : null).OfType<Stop>().ToList();
        return start => Fits(stops, start, start + length, place);
    }

    // The nearest on either side are enough: who gets from the first to the second and on to the third in time has time from the first to the third.
    internal static bool Fits(IReadOnlyList<Stop> stops, DateTimeOffset startsAt, DateTimeOffset endsAt, MapPlace place)
    {
        var before = stops.Where(s => s.StartsAt < startsAt).MaxBy(s => s.EndsAt);
        var after = stops.Where(s => s.StartsAt >= startsAt).MinBy(s => s.StartsAt);
        return (before is null || before.EndsAt + Way(before.Place, place) <= startsAt) && (after is null || endsAt + Way(place, after.Place) <= after.StartsAt);
    }

    private static TimeSpan Way(MapPlace from, MapPlace to) => TimeSpan.FromSeconds(StraightLine.Between(from, to, default).Seconds);

    // To a hundredth of a degree: whoever tries one address after the other does not find where somebody else lives.
    private static Stop At(Row row, MapPlace place) => new(row.StartsAt, row.EndsAt, new MapPlace(Math.Round(place.Latitude, 2), Math.Round(place.Longitude, 2)));

    private static MapPlace? PointOf(JsonElement address) =>
        address.Deserialize<VisitAddress>(JsonRules.Options) is { Latitude: { } latitude, Longitude: { } longitude } ? new MapPlace(latitude, longitude) : null;

    private static object Args(Booking booking, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now) => new { booking.Id, booking.ProviderId, since = from - Reach, until = until + Reach, now };

    private const string Around = """
        select b.customer_id, b.starts_at, b.ends_at, v.address from marketplace.bookings b join marketplace.visits v on v.booking_id = b.id
        where b.provider_id = @ProviderId and b.state in ('held', 'confirmed') and (b.state = 'confirmed' or b.hold_until > @now) and b.id <> @Id and b.starts_at >= @since and b.starts_at <= @until and v.address is not null
        order by b.starts_at limit 2000
        """;
}
