using Guildhall.Files.Upload;
using Guildhall.Foundation;
using Guildhall.Marketplace.Catalog;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Files of a booking: its two sides read and add them once it is paid; staff who see bookings read them.</summary>
internal static class BookingFiles
{
    public static FileSubject Subject { get; } = new(BookingId.Prefix, async (database, caller, subject, stop) =>
        Id.TryParse<BookingId>(subject, out var id) && await BookingRows.Find(database, id, stop) is { } booking ? Rights(booking, booking.RoleOf(caller)) : FileRights.None)
    {
        DoesWork = async (database, caller, subject, stop) => Id.TryParse<BookingId>(subject, out var id)
            && await BookingRows.Find(database, id, stop) is { Kind: ServiceKind.Visit } booking && booking.RoleOf(caller) is BookingRole.Provider,
    };

    private static FileRights Rights(Booking booking, BookingRole? role) => role switch
    {
        null => FileRights.None,
        BookingRole.Staff => FileRights.Read,
        _ => booking.State is BookingState.Confirmed or BookingState.Completed ? FileRights.Write : FileRights.Read,
    };
}
