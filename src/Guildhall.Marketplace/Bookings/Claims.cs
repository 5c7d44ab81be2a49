using Guildhall.Foundation.Data;
using NodaTime;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Who occupies a resource when. Changes are made under the resource's advisory lock, taken after the booking's row; the exclusion
/// constraint has the last word. An expired hold stays until somebody needs its time or the sweeper comes.</summary>
internal static class Claims
{
    private const string Overlap = "claims_no_overlap";

    /// <summary>Locks resources until the transaction ends, in one order for everybody.</summary>
    public static Task Lock(Transaction tx, params string[] keys) => tx.Change(LockSql, new { keys });

    public static string Resource(ProviderId provider) => $"resource:{provider.Value:n}";

    /// <summary>Frees the time from holds that have run out. Their bookings and orders learn of it by a job.</summary>
    public static async Task ReleaseExpired(Transaction tx, ProviderId resource, DateTimeOffset from, DateTimeOffset until)
    {
        foreach (var booking in await tx.List<BookingId>(ReleaseExpiredSql, new { resource, from, until, now = tx.Now }))
            await tx.Enqueue(new ExpireHold(booking), uniqueKey: booking.ToString());
    }

    public static async Task<bool> AreFree(Transaction tx, ProviderId resource, DateTimeOffset from, DateTimeOffset until) =>
        !await tx.Get<bool>(TakenSql, new { resource, from, until });

    /// <summary>Whether somebody else has what a service would take from this start, asked without a lock: true stays true for as long as theirs does, false says nothing.</summary>
    /// <param name="own">The booking that is wished for: its own claim is not somebody else's.</param>
    public static async Task<bool> IsTaken(Database database, ServiceId service, Instant start, Guid? own, CancellationToken stop) =>
        await database.Find<bool>(TakenFromSql, new { service, start = start.ToDateTimeOffset(), own, now = database.Clock.GetUtcNow() }, stop);

    /// <summary>False when somebody else's claim is in the way; then nothing was changed.</summary>
    public static Task<bool> Take(Transaction tx, BookingId booking, ProviderId resource, DateTimeOffset from, DateTimeOffset until, DateTimeOffset? holdUntil) =>
        tx.Attempt(() => tx.ChangeOne(TakeSql, new { booking, resource, from, until, state = holdUntil is null ? "booked" : "held", holdUntil }), Overlap);

    /// <summary>Moves a booked claim to another time in one step: false when that is somebody else's, and the old time is still owned.</summary>
    public static Task<bool> Move(Transaction tx, BookingId booking, ProviderId resource, DateTimeOffset from, DateTimeOffset until) =>
        tx.Attempt(() => tx.ChangeOne(MoveSql, new { booking, resource, from, until }), Overlap);

    /// <summary>Turns what the booking still claims into a booked claim; false when it claims nothing any more.</summary>
    public static async Task<bool> Keep(Transaction tx, BookingId booking) =>
        await tx.ChangeNow("update marketplace.claims set state = 'booked', hold_until = null where booking_id = @booking", new { booking }) > 0;

    public static Task Release(Transaction tx, BookingId booking) => tx.Change("delete from marketplace.claims where booking_id = @booking", new { booking });

    private const string LockSql = """
        select pg_advisory_xact_lock(k.key) from (select distinct hashtextextended(t.name, 0) as key from unnest(@keys) as t(name) order by 1) k
        """;

    private const string ReleaseExpiredSql = """
        delete from marketplace.claims
        where resource = @resource and during && tstzrange(@from, @until, '[)') and state = 'held' and hold_until <= @now
        returning booking_id
        """;

    private const string TakenSql = """
        select exists (select 1 from marketplace.claims where resource = @resource and during && tstzrange(@from, @until, '[)'))
        """;

    private const string TakenFromSql = """
        select exists (select 1 from marketplace.services s
            join marketplace.claims c on c.resource = s.provider_id and c.during && tstzrange(@start, @start + make_interval(mins => s.minutes + s.buffer_minutes), '[)')
            where s.id = @service and (c.state = 'booked' or c.hold_until > @now) and c.booking_id is distinct from @own)
        """;

    private const string MoveSql = """
        update marketplace.claims set during = tstzrange(@from, @until, '[)') where booking_id = @booking and resource = @resource and state = 'booked'
        """;

    private const string TakeSql = """
        insert into marketplace.claims (booking_id, resource, during, state, hold_until)
        values (@booking, @resource, tstzrange(@from, @until, '[)'), @state, @holdUntil)
        """;
}
