using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Absences;

/// <summary>Staff decide a contested report, never one of their own bookings. What it means in money is by the terms of the booking.</summary>
public static class DecideAbsence
{
    public sealed record Body(AbsenceOutcome Outcome, string Why);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/absences/{id}/actions/decide", async (AbsenceId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(DecideAbsence)).Requires(MarketplacePermissions.AbsenceDecide).Idempotent().Produces<AbsenceView>();

    public static Task<Result<AbsenceView>> Run(Database database, Caller caller, AbsenceId id, Body body, CancellationToken stop) => database.InTransaction<Result<AbsenceView>>(async tx =>
    {
        if (body.Why is not { Length: >= 3 and <= AbsenceRows.MaxNote } || body.Why.Any(char.IsControl)) return MarketplaceRefusals.AbsenceWhyMissing;
        if (await tx.Find<AbsenceView>(AbsenceRows.Select + " where a.id = @id", new { id }) is not { } seen) return MarketplaceRefusals.AbsenceNotFound;
        await BookingRows.LockOrders(tx, (await BookingRows.Find(tx, seen.BookingId))!);
        var booking = (await BookingRows.Lock(tx, seen.BookingId))!;
        var report = (await AbsenceRows.Of(tx, seen.BookingId))!;
        foreach (var side in new[] { booking.CustomerId, booking.ProviderAccountId })
            if (caller.AccountId is { } who && await Accounts.AreOnePerson(tx, who, side)) return MarketplaceRefusals.AbsenceOwn;
        if (report.State == AbsenceState.Settled && report.Outcome == body.Outcome && report.DecidedBy == caller.AccountId) return report;
        if (report.State != AbsenceState.Contested) return MarketplaceRefusals.AbsenceNotContested.With(("state", report.State));
        var settled = await SettleAbsence.As(tx, caller, booking, report, body.Outcome, body.Why);
        return settled.Refusal is { } refusal ? refusal : (await AbsenceRows.Of(tx, seen.BookingId))!;
    }, stop);
}
