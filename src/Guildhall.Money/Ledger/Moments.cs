using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Ledger;

/// <summary>A point in the order of commits, settled: everything that had begun to write before it has ended. What the books were at it never changes.</summary>
/// <param name="Id">Ask with the same time again and this moment is found again.</param>
/// <param name="At">The posting time asked for; journals posted later are not counted even when they precede the moment.</param>
internal sealed record Moment(long Id, DateTimeOffset At)
{
    /// <summary>Where a journal (alias j) belongs to the books at the moment (alias m) and the time <c>@at</c>.</summary>
    public const string Holds = "(j.epoch, j.tx) < (m.epoch, m.xid) and j.posted_at <= @at";
}

/// <summary>Marks and finds moments. Wall time alone would not do: a journal posted before a time may be committed long after it.</summary>
internal static class Moments
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);
    private const int MaxWaits = 60;

    /// <summary>The moment for a posting time, or for now when null. The future and what is still being written are refused.</summary>
    public static async Task<Result<Moment>> At(Database database, DateTimeOffset? asked, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        var at = Micros(asked ?? now);
        if (at > now) return MoneyRefusals.MomentInFuture;
        var found = await database.Find<Row>(FirstFrom, new { at }, stop);
        if (found is null)
        {
            await Mark(database, at, stop);
            found = (await database.Find<Row>(FirstFrom, new { at }, stop))!;
        }
        for (var waits = 0; !await database.Find<bool>(IsSettled, new { found.Id }, stop); waits++)
        {
            if (waits == MaxWaits) return MoneyRefusals.MomentNotSettled;
            await Task.Delay(Wait, stop);
        }
        return new Moment(found.Id, at);
    }

    /// <summary>Marks a moment now, at or after the given time.</summary>
    public static Task Mark(Database database, DateTimeOffset from, CancellationToken stop) => database.InTransaction(
        tx => tx.Change("select money.mark_moment(@at)", new { at = tx.Now > from ? tx.Now : from }), stop);

    private sealed record Row(long Id);

    private const string FirstFrom = "select m.id from money.moments m where m.at >= @at order by m.at limit 1";

    private const string IsSettled = """
        select m.epoch < b.epoch or m.xid <= money.horizon() from money.moments m, money.books b where m.id = @id
        """;

    // What PostgreSQL keeps of a time.
    private static DateTimeOffset Micros(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % 10), TimeSpan.Zero);
}
