using System.Diagnostics;
using Guildhall.Foundation.Telemetry;

namespace Guildhall.Foundation.Jobs;

/// <summary>What became of jobs on this node, and how long they took.</summary>
internal sealed class JobMeter(NodeMeter node)
{
    private readonly System.Diagnostics.Metrics.Counter<long> _runs = node.Count("guildhall.jobs.run", "Jobs that ran on this node, by what became of them: done, again, failed, dead.");
    private readonly Timing _took = node.Time("guildhall.job.duration", "How long a job took, by kind.");

    public void Ran(string kind, string outcome, long started)
    {
        _runs.Add(1, new("kind", kind), new("outcome", outcome));
        _took.Took(Stopwatch.GetElapsedTime(started), new KeyValuePair<string, object?>("kind", kind));
    }
}
