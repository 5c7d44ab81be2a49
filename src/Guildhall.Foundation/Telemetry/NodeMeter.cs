using System.Diagnostics.Metrics;

namespace Guildhall.Foundation.Telemetry;

/// <summary>The instruments of this node. Names are lower case with dots; a duration is in seconds. Labels have few values: never an id, an address or anything that came in.</summary>
public sealed class NodeMeter(IMeterFactory factory)
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Guildhall";

    /// <summary>Bounds, in seconds, of everything that is timed.</summary>
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60];

    /// <summary>Told apart from the meters of other nodes in one process by its factory.</summary>
    public Meter Meter { get; } = factory.Create(Name);

    /// <summary>Counts what happened; asked for as <c>…_total</c>.</summary>
    public Counter<long> Count(string name, string says) => Meter.CreateCounter<long>(name, unit: null, says);

    /// <summary>Times, in seconds.</summary>
    public Timing Time(string name, string says) => new(Meter.CreateHistogram(name, "s", says, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds }));
}

/// <summary>Something that is timed.</summary>
public sealed class Timing
{
    private readonly Histogram<double> _seconds;

    internal Timing(Histogram<double> seconds) => _seconds = seconds;

    /// <summary>It took so long this time.</summary>
    public void Took(TimeSpan time, params ReadOnlySpan<KeyValuePair<string, object?>> labels) => _seconds.Record(time.TotalSeconds, labels);
}
