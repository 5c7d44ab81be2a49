using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Bookings;

/// <summary>What became of a booking whose zone has other rules than when it was sold.</summary>
public enum TimeChangeOutcome
{
    /// <summary>Moved, so that the clock there still shows the promised time.</summary>
    Kept,

    /// <summary>Left, since somebody else has the time that it would move to.</summary>
    Taken,

    /// <summary>Left, since the clocks now skip the promised time.</summary>
    Skipped,
}

/// <summary>The bookings to come of one provider, looked at after the rules of time zones may have changed (a new build brings a new tzdb). The promise is the time on
/// the wall: the instant moves with the rule. Where that cannot be, nothing moves, and people decide. Each booking in a transaction of its own.</summary>
internal sealed record KeepPromisedTimes(ProviderId Provider) : IJob
{
    private const int Most = 2000;
    private static readonly Caller Product = Caller.System("marketplace");

    public static string Kind => "keep_promised_times";

    public static async Task Run(JobContext job, KeepPromisedTimes work)
    {
        var args = new { provider = work.Provider, now = job.Database.Clock.GetUtcNow(), limit = Most };
        var moved = (await job.Database.List<PromisedTime>(ToCome, args, job.Stop)).Where(p => p.Due is not null || p.IsSkipped).ToList();
        // Who moves forward makes room from the last one on, who moves back from the first.
        foreach (var one in moved.OrderByDescending(p => p.Due > p.StartsAt ? p.StartsAt : DateTimeOffset.MinValue).ThenBy(p => p.StartsAt))
            await job.Database.InTransaction(tx => Keep(tx, one), job.Stop);
    }

    private static async Task Keep(Transaction tx, PromisedTime seen)
    {
        await Orders.Lock(tx, seen.OrderId);
        if (await BookingRows.Lock(tx, seen.Id) is not { State: BookingState.Held or BookingState.Confirmed } booking || booking.StartsAt != seen.StartsAt || booking.StartsAt <= tx.Now) return;
        await Claims.Lock(tx, booking.Claimed);
        var (due, by) = (seen.Due ?? seen.AfterTheGap, (seen.Due ?? booking.StartsAt) - booking.StartsAt);
        var outcome = seen.IsSkipped ? TimeChangeOutcome.Skipped : await Move(tx, booking, by) ? TimeChangeOutcome.Kept : TimeChangeOutcome.Taken;
        if (await tx.ChangeNow(Note, new { booking.Id, was = booking.StartsAt, due, outcome, now = tx.Now }) == 0) return; // said already
        await tx.Audit(Product, "booking.promised_time", "booking", booking.Id.ToString(), before: new { startsAt = booking.StartsAt }, after: new { due, outcome });
        foreach (var person in new[] { booking.CustomerId, booking.ProviderAccountId })
            await Notify.Person(tx, person, outcome == TimeChangeOutcome.Kept ? "booking_time_kept" : "booking_time_unkept", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["service"] = booking.ServiceName, ["place"] = booking.Zone, ["promised"] = booking.WallTime.Replace('T', ' ')[..16],
                ["when"] = Say.When(outcome == TimeChangeOutcome.Kept ? due : booking.StartsAt, (await Accounts.Summary(tx, person)).Zone), ["link"] = $"/bookings/{booking.Id}",
            }, uniqueKey: $"{booking.Id}:{due.ToUnixTimeSeconds()}");
    }

    private static Task<bool> Move(Transaction tx, Booking booking, TimeSpan by) => tx.Attempt(async () =>
    {
        await tx.ChangeOne(MoveBooking, new { booking.Id, booking.StartsAt, by });
        await tx.Change("update marketplace.claims set during = tstzrange(lower(during) + @by, upper(during) + @by, '[)') where booking_id = @Id", new { booking.Id, by });
    }, "claims_no_overlap");

    private const string ToCome = """
        select id, order_id, starts_at, zone, to_char(wall_time, 'YYYY-MM-DD"T"HH24:MI:SS') as wall_time from marketplace.bookings
        where provider_id = @provider and state in ('held', 'confirmed') and starts_at > @now order by starts_at limit @limit
        """;

    private const string MoveBooking = """
        update marketplace.bookings set starts_at = starts_at + @by, ends_at = ends_at + @by, busy_until = busy_until + @by, revision = revision + 1
        where id = @Id and starts_at = @StartsAt and state in ('held', 'confirmed')
        """;

    private const string Note = """
        insert into marketplace.time_changes (booking_id, was_at, due_at, outcome, found_at) values (@Id, @was, @due, @outcome, @now) on conflict (booking_id, was_at, due_at) do nothing
        """;
}

/// <summary>Asks for the providers who have bookings to come.</summary>
internal sealed record LookAtPromisedTimes : IJob
{
    public static string Kind => "look_at_promised_times";

    public static async Task Run(Transaction tx, LookAtPromisedTimes _)
    {
        foreach (var provider in await tx.List<ProviderId>("select distinct provider_id from marketplace.bookings where state in ('held', 'confirmed') and starts_at > @now limit 20000", new { now = tx.Now }))
            await tx.Enqueue(new KeepPromisedTimes(provider), uniqueKey: provider.ToString());
    }
}
