using System.Diagnostics.Metrics;
using Guildhall.Foundation.Telemetry;

namespace Guildhall.Operations.Metrics;

/// <summary>Which instruments are kept, under which name and with which labels: all of ours, and those of the framework that a rule or a dashboard needs.</summary>
/// <param name="Labels">The labels that are kept; null: all.</param>
internal sealed record MetricChoice(string Name, string Says, IReadOnlyList<string>? Labels)
{
    private static readonly Dictionary<(string Meter, string Instrument), MetricChoice> Framework = new()
    {
        [("Microsoft.AspNetCore.Hosting", "http.server.request.duration")] =
            new("http_server_request_duration_seconds", "Requests by route pattern, method and status, and how long they took.", ["http.request.method", "http.route", "http.response.status_code"]),
        [("Microsoft.AspNetCore.Hosting", "http.server.active_requests")] = new("http_server_active_requests", "Requests in progress; open streams are among them.", []),
        [("Microsoft.AspNetCore.Server.Kestrel", "kestrel.active_connections")] = new("kestrel_active_connections", "Connections open.", []),
        [("Microsoft.AspNetCore.Server.Kestrel", "kestrel.rejected_connections")] = new("kestrel_rejected_connections_total", "Connections over the most that a node takes.", []),
        [("Npgsql", "db.client.connection.count")] = new("db_client_connections", "Connections of the pool, idle or used.", ["db.client.connection.state"]),
        [("Npgsql", "db.client.connection.max")] = new("db_client_connections_max", "Connections the pool may have.", []),
        [("Npgsql", "db.client.connection.npgsql.pending_requests")] = new("db_client_connections_pending", "Callers who wait for a connection.", []),
        [("Npgsql", "db.client.connection.npgsql.timeouts")] = new("db_client_connection_timeouts_total", "Callers who waited in vain.", []),
        [("System.Runtime", "dotnet.process.memory.working_set")] = new("dotnet_process_memory_working_set_bytes", "Memory of the process.", []),
        [("System.Runtime", "dotnet.process.cpu.time")] = new("dotnet_process_cpu_time_seconds_total", "Processor time of the process.", ["cpu.mode"]),
        [("System.Runtime", "dotnet.gc.pause.time")] = new("dotnet_gc_pause_time_seconds_total", "Time the process stood still to collect garbage.", []),
        [("System.Runtime", "dotnet.gc.heap.total_allocated")] = new("dotnet_gc_heap_allocated_bytes_total", "Bytes allocated.", []),
        [("System.Runtime", "dotnet.thread_pool.thread.count")] = new("dotnet_thread_pool_threads", "Threads of the pool.", []),
        [("System.Runtime", "dotnet.thread_pool.queue.length")] = new("dotnet_thread_pool_queue_items", "Work that waits for a thread.", []),
        [("System.Runtime", "dotnet.exceptions")] = new("dotnet_exceptions_total", "Exceptions thrown, caught ones too.", []),
    };

    /// <summary>Names of what the framework measures and we keep.</summary>
    public static IEnumerable<string> OfFramework => Framework.Values.Select(c => c.Name);

    /// <summary>Null: not kept.</summary>
    public static MetricChoice? For(Instrument instrument)
    {
        if (Framework.TryGetValue((instrument.Meter.Name, instrument.Name), out var known)) return known;
        if (instrument.Meter.Name != NodeMeter.Name) return null;
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (IsCounter(instrument)) name += "_total";
        return new MetricChoice(name, instrument.Description ?? instrument.Name, null);
    }

    private static bool IsCounter(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        return kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);
    }
}
