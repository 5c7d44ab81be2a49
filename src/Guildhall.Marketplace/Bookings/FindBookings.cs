using Guildhall.Foundation;
using Guildhall.Money;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Bookings for the search of the staff, by their id or their order's.</summary>
internal static class FindBookings
{
    private sealed record Row(BookingId Id, string ServiceName, string ProviderName, string State);

    public static SearchPart Part { get; } = new("bookings", MarketplacePermissions.BookingView, async (database, text, stop) =>
    {
        var (id, order) = (SearchPart.IdIn<BookingId>(text), SearchPart.IdIn<OrderId>(text));
        if (id is null && order is null) return [];
        return [.. (await database.List<Row>(Read, new { id, order }, stop)).Select(r => new SearchHit(r.Id.ToString(), r.ServiceName, r.ProviderName, r.State, $"/console/bookings/{r.Id}"))];
    });

    private const string Read = """
        select b.id, b.service_name, p.display_name as provider_name, b.state from marketplace.bookings b join marketplace.providers p on p.id = b.provider_id
        where b.id = @id or b.order_id = @order limit 2
        """;
}
