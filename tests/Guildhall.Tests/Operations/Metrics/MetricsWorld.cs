using System.Net.Http.Headers;
using Guildhall.Operations.Metrics;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Operations.Metrics;

/// <summary>One node whose figures may be read with a token at its public address.</summary>
public class MetricsWorld : World
{
    internal const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly HttpClient Wire = new();

    protected override int NodeCount => 1;

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Metrics = new MetricsOptions(null, Token) };

    /// <summary>What a scrape gets.</summary>
    public async Task<string> Scrape()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Addresses[0], "/metrics"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await Wire.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The value of a series as it is written, with its labels; null when there is none.</summary>
    public async Task<double?> Reads(string series)
    {
        var line = (await Scrape()).Split('\n').SingleOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>One node with an address of its own for the figures.</summary>
public sealed class MetricsPortWorld : NodesOnly
{
    public int Port { get; } = Ports.Free();

    protected override int NodeCount => 1;

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Metrics = new MetricsOptions(Port, null), MetricsListen = $"http://127.0.0.1:{Port}" };
}
