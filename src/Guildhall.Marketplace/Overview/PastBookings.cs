using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Reviews;

namespace Guildhall.Marketplace.Overview;

/// <summary>A booking that is over.</summary>
/// <param name="MayBookAgain">The service is on offer today.</param>
/// <param name="ReviewUntil">The customer may write a review until then and has not; null otherwise.</param>
public sealed record PastBooking(BookingView Booking, bool MayBookAgain, DateTimeOffset? ReviewUntil);

internal static class PastBookings
{
    private const int Most = 6;

    public static Task<IReadOnlyList<Booking>> Rows(Database database, Guid customer, CancellationToken stop) => database.List<Booking>(RowsSql, new { customer, limit = Most }, stop);

    public static async Task<IReadOnlyList<PastBooking>> Show(Database database, IReadOnlyList<Booking> rows, IReadOnlyDictionary<BookingId, BookingView> shown, CancellationToken stop)
    {
        var offered = (await database.List<ServiceId>(OfferedSql, new { ids = rows.Select(b => b.ServiceId).Distinct().ToArray() }, stop)).ToHashSet();
        var reviews = await ReviewWindows.OpenToCustomer(database, [.. rows.Select(b => b.Id)], stop);
        return [.. rows.Select(b => new PastBooking(shown[b.Id], offered.Contains(b.ServiceId), reviews.TryGetValue(b.Id, out var until) ? until : null))];
    }

    // What was never paid is not remembered here.
    private const string RowsSql = BookingRows.Select + """
         where b.customer_id = @customer and (b.state = 'completed' or b.state = 'cancelled' and b.confirmed_at is not null) order by b.starts_at desc, b.id desc limit @limit
        """;

    private const string OfferedSql = """
        select s.id from marketplace.services s join marketplace.providers p on p.id = s.provider_id where s.id = any (@ids) and s.active and p.state = 'active' limit 10
        """;
}
