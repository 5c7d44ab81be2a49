using Guildhall.Foundation.Data;
using NodaTime;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Who occupies what when: a provider, and what else the service needs, all of them or nothing. Changes are made under the advisory locks of all, taken at once and
/// after the booking's row; the exclusion constraint has the last word. An expired hold stays until somebody needs its time or the sweeper comes; who needs a part of it takes that part.</summary>
internal static class Claims
{
    private const string Overlap = "claims_no_overlap";

    /// <summary>Locks resources, and what else is named, until the transaction ends, in one order for everybody.</summary>
    public static Task Lock(Transaction tx, Guid[] resources, params string[] more) => tx.Change(LockSql, new { keys = resources.Select(r => $"resource:{r:n}").Concat(more).ToArray() });

    /// <summary>Frees the time from holds that have run out. Their bookings and orders learn of it by a job.</summary>
    public static async Task ReleaseExpired(Transaction tx, Guid[] resources, DateTimeOffset from, DateTimeOffset until)
    {
        foreach (var booking in await tx.List<BookingId>(ReleaseExpiredSql, new { resources, from, until, now = tx.Now }))
            await tx.Enqueue(new ExpireHold(booking), uniqueKey: booking.ToString());
    }

    public static async Task<bool> AreFree(Transaction tx, Guid[] resources, DateTimeOffset from, DateTimeOffset until) =>
        !await tx.Get<bool>(TakenSql, new { resources, from, until });

    /// <summary>Whether somebody else has what a service would take from this start, asked without a lock: true stays true for as long as theirs does, false says nothing.</summary>
    /// <param name="own">The booking that is wished for: its own claim is not somebody else's.</param>
    public static async Task<bool> IsTaken(Database database, ServiceId service, Instant start, Guid? own, CancellationToken stop) =>
        await database.Find<bool>(TakenFromSql, new { service, start = start.ToDateTimeOffset(), own, now = database.Clock.GetUtcNow() }, stop);

    /// <summary>Takes all of them; false when somebody else's claim is in the way, then nothing was changed.</summary>
    public static Task<bool> Take(Transaction tx, BookingId booking, Guid[] resources, DateTimeOffset from, DateTimeOffset until, DateTimeOffset? holdUntil) =>
        tx.Attempt(() => tx.Change(TakeSql, new { booking, resources, from, until, state = holdUntil is null ? "booked" : "held", holdUntil }), Overlap);

    /// <summary>Moves all claims of a booking to another time in one step: false when any of that is somebody else's, and the old time is still owned.</summary>
    public static Task<bool> Move(Transaction tx, Booking booking, DateTimeOffset from, DateTimeOffset until) => tx.Attempt(async () =>
    {
        if (await tx.ChangeNow(MoveSql, new { booking.Id, from, until }) != booking.Claimed.Length) throw new InvalidOperationException($"Booking {booking.Id} does not claim what it was sold with.");
    }, Overlap);

    /// <summary>Turns the claims of a hold into booked ones; false when it does not have all of them any more, then nothing was changed.</summary>
    public static async Task<bool> Keep(Transaction tx, Booking booking) => await tx.ChangeNow(KeepSql, new { booking.Id, all = booking.Claimed.Length }) > 0;

    /// <summary>Holds for longer, or less long; false when it does not have all of its claims any more, then nothing was changed.</summary>
    public static async Task<bool> KeepUntil(Transaction tx, Booking booking, DateTimeOffset until) => await tx.ChangeNow(KeepUntilSql, new { booking.Id, all = booking.Claimed.Length, until }) > 0;

    public static Task Release(Transaction tx, BookingId booking) => tx.Change("delete from marketplace.claims where booking_id = @booking", new { booking });

    private const string LockSql = """
        select pg_advisory_xact_lock(k.key) from (select distinct hashtextextended(t.name, 0) as key from unnest(@keys) as t(name) order by 1) k
        """;

    private const string ReleaseExpiredSql = """
        delete from marketplace.claims
        where resource = any (@resources) and during && tstzrange(@from, @until, '[)') and state = 'held' and hold_until <= @now
        returning booking_id
        """;

    private const string TakenSql = """
        select exists (select 1 from marketplace.claims where resource = any (@resources) and during && tstzrange(@from, @until, '[)'))
        """;

    private const string TakenFromSql = """
        select exists (select 1 from marketplace.services s
            join marketplace.claims c on c.resource = s.provider_id and c.during && tstzrange(@start, @start + make_interval(mins => s.minutes + s.buffer_minutes), '[)')
            where s.id = @service and (c.state = 'booked' or c.hold_until > @now) and c.booking_id is distinct from @own)
        """;

    private const string MoveSql = """
        update marketplace.claims set during = tstzrange(@from, @until, '[)') where booking_id = @Id and state = 'booked'
        """;

    private const string KeepSql = $"update marketplace.claims set state = 'booked', hold_until = null where booking_id = @Id and {HasAll}";

    private const string KeepUntilSql = $"update marketplace.claims set hold_until = @until where booking_id = @Id and state = 'held' and {HasAll}";

    private const string HasAll = "(select count(*) from marketplace.claims c where c.booking_id = @Id) = @all";

    private const string TakeSql = """
        insert into marketplace.claims (booking_id, resource, during, state, hold_until)
        select @booking, r.id, tstzrange(@from, @until, '[)'), @state, @holdUntil from unnest(@resources) as r(id)
        """;
}
