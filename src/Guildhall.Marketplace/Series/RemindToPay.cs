using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Series;

/// <summary>The time to pay one of a series is over in two days: its customer is told, unless it was paid or has ended.</summary>
internal sealed record RemindToPay(BookingId Booking) : IJob
{
    private static readonly TimeSpan Before = TimeSpan.FromDays(2);

    public static string Kind => "remind_to_pay";

    public static async Task Plan(Transaction tx, BookingId booking, DateTimeOffset until)
    {
        if (until - Before > tx.Now) await tx.Enqueue(new RemindToPay(booking), runAt: until - Before, uniqueKey: booking.ToString());
    }

    public static async Task Run(Transaction tx, RemindToPay job)
    {
        if (await BookingRows.Lock(tx, job.Booking) is not { State: BookingState.Held } booking || booking.HoldUntil <= tx.Now) return;
        var zone = (await Accounts.Summary(tx, booking.CustomerId)).Zone;
        await Notify.Person(tx, booking.CustomerId, "series_pay_reminder", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, zone), ["until"] = Say.When(booking.HoldUntil, zone), ["link"] = $"/bookings/{booking.Id}",
        }, uniqueKey: booking.Id.ToString(), usefulUntil: booking.HoldUntil);
    }
}
