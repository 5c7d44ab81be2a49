using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Visits;

/// <summary>The technician enters the code that the customer says at the door: arrived, with its time as evidence. After five wrong ones it takes a new code of the customer's.</summary>
public static class CheckIn
{
    /// <param name="Code">Six digits, of any script.</param>
    public sealed record Body(string Code);

    private sealed record Entered(bool Arrived, int TriesLeft);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/visit/actions/check-in", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(CheckIn)).RequiresSignIn().Idempotent().Produces<VisitView>();

    public static async Task<Result<VisitView>> Run(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        var tried = await database.InTransaction(tx => Enter(tx, caller, id, VisitCode.Read(body.Code)), stop);
        if (!tried.Is(out var entered, out var refusal)) return refusal;
        if (!entered.Arrived) return (entered.TriesLeft > 0 ? MarketplaceRefusals.VisitCodeWrong : MarketplaceRefusals.VisitCodeLocked).With(("triesLeft", entered.TriesLeft));
        return await ReadVisit.Run(database, caller, id, stop);
    }

    // A wrong code is no refusal here: that it was tried has to be kept.
    private static async Task<Result<Entered>> Enter(Transaction tx, Caller caller, BookingId id, string? code)
    {
        if (!(await Acting.Lock(tx, caller, id)).Is(out var booking, out var refusal)) return refusal;
        var visit = await VisitRows.Get(tx, id);
        if (visit.ArrivedAt is not null) return new Entered(true, visit.TriesLeft);
        if (await VisitRows.WasDone(tx, caller)) return new Entered(false, visit.TriesLeft); // a wrong code counts once
        if (code is null) return MarketplaceRefusals.VisitCodeInvalid;
        if (visit.TriesLeft <= 0) return new Entered(false, 0);
        if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(code), Encoding.ASCII.GetBytes(VisitCode.Of(id, visit.CodeRound)))) return await Arrive(tx, caller, booking, visit);
        return await Miss(tx, caller, booking, visit);
    }

    private static async Task<Entered> Arrive(Transaction tx, Caller caller, Booking booking, Visit visit)
    {
        await tx.ChangeOne("update marketplace.visits set arrived_at = @now where booking_id = @Id and arrived_at is null", new { booking.Id, now = tx.Now });
        await tx.ChangeOne(MarkBegun, new { booking.Id, now = tx.Now });
        await VisitRows.Happened(tx, caller, booking.Id, VisitEventKind.Arrived);
        await tx.Audit(caller, "visit.arrived", "booking", booking.Id.ToString(), after: new { by = "code", visit.CodeRound });
        return new Entered(true, visit.TriesLeft);
    }

    private static async Task<Entered> Miss(Transaction tx, Caller caller, Booking booking, Visit visit)
    {
        await tx.ChangeOne("update marketplace.visits set code_tries = code_tries + 1 where booking_id = @Id and code_round = @CodeRound and code_tries = @CodeTries", new { booking.Id, visit.CodeRound, visit.CodeTries });
        await VisitRows.Happened(tx, caller, booking.Id, VisitEventKind.CodeWrong);
        await tx.Audit(caller, "visit.code_wrong", "booking", booking.Id.ToString(), after: new { visit.CodeRound, triesLeft = visit.TriesLeft - 1 });
        if (visit.TriesLeft == 1)
            await Notify.Person(tx, booking.CustomerId, "visit_code_locked", new Dictionary<string, string>(StringComparer.Ordinal) { ["service"] = booking.ServiceName, ["link"] = $"/bookings/{booking.Id}" },
                uniqueKey: $"{booking.Id}:{visit.CodeRound}");
        return new Entered(false, visit.TriesLeft - 1);
    }

    private const string MarkBegun = "update marketplace.bookings set started_at = @now, revision = revision + 1 where id = @Id and state = 'confirmed' and started_at is null";
}
