using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Foundation.Http;

/// <summary>Refusals and failures as problem+json (RFC 9457) with a stable <c>code</c> and the request id.</summary>
public static class Problems
{
    /// <summary>The result as JSON with the given status, or its refusal as a problem document.</summary>
    public static IResult ToHttp<T>(this Result<T> result, int success = 200) => result.Is(out var value, out var refusal)
        ? value is Done ? Results.StatusCode(204) : Results.Json(value, JsonRules.Options, statusCode: success)
        : refusal.ToHttp();

    /// <summary>The refusal as a problem document.</summary>
    public static IResult ToHttp(this Refusal refusal) => new ProblemResult(refusal);

    private sealed class ProblemResult(Refusal refusal) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => refusal.Status;
        public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, refusal);
    }

    /// <summary>Writes the refusal as the whole answer.</summary>
    public static async Task Write(HttpContext http, Refusal refusal)
    {
        http.Items[SecurityEvents.Said] = refusal;
        http.Response.StatusCode = refusal.Status;
        if (refusal.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (refusal.Status == 401) http.Response.Headers.WWWAuthenticate = "Bearer";
        if (refusal.Status == 404 && http.RequestServices.GetService<ForeignReferences>() is { } references) await references.Note(http);
        if (http.RequestServices.GetService<RefusalPage>() is { } page && await Shown(page, http, refusal)) return;
        var document = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = $"/docs/problems#{refusal.Code}",
            ["title"] = Title(refusal.Code),
            ["status"] = refusal.Status,
            ["code"] = refusal.Code,
            ["detail"] = refusal.Sentence,
            ["requestId"] = http.TraceIdentifier,
        };
        foreach (var (name, value) in refusal.Details ?? new Dictionary<string, object?>()) document[name] = value;
        await http.Response.WriteAsJsonAsync(document, JsonRules.Options, "application/problem+json; charset=utf-8", http.RequestAborted);
    }

    // The page of an error must not become the next error.
    private static async Task<bool> Shown(RefusalPage page, HttpContext http, Refusal refusal)
    {
        try { return await page.Show(http, refusal); }
        catch (Exception problem) when (!http.Response.HasStarted && problem is not OperationCanceledException)
        {
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Guildhall.Requests").LogError(problem, "refusal_page_failed {RequestId} {Code}", http.TraceIdentifier, refusal.Code);
            http.Response.ContentType = null;
            http.Response.StatusCode = refusal.Status;
            return false;
        }
    }

    /// <summary>What an exception means to the caller. Unknown ones are bugs and say nothing but the request id.</summary>
    public static Refusal Of(Exception problem) => problem switch
    {
        BadHttpRequestException { StatusCode: 404 } => FoundationRefusals.NotFound,
        BadHttpRequestException { StatusCode: 413 } => FoundationRefusals.BodyTooLarge,
        BadHttpRequestException { StatusCode: 415 } => FoundationRefusals.UnsupportedMediaType,
        BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
        BadHttpRequestException bad => FoundationRefusals.InvalidBody.With(("field", NameIn(bad.Message))),
        JsonException json => OfJson(json),
        // How the framework says that a page's address holds no date where one is expected.
        InvalidOperationException odd when odd.Message.StartsWith("Cannot parse the value '", StringComparison.Ordinal) => FoundationRefusals.InvalidBody.With(("field", odd.Message.Split('\'')[^2])),
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable } => FoundationRefusals.TryAgain,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => FoundationRefusals.TimedOut,
        // The server ends or begins, is full, or no longer leads.
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53300" or PostgresErrorCodes.ReadOnlySqlTransaction } => FoundationRefusals.Unavailable,
        // Text with a zero byte, a number or a day beyond what can be stored.
        PostgresException { SqlState: "22021" or "22P05" or "22003" or "22007" or "22008" } => FoundationRefusals.InvalidBody,
        PostgresException => FoundationRefusals.Bug,
        NpgsqlException { InnerException: TimeoutException } => FoundationRefusals.TimedOut,
        NpgsqlException => FoundationRefusals.Unavailable,
        TimeoutException => FoundationRefusals.TimedOut,
        _ => FoundationRefusals.Bug,
    };

    private static readonly HashSet<string> Decided = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names values that a client might try to set for itself: told apart from a mistyped field, so that the refusal says why.</summary>
    public static void ServerDecides(params ReadOnlySpan<string> fields)
    {
        lock (Decided) foreach (var field in fields) Decided.Add(field);
    }

    private static bool IsDecided(string? field)
    {
        lock (Decided) return field is not null && Decided.Contains(field);
    }

    private static Refusal OfJson(JsonException problem)
    {
        var field = problem.Path?.TrimStart('$', '.') is { Length: > 0 and < 100 } path ? path : null;
        var unknown = problem.Message.Contains("could not be mapped", StringComparison.Ordinal);
        var refusal = unknown && IsDecided(field) ? FoundationRefusals.ServerDecides : FoundationRefusals.InvalidBody;
        return refusal.With(("field", field), ("reason", unknown ? "unknown field" : "wrong shape"));
    }

    // The framework's sentences speak of its own types; only the name is for the caller: Failed to bind parameter "int page" from "x".
    private static string? NameIn(string message) => message.Split('"') is [_, var named, ..] ? named[(named.LastIndexOf(' ') + 1)..] : null;

    /// <summary>Gives an answer that only has a status the body of a problem; routing and the server make such answers.</summary>
    internal static Task Complete(HttpContext http) => http.Response switch
    {
        { HasStarted: false, ContentType: null, ContentLength: null, StatusCode: 400 } => Write(http, FoundationRefusals.InvalidBody.With(("field", UnreadPart.NameIn(http)))),
        { HasStarted: false, ContentType: null, ContentLength: null, StatusCode: var status } when OfStatus(status) is { } refusal => Write(http, refusal),
        _ => Task.CompletedTask,
    };

    private static Refusal? OfStatus(int status) => status switch
    {
        404 => FoundationRefusals.NotFound,
        405 => FoundationRefusals.MethodNotAllowed,
        413 => FoundationRefusals.BodyTooLarge,
        415 => FoundationRefusals.UnsupportedMediaType,
        _ => null,
    };

    private static string Title(string code) => string.Create(code.Length, code, (span, text) =>
    {
        text.AsSpan().ToLowerInvariant(span);
        span.Replace('_', ' ');
        if (span.Length > 0) span[0] = char.ToUpperInvariant(span[0]);
    });

    /// <summary>The last catch: logs a bug once with its request id and answers the same shape as every refusal.</summary>
    public static async Task Answer(HttpContext http, Exception problem, ILogger log)
    {
        if (http.RequestAborted.IsCancellationRequested && problem is OperationCanceledException && !http.Items.ContainsKey("timed_out")) { http.Response.StatusCode = 499; return; }
        var refusal = problem is OperationCanceledException ? FoundationRefusals.TimedOut : Of(problem);
        if (refusal.Status >= 500) log.LogError(problem, "request_failed {RequestId} {Code}", http.TraceIdentifier, refusal.Code);
        if (http.Response.HasStarted) { http.Abort(); return; }
        http.Response.Headers.Remove("Content-Type");
        await Write(http, refusal);
    }
}

/// <summary>How the host shows a refusal to a person at a page. Answers false, having written nothing, when the request is not from a page.</summary>
public sealed record RefusalPage(Func<HttpContext, Refusal, Task<bool>> Show);
