using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Reminders;

/// <summary>The time of a reminder has come. Looked at again under the booking's lock: one that was moved, has ended, or is of no use any more is recorded and not sent.</summary>
internal sealed record SendReminders(BookingId Booking, int Revision, ReminderKind Which) : IJob
{
    public static string Kind => "send_reminders";

    public Task Queue(Transaction tx, DateTimeOffset dueAt) => tx.Enqueue(this, runAt: dueAt, uniqueKey: ReminderRows.Key(Booking, Revision, Which));

    public static async Task Run(Transaction tx, SendReminders job)
    {
        if (await BookingRows.Lock(tx, job.Booking) is not { } booking) return;
        var reason = await WhyNot(tx, booking, job);
        if (reason is null && ReminderRows.DueAt(job.Which, booking.StartsAt) is var due && due > tx.Now)
        {
            await job.Queue(tx, due); // the clocks there got new rules meanwhile
            return;
        }
        foreach (var reminder in await tx.List<ReminderView>(Planned, job))
        {
            await tx.ChangeOne(Decide, new { job.Booking, job.Revision, job.Which, reminder.PersonId, state = reason is null ? ReminderState.Sent : ReminderState.Skipped, reason, now = tx.Now });
            if (reason is null) await Tell(tx, booking, job, await Accounts.Summary(tx, reminder.PersonId));
        }
    }

    private static async Task<ReminderReason?> WhyNot(Transaction tx, Booking booking, SendReminders job)
    {
        if (await ReminderRows.HasMoved(tx, job.Booking, job.Revision)) return ReminderReason.Moved;
        if (booking.State != BookingState.Confirmed) return ReminderReason.Ended;
        return tx.Now >= ReminderRows.UselessAt(job.Which, booking.StartsAt) ? ReminderReason.TooLate : null;
    }

    private static Task Tell(Transaction tx, Booking booking, SendReminders job, AccountSummary person) =>
        Notify.Person(tx, person.Id, ReminderRows.Template(job.Which), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, person.Zone), ["link"] = $"/bookings/{booking.Id}",
        }, uniqueKey: ReminderRows.Key(booking.Id, job.Revision, job.Which), usefulUntil: ReminderRows.UselessAt(job.Which, booking.StartsAt));

    private const string Planned = ReminderRows.Select + " where r.booking_id = @Booking and r.revision = @Revision and r.kind = @Which and r.state = 'planned' order by r.person_id limit 2";

    private const string Decide = """
        update marketplace.reminders set state = @state, reason = @reason, decided_at = @now
        where booking_id = @Booking and revision = @Revision and kind = @Which and person_id = @PersonId and state = 'planned'
        """;
}
