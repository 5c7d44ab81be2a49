using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Foundation.Telemetry;

/// <summary>Where requests, jobs and calls to outside parties leave their traces. Nothing is made while nobody listens. A span has the route's pattern and never the address, so that
/// neither ids nor what is secret in a link get into it.</summary>
public static class Tracing
{
    /// <summary>Name of the source.</summary>
    public const string Name = "Guildhall";

    /// <summary>Spans of our own; those of requests are the framework's.</summary>
    public static readonly ActivitySource Source = new(Name);

    /// <summary>What a job carries along of the trace it was made in; null when nobody records it.</summary>
    internal static string? Parent => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } now ? now.Id : null;

    /// <summary>The span of a job, in the trace that made it.</summary>
    internal static Activity? Job(string kind, int attempt, string? parent)
    {
        if (!Source.HasListeners()) return null;
        ActivityContext.TryParse(parent, traceState: null, out var context);
        var span = Source.StartActivity("job " + kind, ActivityKind.Consumer, context);
        span?.SetTag("guildhall.job.attempt", attempt);
        return span;
    }

    /// <summary>Gives the request's span its name and what came of it.</summary>
    internal static void Tell(HttpContext http)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span) return;
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        span.DisplayName = $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        span.SetTag("guildhall.request_id", http.TraceIdentifier);
        if (http.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    }
}
