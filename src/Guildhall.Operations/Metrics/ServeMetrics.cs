using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Operations.Metrics;

/// <summary>Who may read the figures. Without a port and without a token nobody.</summary>
/// <param name="Port">Port of an address of its own, where nothing else is served; null: the public address, with the token.</param>
/// <param name="Token">Bearer token of whoever reads; null: everybody who reaches the port.</param>
public sealed record MetricsOptions(int? Port, string? Token)
{
    public static readonly MetricsOptions Closed = new(null, null);
}

/// <summary><c>GET /metrics</c> in the text format of Prometheus, before the front door: it is no route of the product and asks nobody who they are but for the token.</summary>
public static class ServeMetrics
{
    private const string Path = "/metrics", ContentType = "text/plain; version=0.0.4; charset=utf-8";
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>After the pipeline's first part, before the front door.</summary>
    public static void UseMetrics(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<MetricsOptions>();
        if (options == MetricsOptions.Closed) return;
        var (book, gauges) = (app.Services.GetRequiredService<MetricBook>(), app.Services.GetRequiredService<NodeGauges>());
        app.Use(async (http, next) =>
        {
            var isOwnPort = options.Port is { } port && http.Connection.LocalPort == port;
            if (!isOwnPort && (options.Port is not null || http.Request.Path != Path)) await next(http);
            else if (http.Request.Path != Path || !HttpMethods.IsGet(http.Request.Method)) http.Response.StatusCode = StatusCodes.Status404NotFound;
            else if (options.Token is { } token && !Holds(http, token)) await Problems.Write(http, OperationsRefusals.MetricsToken);
            else await Answer(http, book, gauges);
        });
    }

    private static async Task Answer(HttpContext http, MetricBook book, NodeGauges gauges)
    {
        await gauges.Refresh(http.RequestAborted);
        await OneAtATime.WaitAsync(http.RequestAborted);
        string text;
        try { text = book.Write(); }
        finally { OneAtATime.Release(); }
        http.Response.ContentType = ContentType;
        await http.Response.WriteAsync(text, http.RequestAborted);
    }

    private static bool Holds(HttpContext http, string token) =>
        http.Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header["Bearer ".Length..].Trim())), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
