using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Bookings;

/// <summary>A booking's state as the staff read it.</summary>
internal static class BookingLook
{
    private static readonly StateLook Held = new(new("Held, not paid", "محجوز وغير مدفوع"), "clock", Tone.Warn);

    public static StateLook Of(BookingState state) => state == BookingState.Held ? Held : States.Of("booking", Names.Of(state));

    public static StateLook Of(BookingView booking) => booking switch
    {
        { State: BookingState.Confirmed, StartedAt: not null } => booking.Kind == ServiceKind.Visit ? States.Of("visit", "arrived") : States.Of("booking", "in_progress"),
        { CancelledBy: CancelledBy.CustomerAbsent or CancelledBy.ProviderAbsent } => States.Of("booking", "no_show"),
        _ => Of(booking.State),
    };
}
