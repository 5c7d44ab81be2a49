using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Telemetry;
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

/// <summary>Looks at the database, the queue, the audit chain, the disk, the memory, the clocks, the line between nodes, and the integrations. Each part has three seconds; one that does not
/// answer is named and the others are told. One look serves everybody who asks within a second.</summary>
public sealed class DeepHealth
{
    private const long MegaBytes = 1024 * 1024;
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(1), PerPart = TimeSpan.FromSeconds(3), Patience = TimeSpan.FromSeconds(10);

    private readonly Probe<HealthReport> _probe;
    private readonly List<(string Name, Func<CancellationToken, Task<IEnumerable<HealthCheck>>> Look)> _parts;
    private readonly NodeName _node;

    public DeepHealth(Database database, NodeChannel channel, NodeName node, GuildhallClock clock, IntegrationStatus integrations, CheckpointFile checkpoints, Places places)
    {
        _node = node;
        _parts =
        [
            ("database", stop => OfDatabase(database, stop)),
            ("queue", stop => OfQueue(database, stop)),
            ("audit_seal_lag", async stop => [await OfAudit(database, clock, stop)]),
            ("gateways", stop => OfGateways(database, stop)),
            ("password_days", async stop => [await OfPasswords(database, stop)]),
            ("ledger", async stop => OfLedger(await ReadSeal.Run(database, checkpoints, stop))),
            ("integrations", async stop => (await integrations.Read(stop)).Select(OfIntegration)),
            ("machine", _ => Task.FromResult<IEnumerable<HealthCheck>>([Disk(), Memory()])),
            ("node", _ => Task.FromResult<IEnumerable<HealthCheck>>(
            [
                new("node_channel", channel.IsAlive ? HealthLevel.Ok : HealthLevel.Warning, channel.IsAlive ? 1 : 0, "alive", 0),
                new("places_file", places.Problem is null ? HealthLevel.Ok : HealthLevel.Warning, places.Configured ? 1 : 0, "configured", 0, places.Problem),
                new("sandbox_clock_offset", HealthLevel.Ok, (long)clock.Offset.TotalSeconds, "s", 0),
            ])),
        ];
        _probe = new Probe<HealthReport>(Look, problem => Report([Silent("health", problem)]), Keep, Patience);
    }

    /// <summary>Everything, at most ten seconds and usually a second old.</summary>
    public Task<HealthReport> Read(CancellationToken stop) => _probe.Ask(stop);

    // One after the other: a database that is ill is not asked by ten at once. When it has not answered, what rests on it is not asked at all.
    internal async Task<HealthReport> Look(CancellationToken stop)
    {
        var checks = new List<HealthCheck>();
        var isAway = false;
        foreach (var (name, look) in _parts)
        {
            if (isAway && name is not ("machine" or "node")) continue;
            var seen = await Bounded(name, look, PerPart, stop);
            isAway |= seen is [{ Name: "database" }];
            checks.AddRange(seen);
        }
        return Report(checks);
    }

    internal static async Task<IReadOnlyList<HealthCheck>> Bounded(string name, Func<CancellationToken, Task<IEnumerable<HealthCheck>>> look, TimeSpan within, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(within);
        try { return [.. await look(limit.Token).WaitAsync(within, stop)]; }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException or OperationCanceledException or IOException) { return [Silent(name, problem)]; }
    }

    private HealthReport Report(IReadOnlyList<HealthCheck> checks) => new(checks.Max(c => c.Level), _node.Value, checks);

    private static HealthCheck Silent(string name, Exception? problem) => new(name, HealthLevel.Failing, 0, "", 0, problem is null or TimeoutException or OperationCanceledException
        ? "It did not answer in time." : problem.Message);

    private static async Task<IEnumerable<HealthCheck>> OfDatabase(Database database, CancellationToken stop)
    {
        var probe = await DatabaseProbe.Ask(database, stop);
        return [Upward("database_latency", probe.LatencyMs, "ms", 100, 2000), Upward("clock_difference_to_database", Math.Abs(probe.ClockOffsetMs), "ms", 1000, 30_000)];
    }

    private static async Task<IEnumerable<HealthCheck>> OfQueue(Database database, CancellationToken stop)
    {
        var jobs = await JobQueries.Count(database, stop);
        return [Upward("queue_age", ListJobs.Age(database, jobs), "s", 60, 900), Upward("dead_jobs", jobs.Dead, "jobs", 1, long.MaxValue)];
    }

    private static async Task<HealthCheck> OfAudit(Database database, GuildhallClock clock, CancellationToken stop)
    {
        var lag = await AuditQueries.SealLag(database, stop);
        return Upward("audit_seal_lag", lag.Oldest is { } oldest ? Math.Max(0, (long)(clock.GetUtcNow() - oldest).TotalSeconds) : 0, "s", 60, 3600);
    }

    private static async Task<IEnumerable<HealthCheck>> OfGateways(Database database, CancellationToken stop)
    {
        var doubts = await GatewayDoubts.Read(database, stop);
        return
        [
            Upward("unmatched_webhooks", doubts.Unmatched, "messages", doubts.UnmatchedFrom, long.MaxValue),
            Upward("webhooks_out_of_time", doubts.OutOfTime, "messages", doubts.OutOfTimeFrom, long.MaxValue)
                with { Says = doubts.OutOfTime >= doubts.OutOfTimeFrom ? $"A clock is wrong: the last such message was signed {doubts.SecondsOff} s before our present." : null },
        ];
    }

    private static async Task<HealthCheck> OfPasswords(Database database, CancellationToken stop)
    {
        var days = await PasswordSettings.DaysInForce(database, stop);
        return Upward("password_days", days, "days", 1, long.MaxValue) with { Says = days > 0 ? PasswordSettings.Deviation : null };
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

    private static HealthCheck Memory()
    {
        var used = NodeMemory.UsedPercent;
        return new HealthCheck("memory_used", used >= 95 ? HealthLevel.Failing : used >= 85 ? HealthLevel.Warning : HealthLevel.Ok, used, "%", 85);
    }
}
