using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Guildhall.Operations.Errors;

/// <summary>An error as it is reported: what kind it is, where in our code it came from, and the ids by which it is found in the log. Of what people sent nothing is in it: messages lose
/// whatever stands in quotation marks or could be an address, a number or a secret.</summary>
internal static partial class ErrorEvent
{
    private const int MostFrames = 60, MostText = 300, MostCauses = 5;

    // The only values of a log line that leave the house.
    private static readonly string[] Tags = ["RequestId", "Code", "JobId", "Kind", "Attempt", "Endpoint"];

    /// <summary>One envelope with one event.</summary>
    public static byte[] Envelope(Exception problem, string category, IReadOnlyList<KeyValuePair<string, object?>> values, string node, string release, DateTimeOffset now)
    {
        var id = Guid.NewGuid().ToString("n");
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            event_id = id, timestamp = now.ToUnixTimeMilliseconds() / 1000d, platform = "csharp", level = "error", logger = category, server_name = node, release = "guildhall@" + release,
            transaction = Text(values, "{OriginalFormat}")?.Split(' ')[0],
            tags = Tags.Select(tag => (tag, Value: Text(values, tag))).Where(t => t.Value is not null).ToDictionary(t => t.tag, t => t.Value![..Math.Min(t.Value!.Length, 100)]),
            exception = new { values = Causes(problem).Reverse().Select(cause => new { type = cause.GetType().FullName, value = Redacted(cause.Message), stacktrace = new { frames = Frames(cause) } }) },
        });
        var head = Encoding.UTF8.GetBytes($"{{\"event_id\":\"{id}\",\"sent_at\":\"{now.UtcDateTime:O}\"}}\n{{\"type\":\"event\",\"length\":{body.Length}}}\n");
        return [.. head, .. body, (byte)'\n'];
    }

    /// <summary>Two errors of one kind from one place are one.</summary>
    public static string Fingerprint(Exception problem) => problem.GetType().FullName + "\n" + new StackTrace(problem).GetFrame(0)?.GetMethod();

    internal static string Redacted(string text)
    {
        var clean = Long().Replace(Digits().Replace(Address().Replace(Quoted().Replace(text, "[…]"), "[address]"), "[number]"), "[long]");
        return clean.Length > MostText ? clean[..MostText] + "…" : clean;
    }

    private static IEnumerable<Exception> Causes(Exception problem)
    {
        for (var (cause, left) = (problem, MostCauses); cause is not null && left > 0; (cause, left) = (cause.InnerException, left - 1)) yield return cause;
    }

    // Sentry wants the newest call last. File names are those of the build.
    private static IEnumerable<object> Frames(Exception problem) =>
        new StackTrace(problem, fNeedFileInfo: true).GetFrames().Take(MostFrames).Reverse().Select(frame => new
        {
            function = frame.GetMethod()?.Name, module = frame.GetMethod()?.DeclaringType?.FullName, filename = Path.GetFileName(frame.GetFileName()), lineno = frame.GetFileLineNumber(),
            in_app = frame.GetMethod()?.DeclaringType?.FullName?.StartsWith("Guildhall", StringComparison.Ordinal) is true,
        });

    private static string? Text(IReadOnlyList<KeyValuePair<string, object?>> values, string name) => values.FirstOrDefault(v => v.Key == name).Value?.ToString();

    [GeneratedRegex(@"'[^']*'|""[^""]*""|«[^»]*»|\x28[^\x29]*\x29=\x28[^\x29]*\x29", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[^\s@]+@[^\s@]+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex(@"\+?\d[\d \-]{4,}\d", RegexOptions.NonBacktracking)]
    private static partial Regex Digits();

    [GeneratedRegex(@"[A-Za-z0-9_\-+/=]{24,}", RegexOptions.NonBacktracking)]
    private static partial Regex Long();
}
