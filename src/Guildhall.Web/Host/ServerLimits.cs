using System.Globalization;
using Guildhall.Foundation.Http;

namespace Guildhall.Web.Host;

/// <summary>What the server takes of one request before any of our code looks at it.</summary>
internal static class ServerLimits
{
    public const int Body = 256 * 1024, Headers = 16 * 1024, HeaderCount = 60;
    public static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    public static ProductLimit[] All =>
    [
        new("Size of a request", "body, where a route says nothing else", Kilobytes(Body), "413 `body_too_large`"),
        new("Size of a request", "all headers; their number", string.Create(CultureInfo.InvariantCulture, $"{Kilobytes(Headers)}; {HeaderCount}"), "431"),
        new("Size of a request", "depth of JSON", JsonRules.Options.MaxDepth.ToString(CultureInfo.InvariantCulture), "400 `invalid_body`"),
        new("Time", "until the headers have arrived", ProductLimits.Say(HeadersWithin), "408"),
    ];

    private static string Kilobytes(int bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024} kB");
}
