using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Time;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Places;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger.Seal;
using Guildhall.Operations.Integrations;
using Guildhall.Operations.JobsAdmin;
using Npgsql;

namespace Guildhall.Operations.Health;

/// <summary>How well a part does.</summary>
public enum HealthLevel { Ok, Warning, Failing }

/// <summary>One thing that was looked at. <c>Value</c> is in <c>Unit</c>; from <c>WarnFrom</c> on it deserves a look.</summary>
public sealed record HealthCheck(string Name, HealthLevel Level, long Value, string Unit, long WarnFrom, string? Says = null);

/// <summary>Everything that was looked at; the level is the worst of them.</summary>
public sealed record HealthReport(HealthLevel Level, string Node, IReadOnlyList<HealthCheck> Checks);

/// <summary>Looks at the database, the queue, the audit chain, the disk, the clocks, the line between nodes, and the integrations.</summary>
public sealed class DeepHealth(Database database, NodeChannel channel, NodeName node, GuildhallClock clock, IntegrationStatus integrations, CheckpointFile checkpoints,
    Places places)
{
    private const long MegaBytes = 1024 * 1024;

    public async Task<HealthReport> Read(CancellationToken stop)
    {
        var checks = new List<HealthCheck>();
        try
        {
            var probe = await DatabaseProbe.Ask(database, stop);
            checks.Add(Upward("database_latency", probe.LatencyMs, "ms", 100, 2000));
            checks.Add(Upward("clock_difference_to_database", Math.Abs(probe.ClockOffsetMs), "ms", 1000, 30_000));
            var jobs = await JobQueries.Count(database, stop);
            checks.Add(Upward("queue_age", ListJobs.Age(database, jobs), "s", 60, 900));
            checks.Add(Upward("dead_jobs", jobs.Dead, "jobs", 1, long.MaxValue));
            var lag = await AuditQueries.SealLag(database, stop);
            var age = lag.Oldest is { } oldest ? Math.Max(0, (long)(clock.GetUtcNow() - oldest).TotalSeconds) : 0;
            checks.Add(Upward("audit_seal_lag", age, "s", 60, 3600));
            var doubts = await GatewayDoubts.Read(database, stop);
            checks.Add(Upward("unmatched_webhooks", doubts.Unmatched, "messages", doubts.UnmatchedFrom, long.MaxValue));
            checks.Add(Upward("webhooks_out_of_time", doubts.OutOfTime, "messages", doubts.OutOfTimeFrom, long.MaxValue)
                with { Says = doubts.OutOfTime >= doubts.OutOfTimeFrom ? $"A clock is wrong: the last such message was signed {doubts.SecondsOff} s before our present." : null });
            var days = await PasswordSettings.DaysInForce(database, stop);
            checks.Add(Upward("password_days", days, "days", 1, long.MaxValue) with { Says = days > 0 ? PasswordSettings.Deviation : null });
            checks.AddRange(OfLedger(await ReadSeal.Run(database, checkpoints, stop)));
            checks.AddRange((await integrations.Read(stop)).Select(OfIntegration));
        }
        catch (NpgsqlException problem) { checks.Add(new HealthCheck("database", HealthLevel.Failing, 0, "", 0, problem.Message)); }
        checks.Add(Disk());
        checks.Add(new HealthCheck("node_channel", channel.IsAlive ? HealthLevel.Ok : HealthLevel.Warning, channel.IsAlive ? 1 : 0, "alive", 0));
        checks.Add(new HealthCheck("places_file", places.Problem is null ? HealthLevel.Ok : HealthLevel.Warning, places.Configured ? 1 : 0, "configured", 0, places.Problem));
        checks.Add(new HealthCheck("sandbox_clock_offset", HealthLevel.Ok, (long)clock.Offset.TotalSeconds, "s", 0));
        return new HealthReport(checks.Max(c => c.Level), node.Value, checks);
    }

    private static HealthCheck Upward(string name, long value, string unit, long warnFrom, long failFrom) =>
        new(name, value >= failFrom ? HealthLevel.Failing : value >= warnFrom ? HealthLevel.Warning : HealthLevel.Ok, value, unit, warnFrom);

    // Without a file the ledger can be proven less: a warning. With one that cannot be written, or a copy in the wrong epoch: failing.
    private static HealthCheck[] OfLedger(ReadSeal.State seal) =>
    [
        Upward("ledger_seal_lag", seal.LagSeconds, "s", ReadSeal.LagWarnSeconds, ReadSeal.LagWarnSeconds * 60),
        new("ledger_checkpoint_file", seal.FileProblem is null ? HealthLevel.Ok : seal.File is null ? HealthLevel.Warning : HealthLevel.Failing, Math.Max(0, (seal.Checkpoint ?? 0) - seal.FileCheckpoint), "behind", 0, seal.FileProblem),
        new("ledger_epoch", seal.Foreign ? HealthLevel.Failing : HealthLevel.Ok, seal.Epoch, "epoch", 0, seal.Foreign ? "This copy was restored: run `guildhall begin-epoch`, or nothing more is sealed." : null),
    ];

    private static HealthCheck OfIntegration(Integration integration) =>
        new("integration_" + integration.Name, integration is { State: IntegrationState.Degraded or IntegrationState.Down } or { State: IntegrationState.NotConfigured, UsersLose: not null } ? HealthLevel.Warning : HealthLevel.Ok,
            0, Names.Of(integration.State), 0, integration.UsersLose);

    private static HealthCheck Disk()
    {
        var free = new DriveInfo(AppContext.BaseDirectory).AvailableFreeSpace / MegaBytes;
        return new HealthCheck("disk_free", free < 200 ? HealthLevel.Failing : free < 1024 ? HealthLevel.Warning : HealthLevel.Ok, free, "MiB", 1024);
    }
}
