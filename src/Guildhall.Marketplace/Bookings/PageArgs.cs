using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Bookings;

internal sealed record PageArgs(BookingState? State, BookingId? After)
{
    public static Result<PageArgs> Read(string? state, string? after)
    {
        BookingState? wanted = null;
        foreach (var known in Enum.GetValues<BookingState>())
            if (string.Equals(Names.Of(known), state, StringComparison.Ordinal)) wanted = known;
        if (!string.IsNullOrEmpty(state) && wanted is null) return FoundationRefusals.InvalidInput.With(("field", "state"));
        var last = default(BookingId);
        if (!string.IsNullOrEmpty(after) && !Id.TryParse(after, out last)) return FoundationRefusals.InvalidInput.With(("field", "after"));
        return new PageArgs(wanted, string.IsNullOrEmpty(after) ? null : last);
    }
}
