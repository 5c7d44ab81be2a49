using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Guildhall.Foundation.Http;

/// <summary>One log event for each refusal that somebody who watches over the product wants to see, by category: who was not let in, who was not
/// allowed, who tried to get around a rule, who was too fast, what did not work. Names and ids only, never what was sent.</summary>
internal static class SecurityEvents
{
    /// <summary>Where a request keeps the refusal that it was answered with.</summary>
    public static readonly object Said = new();

    // An honest client does not meet these.
    private static readonly HashSet<string> Bypass = new(StringComparer.Ordinal)
    {
        "cross_site_refused", "antiforgery_failed", "server_decides", "invalid_token", "given_twice", "wrong_host", "https_required", "webhook_not_trusted",
    };

    public static string? CategoryOf(Refusal refusal) => refusal switch
    {
        _ when Bypass.Contains(refusal.Code) => "bypass",
        { Status: 401 } => "authentication",
        { Status: 403 } => "authorization",
        { Status: 429 } => "limit",
        { Status: >= 500 } => "failure",
        _ => null,
    };

    public static void Note(HttpContext http, ILogger log)
    {
        if (http.Items.TryGetValue(Said, out var said) is false || said is not Refusal refusal || CategoryOf(refusal) is not { } category) return;
        var caller = http.Caller();
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        log.Log(category is "bypass" or "authorization" ? LogLevel.Warning : LogLevel.Information, "security_event {Category} {Code} {RequestId} {Method} {Route} {Account} {Session} {Address}",
            category, refusal.Code, http.TraceIdentifier, MethodOf(http), route, caller.AccountId, caller.SessionId, caller.Address);
    }

    // A method is what the client wrote: only the known ones are written on.
    private static string MethodOf(HttpContext http) => http.Request.Method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" or "TRACE" ? http.Request.Method : "other";
}
