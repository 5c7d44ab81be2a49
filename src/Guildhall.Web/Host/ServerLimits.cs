using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Guildhall.Web.Host;

/// <summary>What one connection may ask of a node, and how it is encrypted.</summary>
internal static class ServerLimits
{
    public const int MaxBody = 256 * 1024, MaxHeaders = 60, MaxHeaderBytes = 16 * 1024, MaxRequestLine = 8 * 1024, MaxConnections = 10_000;

    /// <summary>Requests that one HTTP/2 connection may have in progress; who resets streams faster than they end is cut off by the server itself.</summary>
    public const int MaxStreams = 50;

    public static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10), Idle = TimeSpan.FromMinutes(2);

    public static void Apply(KestrelServerOptions kestrel, HostSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = MaxBody;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.MaxRequestLineSize = MaxRequestLine;
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.RequestHeadersTimeout = HeadersWithin;
        limits.KeepAliveTimeout = Idle;
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
        limits.Http2.MaxFrameSize = 16 * 1024;
        limits.Http2.MaxRequestHeaderFieldSize = MaxRequestLine;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            if (settings is { TlsCertificate: { } certificate, TlsKey: { } key }) https.ServerCertificate = X509Certificate2.CreateFromPemFile(certificate, key);
        });
    }

    /// <summary>The same for the document of limits.</summary>
    public static ProductLimit[] All =>
    [
        new("Size of a request", "body, where a route says nothing else", Kilobytes(MaxBody), "413 `body_too_large`"),
        new("Size of a request", "all headers; their number; the line", string.Create(CultureInfo.InvariantCulture, $"{Kilobytes(MaxHeaderBytes)}; {MaxHeaders}; {Kilobytes(MaxRequestLine)}"), "431, 414"),
        new("Size of a request", "depth of JSON", JsonRules.Options.MaxDepth.ToString(CultureInfo.InvariantCulture), "400 `invalid_body`"),
        new("Time", "until the headers have arrived", ProductLimits.Say(HeadersWithin), "408"),
        new("Time", "a connection may stay idle", ProductLimits.Say(Idle), "closed"),
        new("Connections", "of a node; requests at once on one HTTP/2 connection", string.Create(CultureInfo.InvariantCulture, $"{MaxConnections}; {MaxStreams}"), "closed; refused stream"),
    ];

    private static string Kilobytes(int bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024} kB");
}
