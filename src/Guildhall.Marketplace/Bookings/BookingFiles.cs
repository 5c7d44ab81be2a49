using Guildhall.Files.Upload;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Moderation;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Files of a booking: its two sides read and add them once it is paid; staff who see bookings read them.</summary>
internal static class BookingFiles
{
    public static FileSubject Subject { get; } = new(BookingId.Prefix, async (database, caller, subject, stop) =>
        Id.TryParse<BookingId>(subject, out var id) && await BookingRows.Find(database, id, stop) is { } booking
            ? await Unblocked(database, booking, Rights(booking, booking.RoleOf(caller)), stop) : FileRights.None)
    {
        DoesWork = async (database, caller, subject, stop) => Id.TryParse<BookingId>(subject, out var id)
            && await BookingRows.Find(database, id, stop) is { Kind: ServiceKind.Visit } booking && booking.RoleOf(caller) is BookingRole.Provider,
    };

    // A file is a message too.
    private static async Task<FileRights> Unblocked(Database database, Booking booking, FileRights rights, CancellationToken stop) =>
        rights == FileRights.Write && await PersonBlocks.Between(database, booking.CustomerId, booking.ProviderAccountId, stop) ? FileRights.Read : rights;

    private static FileRights Rights(Booking booking, BookingRole? role) => role switch
    {
        null => FileRights.None,
        BookingRole.Staff => FileRights.Read,
        _ => booking.State is BookingState.Confirmed or BookingState.Completed ? FileRights.Write : FileRights.Read,
    };
}
