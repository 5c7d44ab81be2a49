using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Absences;

/// <summary>One side says that the other did not come. Nothing is charged: the other side has a while to disagree. When both sides report each other, or the provider has
/// completed the booking already, it is contested and staff decide.</summary>
public static class ReportAbsence
{
    public sealed record Body(string? Note = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/absence", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp(success: 201))
        .WithName(nameof(ReportAbsence)).RequiresSignIn().Idempotent().Produces<AbsenceView>(201);

    public static async Task<Result<AbsenceView>> Run(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        var note = string.IsNullOrWhiteSpace(body.Note) ? null : body.Note.Trim();
        return await database.InTransaction(tx => Report(tx, caller, id, note), stop);
    }

    private static async Task<Result<AbsenceView>> Report(Transaction tx, Caller caller, BookingId id, string? note)
    {
        if (await BookingRows.Find(tx, id) is not { } seen || seen.RoleOf(caller) is not { } side || side is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (!AbsenceRows.IsNote(note)) return MarketplaceRefusals.NoteTooLong;
        await BookingRows.LockOrders(tx, seen);
        var booking = (await BookingRows.Lock(tx, id))!;
        var standing = await AbsenceRows.Of(tx, id);
        if (standing is { IsOpen: true } && standing.IsBy(side)) return standing;
        if (standing is { IsOpen: false }) return MarketplaceRefusals.AbsenceEnded.With(("state", standing.State));
        var afterwards = booking.State == BookingState.Completed && side == BookingRole.Customer;
        if (booking.State != BookingState.Confirmed && !afterwards) return MarketplaceRefusals.BookingNotConfirmed.With(("state", booking.State));
        var (from, until) = await ReadAbsence.Window(tx, booking);
        if (tx.Now < from) return MarketplaceRefusals.AbsenceTooEarly.With(("from", from));
        if (standing is not null) return await AnswerAbsence.Contest(tx, caller, booking, standing, AbsenceAnswer.ReportedToo, note);
        if (tx.Now > until) return MarketplaceRefusals.AbsenceTooLate.With(("until", until));
        return await Write(tx, caller, booking, side, note, afterwards);
    }

    private static async Task<AbsenceView> Write(Transaction tx, Caller caller, Booking booking, BookingRole side, string? note, bool afterwards)
    {
        var (by, state) = (side == BookingRole.Provider ? AbsenceReporter.Provider : AbsenceReporter.Customer, afterwards ? AbsenceState.Contested : AbsenceState.Reported);
        var report = new AbsenceView(tx.NewId<AbsenceId>(), booking.Id, state, by, note, tx.Now, tx.Now.AddHours(await tx.Setting(MarketplaceSettings.AbsenceAnswerHours)), null, null, null, null, null, null, null);
        await tx.ChangeOne(Insert, new { report.Id, report.BookingId, report.State, report.ReportedBy, report.Note, report.ReportedAt, report.AnswerUntil });
        await tx.Audit(caller, "absence.reported", "booking", booking.Id.ToString(), after: new { absence = report.Id, by, report.AnswerUntil });
        if (afterwards) await TellOfAbsence.Contested(tx, booking, report);
        else
        {
            await tx.Enqueue(new SettleAbsence(booking.Id), runAt: report.AnswerUntil, uniqueKey: booking.Id.ToString());
            await TellOfAbsence.Reported(tx, booking, report);
        }
        return report;
    }

    private const string Insert = """
        insert into marketplace.absences (id, booking_id, state, reported_by, note, reported_at, answer_until)
        values (@Id, @BookingId, @State, @ReportedBy, @Note, @ReportedAt, @AnswerUntil)
        """;
}
