using System.Diagnostics;
using System.Diagnostics.Metrics;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Telemetry;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Operations.Health;
using Measured = System.Collections.Generic.IEnumerable<System.Diagnostics.Metrics.Measurement<long>>;

namespace Guildhall.Operations.Metrics;

/// <summary>What is looked at rather than counted: the queue by kind, the books, the health of each part, circuits, streams, memory. Looked at when somebody asks, at most every five seconds,
/// and within five; while the database does not answer what it knows is not told, and <c>guildhall_database_up</c> is 0.</summary>
internal sealed class NodeGauges
{
    private sealed record Seen(IReadOnlyList<JobQueries.Lane> Lanes, long Unbalanced, HealthReport Health, DateTimeOffset At);

    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(5), BooksEvery = TimeSpan.FromMinutes(1);

    private readonly Database _database;
    private readonly DeepHealth _health;
    private readonly Probe<Seen?> _probe;
    private Seen? _seen;
    private long _booksAt, _unbalanced;

    public NodeGauges(NodeMeter node, Database database, DeepHealth health, StreamHub streams, IEnumerable<IGateway> gateways)
    {
        (_database, _health) = (database, health);
        _probe = new Probe<Seen?>(Look, _ => null, Keep, Patience);
        var parties = gateways.ToArray();
        var meter = node.Meter;
        meter.CreateObservableGauge("guildhall.database.up", () => _seen is null ? 0 : 1L, unit: null, "1 when the database answered at the last look.");
        meter.CreateObservableGauge("guildhall.jobs.due", () => Lanes(l => l.Due), unit: null, "Jobs that should run by now, by kind.");
        meter.CreateObservableGauge("guildhall.jobs.running", () => Lanes(l => l.Running), unit: null, "Jobs that run on any node, by kind.");
        meter.CreateObservableGauge("guildhall.jobs.dead", () => Lanes(l => l.Dead), unit: null, "Jobs that failed as often as they may and wait for a person, by kind.");
        meter.CreateObservableGauge("guildhall.jobs.oldest_due", () => Lanes(l => l.OldestDue is { } oldest ? Math.Max(0, (long)(_seen!.At - oldest).TotalSeconds) : 0), "s", "Age of the oldest job that should run by now, by kind.");
        meter.CreateObservableGauge("guildhall.books.unbalanced", () => _seen is { } seen ? [new Measurement<long>(seen.Unbalanced)] : (Measured)[], unit: null, "Currencies whose debits and credits differ; 0 is right.");
        meter.CreateObservableGauge("guildhall.health.level",
            () => (_seen?.Health.Checks ?? []).Select(c => new Measurement<long>((long)c.Level, new KeyValuePair<string, object?>("check", c.Name))), unit: null, "Each part of the deep health: 0 well, 1 warning, 2 failing.");
        meter.CreateObservableGauge("guildhall.gateway.circuit_open",
            () => parties.Select(g => new Measurement<long>(g.Status.Available ? 0 : 1, new KeyValuePair<string, object?>("gateway", g.Name))), unit: null, "1 while nothing is tried at the gateway.");
        meter.CreateObservableGauge("guildhall.streams.open", () => (long)streams.OpenStreams, unit: null, "Event streams of browsers that this node holds open.");
        meter.CreateObservableGauge("guildhall.memory.used", () => NodeMemory.UsedBytes, "By", "Memory of the process.");
        meter.CreateObservableGauge("guildhall.memory.limit", () => NodeMemory.LimitBytes, "By", "Memory that the process may have.");
    }

    /// <summary>Looks again unless somebody just did.</summary>
    public async Task Refresh(CancellationToken stop) => _seen = await _probe.Ask(stop);

    private Measured Lanes(Func<JobQueries.Lane, long> value) =>
        (_seen?.Lanes ?? []).Select(lane => new Measurement<long>(value(lane), new KeyValuePair<string, object?>("kind", lane.Kind)));

    private async Task<Seen?> Look(CancellationToken stop)
    {
        var lanes = await JobQueries.Lanes(_database, stop);
        if (_booksAt == 0 || Stopwatch.GetElapsedTime(_booksAt) > BooksEvery)
        {
            var balance = (await ReadTrialBalance.Run(_database, at: null, effective: null, stop)).OrThrow();
            (_unbalanced, _booksAt) = (balance.Totals.Count(t => t.Debit != t.Credit), Stopwatch.GetTimestamp());
        }
        return new Seen(lanes, _unbalanced, await _health.Read(stop), _database.Clock.GetUtcNow());
    }
}
