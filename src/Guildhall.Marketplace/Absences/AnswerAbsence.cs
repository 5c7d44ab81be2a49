using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Absences;

/// <summary>What becomes of a report before its time is over: the other side agrees (settled at once) or disagrees (staff decide), or who reported takes it back.</summary>
public static class AnswerAbsence
{
    public sealed record Body(bool Agrees, string? Note = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/bookings/{id}/absence/actions/answer", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
            .WithName(nameof(AnswerAbsence)).RequiresSignIn().Idempotent().Produces<AbsenceView>();
        api.MapPost("/bookings/{id}/absence/actions/withdraw", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Withdraw(database, caller, id, stop)).ToHttp())
            .WithName("WithdrawAbsence").RequiresSignIn().Idempotent().Produces<AbsenceView>();
    }

    public static async Task<Result<AbsenceView>> Run(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        var note = string.IsNullOrWhiteSpace(body.Note) ? null : body.Note.Trim();
        return await database.InTransaction(tx => Answer(tx, caller, id, body.Agrees, note), stop);
    }

    /// <summary>Taking it back once is all: the same booking is not reported again.</summary>
    public static Task<Result<AbsenceView>> Withdraw(Database database, Caller caller, BookingId id, CancellationToken stop) => database.InTransaction<Result<AbsenceView>>(async tx =>
    {
        if (!(await Lock(tx, caller, id, mine: true)).Is(out var locked, out var refusal)) return refusal;
        if (locked.Report.State == AbsenceState.Dropped) return locked.Report;
        if (!locked.Report.IsOpen) return MarketplaceRefusals.AbsenceEnded.With(("state", locked.Report.State));
        await AbsenceRows.Drop(tx, id);
        await tx.Audit(caller, "absence.withdrawn", "booking", id.ToString(), before: new { locked.Report.State });
        return (await AbsenceRows.Of(tx, id))!;
    }, stop);

    private static async Task<Result<AbsenceView>> Answer(Transaction tx, Caller caller, BookingId id, bool agrees, string? note)
    {
        if (!(await Lock(tx, caller, id, mine: false)).Is(out var locked, out var refusal)) return refusal;
        if (!AbsenceRows.IsNote(note)) return MarketplaceRefusals.NoteTooLong;
        var (booking, report) = (locked.Booking, locked.Report);
        if (report.Answer == (agrees ? AbsenceAnswer.Agreed : AbsenceAnswer.Disagreed)) return report;
        if (report.State != AbsenceState.Reported) return MarketplaceRefusals.AbsenceEnded.With(("state", report.State));
        if (!agrees) return await Contest(tx, caller, booking, report, AbsenceAnswer.Disagreed, note);
        await tx.ChangeOne("update marketplace.absences set state = 'contested', answer = 'agreed', answer_note = @note, answered_at = @now where id = @Id and state = 'reported'", new { report.Id, note, now = tx.Now });
        await tx.Audit(caller, "absence.agreed", "booking", id.ToString(), after: new { absence = report.Id });
        var settled = await SettleAbsence.As(tx, caller, booking, report, SettleAbsence.Claimed(report), why: null);
        return settled.Refusal is { } no ? no : (await AbsenceRows.Of(tx, id))!;
    }

    private sealed record Locked(Booking Booking, AbsenceView Report);

    // Who may not see it, and whose side has nothing to say here, are told that there is none.
    private static async Task<Result<Locked>> Lock(Transaction tx, Caller caller, BookingId id, bool mine)
    {
        if (await BookingRows.Find(tx, id) is not { } seen || seen.RoleOf(caller) is not { } side || side is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        await BookingRows.LockOrders(tx, seen);
        var booking = (await BookingRows.Lock(tx, id))!;
        return await AbsenceRows.Of(tx, id) is { } report && report.IsBy(side) == mine ? new Locked(booking, report) : MarketplaceRefusals.AbsenceNotFound;
    }

    /// <summary>The sides contradict each other: nothing is charged, staff decide.</summary>
    internal static async Task<AbsenceView> Contest(Transaction tx, Caller caller, Booking booking, AbsenceView report, AbsenceAnswer answer, string? note)
    {
        await tx.ChangeOne("update marketplace.absences set state = 'contested', answer = @answer, answer_note = @note, answered_at = @now where id = @Id and state = 'reported'", new { report.Id, answer, note, now = tx.Now });
        await tx.Audit(caller, "absence.contested", "booking", booking.Id.ToString(), after: new { absence = report.Id, answer });
        await TellOfAbsence.Contested(tx, booking, report);
        return report with { State = AbsenceState.Contested, Answer = answer, AnswerNote = note, AnsweredAt = tx.Now };
    }
}
