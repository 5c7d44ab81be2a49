using System.Net;
using Guildhall.Operations.Metrics;

namespace Guildhall.Web.Host;

/// <summary>Where the figures are read: an address of their own, a token, or both. What would show them to everybody is refused.</summary>
internal static class MetricsSettings
{
    private const int LeastToken = 32;

    public static (MetricsOptions Options, string? Listen) Read(string? listen, string? token, string publicListen, List<string> wrong)
    {
        if (token is { Length: < LeastToken }) wrong.Add($"GUILDHALL_METRICS_TOKEN is shorter than {LeastToken} characters. Make one: openssl rand -hex 32");
        if (listen is null) return (new MetricsOptions(null, token), null);
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.AbsolutePath is not "/" || !IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
        {
            wrong.Add("GUILDHALL_METRICS_LISTEN is like http://127.0.0.1:9464: an address of this machine, with a port.");
            return (MetricsOptions.Closed, null);
        }
        if (!IPAddress.IsLoopback(ip) && token is null)
            wrong.Add("GUILDHALL_METRICS_LISTEN is not an address of this machine alone: set GUILDHALL_METRICS_TOKEN (or GUILDHALL_METRICS_TOKEN_FILE), or everybody who reaches it reads the figures.");
        if (Uri.TryCreate(publicListen, UriKind.Absolute, out var product) && product.Port == address.Port)
            wrong.Add("GUILDHALL_METRICS_LISTEN has the port of GUILDHALL_LISTEN. Give the figures a port of their own.");
        return (new MetricsOptions(address.Port, token), address.GetLeftPart(UriPartial.Authority));
    }
}
