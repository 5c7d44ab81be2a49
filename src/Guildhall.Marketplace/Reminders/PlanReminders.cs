using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Reminders;

/// <summary>A booking has a time, by payment or by a move: its reminders are planned, to both sides. One whose time has passed already is recorded and not sent.</summary>
internal sealed record PlanReminders(BookingId Booking, int Revision) : IJob
{
    public static string Kind => "plan_reminders";

    /// <summary>Queues it with the change that gives the booking its time.</summary>
    public static Task Queue(Transaction tx, BookingId booking, int revision) => tx.Enqueue(new PlanReminders(booking, revision), uniqueKey: $"{booking}:{revision}");

    public static async Task Run(Transaction tx, PlanReminders job)
    {
        if (await BookingRows.Lock(tx, job.Booking) is not { State: BookingState.Confirmed } booking || await ReminderRows.HasMoved(tx, job.Booking, job.Revision)) return;
        foreach (var kind in Enum.GetValues<ReminderKind>())
        {
            var dueAt = ReminderRows.DueAt(kind, booking.StartsAt);
            var late = tx.Now >= dueAt;
            await tx.Change(Insert, new
            {
                job.Booking, job.Revision, kind, people = new[] { booking.CustomerId, booking.ProviderAccountId }, dueAt, state = late ? ReminderState.Skipped : ReminderState.Planned,
                reason = late ? ReminderReason.BookedLate : (ReminderReason?)null, decidedAt = late ? tx.Now : (DateTimeOffset?)null,
            });
            if (!late) await new SendReminders(job.Booking, job.Revision, kind).Queue(tx, dueAt);
        }
    }

    private const string Insert = """
        insert into marketplace.reminders (booking_id, revision, kind, person_id, due_at, state, reason, decided_at)
        select @Booking, @Revision, @kind, p.id, @dueAt, @state, @reason, @decidedAt from unnest(@people) as p(id)
        on conflict (booking_id, revision, kind, person_id) do nothing
        """;
}
