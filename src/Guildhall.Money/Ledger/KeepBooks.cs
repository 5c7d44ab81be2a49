using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Ledger.Seal;

namespace Guildhall.Money.Ledger;

/// <summary>What the books need now and then, off the path of postings: a moment a minute while something is posted (more when much is), the seal, a signed
/// checkpoint a minute, and a balance round when the tail behind the last one has grown long or old.</summary>
internal sealed record KeepBooks : IJob
{
    public static string Kind => "keep_books";

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenMoments = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromHours(1);
    private const int MaxBatches = 100;
    internal const long TailLimit = 10_000;

    private sealed record Need(bool Moment, bool Round);

    public static async Task Run(JobContext context, KeepBooks _)
    {
        var (database, stop) = (context.Database, context.Stop);
        var now = database.Clock.GetUtcNow();
        var need = (await database.Find<Need>(NeedSql, new { momentsSince = now - BetweenMoments, roundsSince = now - BetweenRounds, tail = TailLimit }, stop))!;
        if (need.Moment) await Moments.Mark(database, now, stop);
        for (var batch = 0; batch < MaxBatches && await database.InTransaction(SealLedger.Run, stop) == SealLedger.BatchSize; batch++) { }
        await database.InTransaction(tx => SignCheckpoint.Run(tx, context.Get<MasterKey>(), BetweenMoments), stop);
        if (need.Round) await MakeRound(database, stop);
    }

    /// <summary>Adds up what every account stands at, up to the newest settled moment.</summary>
    internal static Task<long?> MakeRound(Database database, CancellationToken stop) => database.InTransaction(async tx =>
    {
        await tx.Change("set local statement_timeout = '10min'");
        return await tx.Get<long?>("select money.make_balance_round(@now)", new { now = tx.Now });
    }, stop);

    private const string NeedSql = """
        with s as (select case when q.is_called then q.last_value else 0 end as last from money.journals_id_seq q),
        m as (select o.at, o.floor_id from money.moments o order by o.id desc limit 1),
        r as (select b.made_at, o.floor_id from money.balance_rounds b join money.moments o on o.id = b.moment_id order by b.moment_id desc limit 1)
        select s.last > coalesce(m.floor_id, 0) and (coalesce(m.at < @momentsSince, true) or s.last - m.floor_id >= @tail / 2) as moment,
            coalesce(m.floor_id, 0) - coalesce(r.floor_id, 0) >= @tail
                or (coalesce(m.floor_id, 0) > coalesce(r.floor_id, 0) and coalesce(r.made_at < @roundsSince, true)) as round
        from s left join m on true left join r on true
        """;
}
