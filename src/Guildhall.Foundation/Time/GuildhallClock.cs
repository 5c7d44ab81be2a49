namespace Guildhall.Foundation.Time;

/// <summary>Business time. In production it is the machine's clock; in sandbox mode an offset kept in the database is added, the same on
/// every node. Timers, leases and limits keep real time.</summary>
public sealed class GuildhallClock : TimeProvider
{
    private long _offsetTicks, _correctionTicks;

    /// <summary>The clock of this machine.</summary>
    internal TimeProvider Machine { get; set; } = System;

    /// <summary>What is added because this machine's clock is wrong, see <see cref="ClockAgreement"/>.</summary>
    internal TimeSpan Correction
    {
        get => new(Interlocked.Read(ref _correctionTicks));
        set => Interlocked.Exchange(ref _correctionTicks, value.Ticks);
    }

    /// <summary>How far business time is ahead of real time; zero outside sandbox mode.</summary>
    public TimeSpan Offset => new(Interlocked.Read(ref _offsetTicks));

    /// <summary>Forward to this offset; one that is behind changes nothing. Of two nodes' words that arrive together the later holds, in whatever order they are read.</summary>
    internal void MovesTo(TimeSpan offset)
    {
        for (var now = Interlocked.Read(ref _offsetTicks); offset.Ticks > now;)
        {
            var seen = Interlocked.CompareExchange(ref _offsetTicks, offset.Ticks, now);
            if (seen == now) return;
            now = seen;
        }
    }

    public override DateTimeOffset GetUtcNow() => Truncate(Machine.GetUtcNow() + Correction + Offset);

    // PostgreSQL keeps microseconds: a value must compare equal after a round trip.
    private static DateTimeOffset Truncate(DateTimeOffset time) => new(time.Ticks - (time.Ticks % 10), TimeSpan.Zero);
}
