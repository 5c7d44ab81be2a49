using System.Diagnostics;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>The three members, broken and mended by <c>deploy/cluster/try.sh</c>, and what Patroni says of them.</summary>
internal sealed class ClusterMembers : IDisposable
{
    private readonly string _folder = Environment.GetEnvironmentVariable("GUILDHALL_CLUSTER") ?? throw new InvalidOperationException("Run it by ./drill.");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private readonly Dictionary<string, string> _addresses;

    public ClusterMembers() => _addresses = File.ReadAllLines(Path.Combine(_folder, "members")).Select(line => line.Split('=')).ToDictionary(m => m[0], m => m[1], StringComparer.Ordinal);

    /// <summary>False where network namespaces are refused: then no line can be cut.</summary>
    public bool HasLines => File.ReadAllText(Path.Combine(_folder, "mode")).Trim() is "namespaces";

    /// <summary>HAProxy in front of these two nodes; answers its address.</summary>
    public async Task<Uri> Front(Uri[] nodes)
    {
        await Do("web", nodes[0].Port.ToString(System.Globalization.CultureInfo.InvariantCulture), nodes[1].Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new Uri((await File.ReadAllTextAsync(Path.Combine(_folder, "address"))).Trim());
    }

    public async Task Do(string verb, params string[] arguments)
    {
        using var script = Process.Start(new ProcessStartInfo("deploy/cluster/try.sh", [verb, _folder, .. arguments]))!;
        await script.WaitForExitAsync();
        if (script.ExitCode != 0) throw new InvalidOperationException($"try.sh {verb} {string.Join(' ', arguments)} failed.");
    }

    public Task<string> Leader() => InRole("leader");

    /// <summary>The replica that every commit waits for.</summary>
    public Task<string> SyncReplica() => InRole("sync_standby");

    /// <summary>Until one leads, two follow it, and one of these is waited for; answers how long that took.</summary>
    public async Task<TimeSpan> Whole(TimeSpan atMost)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < atMost; await Task.Delay(250))
            foreach (var address in _addresses.Values)
                if (await Said(address) is { } members && IsWhole(members)) return watch.Elapsed;
        throw new TimeoutException($"The cluster was not whole again after {atMost.TotalSeconds} s.");
    }

    // All are up and on one timeline, and exactly one leads.
    private static bool IsWhole(JsonElement[] members) => members.Length == 3
        && members.All(m => Text(m, "state") is "running" or "streaming") && members.Count(m => Text(m, "role") is "leader") == 1 && members.Count(m => Text(m, "role") is "sync_standby") == 1
        && members.Select(m => m.TryGetProperty("timeline", out var line) ? line.ToString() : "").Distinct(StringComparer.Ordinal).Count() == 1;

    private async Task<string> InRole(string role)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(250))
            foreach (var address in _addresses.Values)
                if (await Said(address) is { } members && members.FirstOrDefault(m => Text(m, "role") == role) is { ValueKind: JsonValueKind.Object } found) return Text(found, "name")!;
        throw new TimeoutException($"No member became {role} within a minute.");
    }

    private async Task<JsonElement[]?> Said(string address)
    {
        try
        {
            var says = JsonSerializer.Deserialize<JsonElement>(await _http.GetStringAsync(new Uri($"http://{address}:8008/cluster")));
            return [.. says.GetProperty("members").EnumerateArray()];
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or JsonException) { return null; } // away
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public void Dispose() => _http.Dispose();
}
