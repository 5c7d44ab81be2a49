using Guildhall.Foundation.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Foundation.Time;

/// <summary>Keeps the nodes' business time together: a machine whose clock is off by more than a second is corrected to the database's, which all nodes share.
/// What runs out (sessions, tokens, holds) then runs out at the same moment on every node, within <see cref="Budget"/>.</summary>
internal sealed class ClockAgreement(Database database, GuildhallClock clock, ILogger<ClockAgreement> log) : BackgroundService
{
    /// <summary>How far two nodes may be apart: twice the dead band and half of the slowest round trip that is believed.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    private const long DeadBandMs = 1000, SlowestMs = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>Before anything is served.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryCompare(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try { while (await timer.WaitForNextTickAsync(stoppingToken)) await TryCompare(stoppingToken); }
        catch (OperationCanceledException) { } // the node stops
    }

    private async Task TryCompare(CancellationToken stop)
    {
        try { await Compare(stop); }
        catch (Npgsql.NpgsqlException) { } // without a database there is nothing that could run out
    }

    internal async Task Compare(CancellationToken stop)
    {
        var probe = await DatabaseProbe.Ask(database, stop, clock.Machine);
        if (probe.LatencyMs > SlowestMs) return;
        var wanted = Math.Abs(probe.ClockOffsetMs) > DeadBandMs ? TimeSpan.FromMilliseconds(-probe.ClockOffsetMs) : TimeSpan.Zero;
        // What is right within the dead band stays: time should not jitter.
        if ((clock.Correction - wanted).Duration() <= TimeSpan.FromMilliseconds(DeadBandMs)) return;
        log.LogWarning("clock_corrected {Milliseconds} ms: this machine's clock is wrong", (long)wanted.TotalMilliseconds);
        clock.Correction = wanted;
    }
}
