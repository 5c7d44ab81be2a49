using System.Net;
using Guildhall.Foundation.Telemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Guildhall.Web.Host;

/// <summary>Sends traces and figures to a collector by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one. Whether a request is recorded is decided here and not by whoever sends it. What
/// the collector does not take in time is dropped: nobody waits for it.</summary>
internal static class Telemetry
{
    private static readonly TimeSpan FiguresEvery = TimeSpan.FromSeconds(15);

    public static void Send(IServiceCollection services, HostSettings settings)
    {
        if (settings.Otlp is not { } collector) return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("guildhall", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3), serviceInstanceId: settings.Node))
            .WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", Tracing.Name).SetSampler(new TraceIdRatioBasedSampler(settings.TraceRatio))
                .AddOtlpExporter(to => Aim(to, collector, "v1/traces")))
            .WithMetrics(figures => figures.AddMeter(NodeMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
                .AddOtlpExporter((to, reader) =>
                {
                    Aim(to, collector, "v1/metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)FiguresEvery.TotalMilliseconds;
                }));
    }

    // Headers and time limits are read from the usual variables by the exporter itself.
    private static void Aim(OtlpExporterOptions to, Uri collector, string path)
    {
        to.Protocol = OtlpExportProtocol.HttpProtobuf;
        to.Endpoint = new Uri(collector.AbsoluteUri.TrimEnd('/') + "/" + path);
    }

    /// <summary>By https, or to a machine of our own: this one, a private network's, or one whose name has no dot.</summary>
    public static Uri? Read(string? endpoint, List<string> wrong)
    {
        if (endpoint is null) return null;
        if (Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && (address.Scheme is "https" || address.Scheme is "http" && IsOurs(address))) return address;
        wrong.Add("OTEL_EXPORTER_OTLP_ENDPOINT is like https://collector.example.com or, inside, http://127.0.0.1:4318 (http/protobuf).");
        return null;
    }

    private static bool IsOurs(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip)
        ? ip.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [(0xfc or 0xfd), ..] : !address.Host.Contains('.', StringComparison.Ordinal));
}
