using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Pwned;

/// <summary>The range service of breached passwords: the suffixes that a prefix of five hex digits has, with how often each was seen, CRLF between and none at the end.
/// Padded answers have 800 to 1000 lines, those of padding with the count 0.</summary>
internal static class PwnedRoutes
{
    private const int Real = 40, MostAsked = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var asked = new ConcurrentQueue<object>();
        routes.MapGet("/range/{prefix}", (HttpContext http, World world, string prefix) => Answer(http, world, asked, prefix));
        routes.MapGet("/sandbox/pwned/asked", () => Control.Control.Json(asked.ToArray()));
    }

    private static async Task<IResult> Answer(HttpContext http, World world, ConcurrentQueue<object> asked, string prefix)
    {
        var padded = http.Request.Headers["Add-Padding"] == "true";
        asked.Enqueue(new { path = http.Request.Path + http.Request.QueryString.ToString(), padded, agent = http.Request.Headers.UserAgent.ToString() });
        if (asked.Count > MostAsked) asked.TryDequeue(out _);
        if (http.Request.Headers.UserAgent.Count == 0) return Results.Text("The User-Agent header is missing.", statusCode: 403);
        if (prefix.Length != 5 || !prefix.All(char.IsAsciiHexDigit)) return Results.Text("The hash prefix was not in a valid format", statusCode: 400);
        switch (world.Read(w => w.Faults.Pwned))
        {
            case PwnedFault.Down: return Results.StatusCode(503);
            case PwnedFault.Limited: http.Response.Headers.RetryAfter = "2"; return Results.StatusCode(429);
            case PwnedFault.Malformed: return Results.Text("<html><body>Please wait while we check your browser.</body></html>", "text/html");
            case PwnedFault.Slow: await Task.Delay(TimeSpan.FromSeconds(10), http.RequestAborted); break;
            case PwnedFault.None: break;
        }
        return Results.Text(Body(prefix, padded), "text/plain");
    }

    private static string Body(string prefix, bool padded)
    {
        var lines = BreachedSample.Lines(prefix).Concat(Made(prefix, "seen", Real, n => 1 + (n % 97)));
        if (padded) lines = lines.Concat(Made(prefix, "padding", RandomNumberGenerator.GetInt32(800, 1001) - Real, _ => 0));
        return string.Join("\r\n", lines.Order(StringComparer.Ordinal));
    }

    // The same for a prefix at every call, so that an answer can be compared.
    private static IEnumerable<string> Made(string prefix, string kind, int count, Func<int, int> times) => Enumerable.Range(0, count)
        .Select(n => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix.ToUpperInvariant()} {kind} {n}")))[..35] + ":" + times(n).ToString(CultureInfo.InvariantCulture));
}
