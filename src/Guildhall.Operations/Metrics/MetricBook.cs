using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Guildhall.Foundation.Data;

namespace Guildhall.Operations.Metrics;

/// <summary>Listens to the instruments of this node from its start and writes them down as Prometheus reads them (text format 0.0.4).</summary>
internal sealed class MetricBook : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricSeries> _series = new();
    private readonly IMeterFactory _factory;
    private readonly string _node;

    public MetricBook(IMeterFactory factory, NodeName node)
    {
        (_factory, _node) = (factory, node.Value);
        _listener.InstrumentPublished = Published;
        _listener.SetMeasurementEventCallback<double>((instrument, measured, labels, series) => Take(instrument, measured, labels, series));
        _listener.SetMeasurementEventCallback<long>((instrument, measured, labels, series) => Take(instrument, measured, labels, series));
        _listener.SetMeasurementEventCallback<int>((instrument, measured, labels, series) => Take(instrument, measured, labels, series));
        _listener.Start();
    }

    // Meters of the process belong to nobody; the others to the node whose factory made them.
    private void Published(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Scope is { } owner && !ReferenceEquals(owner, _factory) || MetricChoice.For(instrument) is not { } choice) return;
        listener.EnableMeasurementEvents(instrument, _series.GetOrAdd(instrument, _ => new MetricSeries(instrument, choice)));
    }

    private void Take(Instrument instrument, double measured, ReadOnlySpan<KeyValuePair<string, object?>> labels, object? series)
    {
        if (instrument.Meter.Name == "Npgsql" && !IsOurPool(labels)) return;
        ((MetricSeries)series!).Take(measured, labels);
    }

    // Pools are told apart by their name, which is the node's.
    private bool IsOurPool(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        foreach (var label in labels)
            if (label.Key == "db.client.connection.pool.name") return _node.Equals(label.Value as string, StringComparison.Ordinal);
        return false;
    }

    /// <summary>Everything as it is now.</summary>
    public string Write()
    {
        foreach (var series in _series.Values) series.Forget();
        try { _listener.RecordObservableInstruments(); }
        catch (AggregateException) { } // one that cannot be asked is left out
        var (text, dropped) = (new StringBuilder(16 * 1024), 0L);
        foreach (var group in _series.Values.GroupBy(s => s.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            group.First().Write(text);
            dropped += group.Sum(s => Interlocked.Read(ref s.Dropped));
        }
        return text.Append("# HELP guildhall_metrics_dropped_total Measurements whose labels were too many to keep.\n# TYPE guildhall_metrics_dropped_total counter\nguildhall_metrics_dropped_total ")
            .Append(dropped).Append('\n').ToString();
    }

    public void Dispose() => _listener.Dispose();
}
