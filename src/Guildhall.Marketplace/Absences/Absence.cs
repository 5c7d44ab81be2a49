using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Absences;

/// <summary>reported → settled when the other side agrees or says nothing in time; reported → contested → settled by staff; dropped when it is taken back
/// or the booking ends otherwise.</summary>
public enum AbsenceState { Reported, Contested, Settled, Dropped }

/// <summary>Who did not come.</summary>
public enum AbsenceOutcome { CustomerAbsent, ProviderAbsent, NobodyCame, TookPlace }

/// <summary>What the other side says to a report. <c>ReportedToo</c>: that it was the reporter who did not come.</summary>
public enum AbsenceAnswer { Agreed, Disagreed, ReportedToo }

/// <summary>Which side says that the other did not come.</summary>
public enum AbsenceReporter { Customer, Provider }

/// <summary>A report that the other side of a booking did not come. Until <c>AnswerUntil</c> the other side may disagree; nothing is charged before.</summary>
/// <param name="DecidedBy">The member of staff who settled it; null when it settled by agreement or silence.</param>
public sealed record AbsenceView(AbsenceId Id, BookingId BookingId, AbsenceState State, AbsenceReporter ReportedBy, string? Note, DateTimeOffset ReportedAt, DateTimeOffset AnswerUntil, AbsenceAnswer? Answer,
    string? AnswerNote, DateTimeOffset? AnsweredAt, AbsenceOutcome? Outcome, Guid? DecidedBy, string? DecidedWhy, DateTimeOffset? EndedAt)
{
    internal bool IsOpen => State is AbsenceState.Reported or AbsenceState.Contested;

    internal bool IsBy(BookingRole side) => (side == BookingRole.Provider) == (ReportedBy == AbsenceReporter.Provider);
}

/// <summary>Finding and changing reports; whoever changes one holds the booking's row.</summary>
internal static class AbsenceRows
{
    public const int MaxNote = 1000;

    public const string Select = """
        select a.id, a.booking_id, a.state, a.reported_by, a.note, a.reported_at, a.answer_until, a.answer, a.answer_note, a.answered_at, a.outcome, a.decided_by, a.decided_why, a.ended_at
        from marketplace.absences a
        """;

    public static Task<AbsenceView?> Of(Transaction tx, BookingId booking) => tx.Find<AbsenceView>(Select + " where a.booking_id = @booking", new { booking });

    /// <summary>Whether a report waits for an answer or a decision.</summary>
    public static Task<bool> IsOpen(Transaction tx, BookingId booking) =>
        tx.Get<bool>("select exists (select 1 from marketplace.absences where booking_id = @booking and state in ('reported', 'contested'))", new { booking });

    /// <summary>The booking ends otherwise: nothing is left to settle.</summary>
    public static Task Drop(Transaction tx, BookingId booking) =>
        tx.Change("update marketplace.absences set state = 'dropped', ended_at = @now where booking_id = @booking and state in ('reported', 'contested')", new { booking, now = tx.Now });

    public static bool IsNote(string? note) => note is null || note.Length <= MaxNote && !note.Any(c => char.IsControl(c) && c is not ('\n' or '\r'));
}
