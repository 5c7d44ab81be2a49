using System.Diagnostics;

namespace Guildhall.Foundation.Data;

/// <summary>How the database does, seen from this node.</summary>
/// <param name="LatencyMs">One round trip.</param>
/// <param name="ClockOffsetMs">How far this node's clock is ahead of the database's, to half a round trip.</param>
public sealed record DatabaseProbe(long LatencyMs, long ClockOffsetMs)
{
    /// <summary>Asks once; throws when the database does not answer.</summary>
    /// <param name="machine">The clock to compare, the machine's own unless told.</param>
    public static async Task<DatabaseProbe> Ask(Database database, CancellationToken stop, TimeProvider? machine = null)
    {
        var start = Stopwatch.GetTimestamp();
        var there = await database.Find<DateTimeOffset>("select clock_timestamp()", stop: stop);
        var took = Stopwatch.GetElapsedTime(start);
        return new DatabaseProbe((long)took.TotalMilliseconds, (long)((machine ?? TimeProvider.System).GetUtcNow() - took / 2 - there).TotalMilliseconds);
    }
}
