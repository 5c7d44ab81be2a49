using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Guildhall.Tests.Operations.Metrics;

/// <summary>The real Prometheus with the rules of <c>deploy/prometheus</c>, until it is disposed.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _http;

    private PrometheusServer(Process process, DirectoryInfo folder, int port) => (_process, _folder, _http) = (process, folder, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });

    public static async Task<PrometheusServer> Start(string target, string token)
    {
        var (folder, port) = (Directory.CreateTempSubdirectory("guildhall-prometheus"), Ports.Free());
        var config = $"""
            global: {"{ scrape_interval: 1s, evaluation_interval: 1s }"}
            rule_files: ['{Tree.Path("deploy/prometheus/guildhall.rules.yml")}']
            scrape_configs:
              - job_name: guildhall
                authorization: {"{"} credentials: {token} {"}"}
                static_configs: [{"{"} targets: ['{target}'] {"}"}]
            """;
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "prometheus.yml"), config);
        var start = new ProcessStartInfo("prometheus",
            [$"--config.file={folder.FullName}/prometheus.yml", $"--storage.tsdb.path={folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]) { WorkingDirectory = folder.FullName };
        var server = new PrometheusServer(Process.Start(start)!, folder, port);
        await Eventually.True(async () =>
        {
            try { return (await server._http.GetAsync("/-/ready")).IsSuccessStatusCode; }
            catch (HttpRequestException) { return false; }
        }, "Prometheus did not start");
        return server;
    }

    public async Task<JsonElement> Get(string path) => JsonSerializer.Deserialize<JsonElement>(await _http.GetStringAsync(path));

    /// <summary>The one value of an instant query; null when there is none.</summary>
    public async Task<double?> Asks(string query) => (await Get("/api/v1/query?query=" + Uri.EscapeDataString(query))).GetProperty("data").GetProperty("result") is var result && result.GetArrayLength() == 0
        ? null : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
