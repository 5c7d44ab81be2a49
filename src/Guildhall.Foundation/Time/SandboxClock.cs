using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Microsoft.Extensions.Hosting;

namespace Guildhall.Foundation.Time;

/// <summary>Moves business time in sandbox mode. The offset is a row in the database; every node follows it. It only moves forward.</summary>
public sealed class SandboxClock(Database database, GuildhallClock clock, NodeChannel nodes, JobBook jobs) : BackgroundService
{
    private const string Topic = "clock";

    // A word between nodes may be lost: the look finds it.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        nodes.On(Topic, async _ =>
        {
            await Read(CancellationToken.None);
            jobs.Ring(); // some have become due
        });
        await Read(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await Read(stoppingToken); }
            catch (Exception) when (!stoppingToken.IsCancellationRequested) { } // PostgreSQL is away: next time
        }
    }

    /// <summary>Advances business time on every node; answers the new offset in seconds once all of them follow it.</summary>
    public static async Task<long> Advance(Database database, NodeChannel nodes, GuildhallClock clock, TimeSpan by)
    {
        var seconds = await database.InTransaction(async tx =>
        {
            await tx.ChangeOne("update foundation.clock set offset_seconds = offset_seconds + @by", new { by = (long)by.TotalSeconds });
            return await tx.Get<long>("select offset_seconds from foundation.clock");
        });
        clock.MovesTo(TimeSpan.FromSeconds(seconds));
        await nodes.Broadcast(Topic, "");
        return seconds;
    }

    private async Task Read(CancellationToken stop) =>
        clock.MovesTo(TimeSpan.FromSeconds(await database.Find<long>("select offset_seconds from foundation.clock", stop: stop)));
}
