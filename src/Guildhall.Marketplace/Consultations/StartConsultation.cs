using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Consultations;

/// <summary>The provider starts a confirmed consultation, at most ten minutes before its time. Starting twice is starting once.</summary>
public static class StartConsultation
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(10);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/consultations/{id}/actions/start", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(StartConsultation)).RequiresSignIn().Produces<BookingView>();

    public static async Task<Result<BookingView>> Run(Database database, Caller caller, BookingId id, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Start(tx, caller, id), stop);
        return done.Refusal is { } refusal ? refusal : await ReadBooking.Run(database, caller, id, stop);
    }

    private static async Task<Result<Done>> Start(Transaction tx, Caller caller, BookingId id)
    {
        if (await BookingRows.Lock(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (role != BookingRole.Provider) return MarketplaceRefusals.OnlyTheProvider;
        if (booking.Kind != Catalog.ServiceKind.Consultation) return MarketplaceRefusals.NotAConsultation;
        if (booking.State != BookingState.Confirmed) return MarketplaceRefusals.BookingNotConfirmed.With(("state", booking.State));
        if (booking.StartedAt is not null) return default(Done);
        if (tx.Now < booking.StartsAt - Early) return MarketplaceRefusals.BookingNotStarted.With(("startsAt", booking.StartsAt));
        await tx.ChangeOne(MarkStarted, new { id, now = tx.Now });
        await tx.Audit(caller, "consultation.started", "booking", id.ToString());
        return default(Done);
    }

    private const string MarkStarted = "update marketplace.bookings set started_at = @now, revision = revision + 1 where id = @id and state = 'confirmed' and started_at is null";
}
