using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Guildhall.Operations.Metrics;

/// <summary>What one instrument measured so far, by its labels. At most <see cref="MostSeries"/> sets of labels are kept; what comes above is counted as dropped.</summary>
internal sealed class MetricSeries(Instrument instrument, MetricChoice choice)
{
    internal const int MostSeries = 2000;
    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly ConcurrentDictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly bool _isHistogram = instrument is Histogram<double> or Histogram<long> or Histogram<int>;
    private readonly bool _replaces = instrument.GetType().GetGenericTypeDefinition() == typeof(Gauge<>);
    private readonly double[] _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? UsualBounds;

    public string Name => choice.Name;

    /// <summary>Sets of labels that were not kept.</summary>
    public long Dropped;

    private sealed class Value
    {
        public double Sum;
        public long Count;
        public long[]? Buckets;
    }

    /// <summary>What is asked for each time begins anew: who is not told of any more is gone.</summary>
    public void Forget()
    {
        if (instrument.IsObservable) _values.Clear();
    }

    public void Take(double measured, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var key = Key(labels);
        if (!_values.TryGetValue(key, out var value))
        {
            if (_values.Count >= MostSeries)
            {
                Interlocked.Increment(ref Dropped);
                return;
            }
            value = _values.GetOrAdd(key, _ => new Value { Buckets = _isHistogram ? new long[_bounds.Length + 1] : null });
        }
        lock (value)
        {
            value.Sum = _replaces ? measured : value.Sum + measured;
            value.Count++;
            if (value.Buckets is { } buckets) buckets[Array.FindIndex(_bounds, bound => measured <= bound) is >= 0 and var at ? at : _bounds.Length]++;
        }
    }

    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(choice.Says.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_isHistogram ? "histogram" : Name.EndsWith("_total", StringComparison.Ordinal) ? "counter" : "gauge").Append('\n');
        foreach (var (labels, value) in _values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            lock (value)
            {
                if (value.Buckets is null) Line(text, Name, labels, value.Sum);
                else WriteBuckets(text, labels, value);
            }
        }
    }

    private void WriteBuckets(StringBuilder text, string labels, Value value)
    {
        var (before, upTo) = (labels.Length == 0 ? "" : labels + ",", 0L);
        for (var i = 0; i < _bounds.Length; i++) Line(text, Name + "_bucket", $"{before}le=\"{Number(_bounds[i])}\"", upTo += value.Buckets![i]);
        Line(text, Name + "_bucket", before + "le=\"+Inf\"", value.Count);
        Line(text, Name + "_sum", labels, value.Sum);
        Line(text, Name + "_count", labels, value.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // name="value",… in the order in which they are kept, or in which they came.
    private string Key(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.Length == 0 || choice.Labels is { Count: 0 }) return "";
        var key = new StringBuilder();
        if (choice.Labels is { } kept)
        {
            foreach (var name in kept)
                foreach (var label in labels)
                    if (label.Key == name) Append(key, label);
        }
        else foreach (var label in labels) Append(key, label);
        return key.ToString();
    }

    private static void Append(StringBuilder key, KeyValuePair<string, object?> label)
    {
        if (key.Length > 0) key.Append(',');
        var value = Convert.ToString(label.Value, CultureInfo.InvariantCulture) ?? "";
        if (value.AsSpan().ContainsAny('\\', '"', '\n')) value = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        key.Append(label.Key.Replace('.', '_')).Append("=\"").Append(value).Append('"');
    }
}
