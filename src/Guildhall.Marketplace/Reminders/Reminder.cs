using Guildhall.Foundation.Data;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Reminders;

/// <summary>A day before, and two hours before.</summary>
public enum ReminderKind { Day, Soon }

/// <summary>planned → sent or skipped.</summary>
public enum ReminderState { Planned, Sent, Skipped }

/// <summary>Why a reminder was not sent. <c>BookedLate</c>: its time had passed when the booking was made or moved. <c>TooLate</c>: by the time it could be sent it was of no use.</summary>
public enum ReminderReason { BookedLate, Moved, Ended, TooLate }

/// <summary>A reminder of a booking's time to one person. <c>Revision</c>: that of the booking when it got this time.</summary>
public sealed record ReminderView(int Revision, ReminderKind Kind, Guid PersonId, DateTimeOffset DueAt, ReminderState State, ReminderReason? Reason, DateTimeOffset? DecidedAt);

internal static class ReminderRows
{
    public const string Select = "select r.revision, r.kind, r.person_id, r.due_at, r.state, r.reason, r.decided_at from marketplace.reminders r";

    private static readonly TimeSpan Day = TimeSpan.FromHours(24), Soon = TimeSpan.FromHours(2);

    public static DateTimeOffset DueAt(ReminderKind kind, DateTimeOffset startsAt) => kind switch { ReminderKind.Day => startsAt - Day, ReminderKind.Soon => startsAt - Soon };

    /// <summary>From when it is of no use: the day's one when the next is due, the last one at the start.</summary>
    public static DateTimeOffset UselessAt(ReminderKind kind, DateTimeOffset startsAt) => kind switch { ReminderKind.Day => startsAt - Soon, ReminderKind.Soon => startsAt };

    /// <summary>The booking has ended or moved, its row is locked: a reminder that was decided and is not out yet is not sent.</summary>
    public static async Task TakeBack(Transaction tx, BookingId booking)
    {
        foreach (var sent in await tx.List<ReminderView>(Select + " where r.booking_id = @booking and r.state = 'sent' order by r.revision desc, r.kind, r.person_id limit 4", new { booking }))
            await Notify.TakeBack(tx, sent.PersonId, Template(sent.Kind), Key(booking, sent.Revision, sent.Kind));
    }

    /// <summary>What says it.</summary>
    public static string Template(ReminderKind kind) => kind switch { ReminderKind.Day => "booking_reminder_day", ReminderKind.Soon => "booking_reminder_soon" };

    /// <summary>Under which key it is said once.</summary>
    public static string Key(BookingId booking, int revision, ReminderKind kind) => $"{booking}:{revision}:{Names.Of(kind)}";

    /// <summary>Whether the booking has got another time since it had this revision.</summary>
    public static Task<bool> HasMoved(Transaction tx, BookingId booking, int revision) =>
        tx.Get<bool>("select exists (select 1 from marketplace.booking_moves where booking_id = @booking and revision > @revision)", new { booking, revision });
}
