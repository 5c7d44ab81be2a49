using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Visits;

/// <summary>The customer makes another check-in code, ten for a visit at most: after too many wrong ones, or when somebody else has heard it.</summary>
public static class RenewVisitCode
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/visit/actions/renew-code", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(RenewVisitCode)).RequiresSignIn().Idempotent().Produces<VisitView>();

    public static async Task<Result<VisitView>> Run(Database database, Caller caller, BookingId id, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Renew(tx, caller, id), stop);
        return done.Refusal is { } refusal ? refusal : await ReadVisit.Run(database, caller, id, stop);
    }

    private static async Task<Result<Done>> Renew(Transaction tx, Caller caller, BookingId id)
    {
        if (await BookingRows.Lock(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (role != BookingRole.Customer) return MarketplaceRefusals.OnlyTheCustomer;
        if (booking.Kind != ServiceKind.Visit) return MarketplaceRefusals.NotAVisit;
        if (await VisitRows.WasDone(tx, caller)) return default(Done);
        var visit = await VisitRows.Get(tx, id);
        if (booking.State != BookingState.Confirmed || visit.ArrivedAt is not null) return MarketplaceRefusals.VisitOver.With(("state", booking.State));
        if (visit.CodeRound >= Visit.MaxRounds) return MarketplaceRefusals.VisitCodesSpent;
        await tx.ChangeOne("update marketplace.visits set code_round = code_round + 1, code_tries = 0 where booking_id = @id and code_round = @CodeRound", new { id, visit.CodeRound });
        await VisitRows.Happened(tx, caller, id, VisitEventKind.CodeRenewed);
        await tx.Audit(caller, "visit.code_renewed", "booking", id.ToString(), after: new { round = visit.CodeRound + 1 });
        return default(Done);
    }
}
