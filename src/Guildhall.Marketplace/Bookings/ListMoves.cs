using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Which side moved a booking.</summary>
public enum MovedBy { Customer, Provider }

/// <summary>One move of a booking. <c>AcceptedAt</c>: when the customer agreed to a move of the provider.</summary>
public sealed record MoveView(MoveId Id, int Revision, MovedBy MovedBy, DateTimeOffset FromAt, DateTimeOffset ToAt, string? Reason, DateTimeOffset MovedAt, DateTimeOffset? AcceptedAt);

/// <summary>The moves of a booking, oldest first, and whether the caller may move it again.</summary>
public static class ListMoves
{
    /// <param name="Mine">The terms of the caller's own moves; null for staff.</param>
    public sealed record View(IReadOnlyList<MoveView> Items, MoveTerms? Mine);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/moves", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ListMoves)).RequiresSignIn().Produces<View>();

    public static Task<Result<View>> Run(Database database, Caller caller, BookingId id, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        if (await BookingRows.Find(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role) return MarketplaceRefusals.BookingNotFound;
        return new View(await tx.List<MoveView>(Select, new { id }), role is BookingRole.Staff ? null : await MoveTerms.Of(tx, booking, role));
    }, stop);

    // Each side moves at most twenty times.
    private const string Select = """
        select id, revision, moved_by, from_at, to_at, reason, moved_at, accepted_at from marketplace.booking_moves where booking_id = @id order by revision limit 50
        """;
}
