using System.Collections.Concurrent;
using System.Diagnostics;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Money.Gateways;

/// <summary>How long a gateway may take to answer, and how long they took since it was last asked, in steps.</summary>
public sealed class GatewayCalls
{
    /// <summary>After this time nobody waits for the answer any more: what became of the call is unknown.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

    private static readonly int[] Steps = [5, 10, 20, 50, 100, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000];

    private readonly ConcurrentDictionary<(string Gateway, int UpToMs, bool Answered), long> _counts = new();

    /// <summary>Told every call when it has ended: gateway, how long it took, whether it was answered.</summary>
    internal event Action<string, TimeSpan, bool>? Ended;

    internal void Took(string gateway, TimeSpan time, bool answered)
    {
        Ended?.Invoke(gateway, time, answered);
        Keep((gateway, Steps.FirstOrDefault(step => time.TotalMilliseconds <= step, Steps[^1]), answered), 1);
    }

    internal void Keep((string Gateway, int UpToMs, bool Answered) key, long calls) => _counts.AddOrUpdate(key, calls, (_, before) => before + calls);

    internal IReadOnlyList<((string Gateway, int UpToMs, bool Answered) Key, long Calls)> Take() =>
        [.. _counts.Keys.Order().Select(key => (key, _counts.TryRemove(key, out var calls) ? calls : 0)).Where(c => c.Item2 > 0)];
}

/// <summary>Every node counts its own calls and adds them to the hour every fifteen seconds; a node that dies takes at most those with it. Nothing is
/// decided by these figures.</summary>
internal sealed class CountGatewayCalls(GatewayCalls counts, Database database, ILogger<CountGatewayCalls> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Every, stoppingToken);
            try { await Write(counts, database, stoppingToken); }
            catch (NpgsqlException) { log.LogWarning("gateway_calls_not_written"); }
        }
    }

    /// <summary>Adds what was counted to this hour. It is counted on when it cannot be written.</summary>
    internal static async Task Write(GatewayCalls counts, Database database, CancellationToken stop)
    {
        var taken = counts.Take();
        if (taken.Count == 0) return;
        try
        {
            await database.InTransaction(async tx =>
            {
                var hour = new DateTimeOffset(tx.Now.UtcDateTime.Date, TimeSpan.Zero).AddHours(tx.Now.UtcDateTime.Hour);
                foreach (var (key, calls) in taken) await tx.ChangeOne(Add, new { key.Gateway, hour, key.UpToMs, key.Answered, calls });
            }, stop);
        }
        catch
        {
            foreach (var (key, calls) in taken) counts.Keep(key, calls);
            throw;
        }
    }

    private const string Add = """
        insert into money.gateway_calls as c (gateway, hour, up_to_ms, answered, calls) values (@Gateway, @hour, @UpToMs, @Answered, @calls)
        on conflict (gateway, hour, up_to_ms, answered) do update set calls = c.calls + excluded.calls
        """;
}

/// <summary>Times every call that a gateway's client really makes, until its answer begins.</summary>
internal sealed class TimedCalls(string gateway, GatewayCalls calls, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (started, answered) = (Stopwatch.GetTimestamp(), false);
        using var span = Tracing.Source.StartActivity("gateway " + gateway, ActivityKind.Client);
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            answered = (int)answer.StatusCode < 500;
            span?.SetTag("http.response.status_code", (int)answer.StatusCode);
            return answer;
        }
        finally
        {
            if (!answered) span?.SetStatus(ActivityStatusCode.Error);
            calls.Took(gateway, Stopwatch.GetElapsedTime(started), answered);
        }
    }
}
