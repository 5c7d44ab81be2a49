using Guildhall.Foundation.Security;
using Guildhall.Foundation.Telemetry;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Guildhall.Foundation.Http;

/// <summary>What every request goes through, in this order: request id and headers, the last catch and the time limit, routing, the caller,
/// the rate limit, the route's rule, idempotency.</summary>
public static class RequestPipeline
{
    internal static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    // A handler that does not listen to the token is left this much longer; then the connection ends, whatever it does.
    private static readonly TimeSpan Deaf = TimeSpan.FromSeconds(5);

    // Chromium applies form-action to the redirect that follows a form too, so the hosted pages a form may lead to are named.
    private const string ContentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action {0}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; manifest-src 'self'";

    /// <summary>Request id, security headers, last catch. First in the pipeline.</summary>
    /// <param name="formTargets">Origins besides our own that a form may lead to (hosted payment pages).</param>
    public static void UseGuildhallPipeline(this WebApplication app, bool https, params string[] formTargets)
    {
        StringValues policy = string.Format(System.Globalization.CultureInfo.InvariantCulture, ContentSecurity, string.Join(' ', ["'self'", .. formTargets]));
        StringValues nosniff = "nosniff", referrer = "no-referrer", deny = "DENY", opener = "same-origin", store = "no-store",
            transport = "max-age=63072000; includeSubDomains", features = "camera=(), microphone=(), geolocation=(), payment=()";
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Guildhall.Requests");
        app.Use(async (http, next) =>
        {
            var headers = http.Response.Headers;
            http.TraceIdentifier = RequestIds.Next();
            headers["X-Request-Id"] = http.TraceIdentifier;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = nosniff;
            headers["Referrer-Policy"] = referrer;
            headers.XFrameOptions = deny;
            headers["Cross-Origin-Opener-Policy"] = opener;
            headers["Cross-Origin-Resource-Policy"] = opener;
            headers["Permissions-Policy"] = features;
            headers.CacheControl = store;
            if (https) headers.StrictTransportSecurity = transport;
            try
            {
                await next(http);
                await Problems.Complete(http);
            }
            catch (Exception problem) { await Problems.Answer(http, problem, log); }
            SecurityEvents.Note(http, log);
            Tracing.Tell(http);
        });
    }

    /// <summary>Rate limit, rule of the route, time limit, idempotency. After routing and after the session check.</summary>
    public static void UseRouteRules(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        var quotas = app.Services.GetRequiredService<Quotas>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var denied = app.Services.GetRequiredService<DeniedAttempts>();
        app.Use(async (http, next) =>
        {
            if (http.GetEndpoint() is not { } endpoint)
            {
                await Problems.Write(http, FoundationRefusals.NotFound);
                return;
            }
            var rule = RuleOf(endpoint);
            if (rule is null)
            {
                await AnswerUnmarked(http, next, endpoint);
                return;
            }
            var caller = http.Caller();
            if (await limits.Check(http, caller, RateOf(endpoint)) is { } limited)
            {
                await Problems.Write(http, limited);
                return;
            }
            if ((Objection(rule, caller) ?? Objection(http, endpoint, caller, clock)) is { } objection)
            {
                if (objection.Code == FoundationRefusals.NotAllowed.Code) await denied.Note(http, caller, rule.Permission!);
                await Refuse(http, objection);
                return;
            }
            if (RequestShape.Objection(http, endpoint) is { } odd)
            {
                await Problems.Write(http, odd);
                return;
            }
            if (await quotas.Check(http, caller, endpoint) is { } usedUp)
            {
                await Problems.Write(http, usedUp);
                return;
            }
            await WithinTime(http, next, endpoint);
        });
    }

    /// <summary>The rule of an endpoint, from the route or the page.</summary>
    public static RouteRule? RuleOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RouteRule>() ?? endpoint.Metadata.GetMetadata<PageRuleAttribute>()?.Rule;

    /// <summary>Which limit an endpoint counts against.</summary>
    public static RateClass RateOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<RouteLimit>()?.Class
        ?? (endpoint.Metadata.GetMetadata<PageRuleAttribute>() is null ? RateClass.General : RateClass.Page);

    private static Refusal? Objection(RouteRule rule, Caller caller) => rule.Access switch
    {
        RouteAccess.Anyone => null,
        _ when !caller.IsSignedIn => FoundationRefusals.SignInFirst,
        RouteAccess.WithPermission when !caller.May(rule.Permission!) => FoundationRefusals.NotAllowed.With(("permission", rule.Permission!.Name)),
        _ => null,
    };

    private static Refusal? Objection(HttpContext http, Endpoint endpoint, Caller caller, TimeProvider clock)
    {
        if (caller.ImpersonatedBy is not null && !MayBeLookedAt(http, endpoint)) return FoundationRefusals.OnlyLooking;
        if (caller.LacksSecondFactor && RuleOf(endpoint)!.Access is not RouteAccess.Anyone && endpoint.Metadata.GetMetadata<OpenBeforeSecondFactor>() is null) return FoundationRefusals.SecondFactorNeeded;
        if (endpoint.Metadata.GetMetadata<StepUpRoute>() is null) return null;
        return caller.ProvenAt is { } proven && clock.GetUtcNow() - proven < StepUpRoute.Within ? null : FoundationRefusals.StepUpRequired;
    }

    private static bool MayBeLookedAt(HttpContext http, Endpoint endpoint) => endpoint.Metadata.GetMetadata<AllowedWhileImpersonating>() is not null
        || (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && endpoint.Metadata.GetMetadata<ClosedWhileImpersonatingAttribute>() is null;

    // Routing's own endpoints carry no rule: they say which method or media type an address takes. Any other route without one is shut.
    private static async Task AnswerUnmarked(HttpContext http, RequestDelegate next, Endpoint endpoint)
    {
        if (endpoint.DisplayName is "405 HTTP Method Not Supported" or "415 HTTP Unsupported Media Type") await next(http);
        else await Problems.Write(http, FoundationRefusals.NotFound);
    }

    // People at a page are sent to sign in, to prove who they are or to set up a second factor, and come back; programs get the problem document.
    private static async Task Refuse(HttpContext http, Refusal refusal)
    {
        var isForPages = !http.Request.IsToApi();
        if (isForPages && (refusal.Code == FoundationRefusals.StepUpRequired.Code || refusal.Code == FoundationRefusals.SecondFactorNeeded.Code))
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = (refusal.Code == FoundationRefusals.StepUpRequired.Code ? "/account/prove" : "/account/security") + "?returnUrl=" + Uri.EscapeDataString(await PageOf(http) ?? "/account");
            return;
        }
        if (refusal.Status != 401 || http.Request.IsToApi() || !HttpMethods.IsGet(http.Request.Method)
            || http.GetEndpoint()?.Metadata.GetMetadata<RouteLimit>()?.Class is RateClass.Stream) await Problems.Write(http, refusal);
        else http.Response.Redirect("/sign-in?returnUrl=" + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString));
    }

    /// <summary>The page itself, or the page that the form says it stands on; null when it says none. Where it may lead is checked by the page that follows it.</summary>
    public static async Task<string?> PageOf(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method)) return http.Request.Path + http.Request.QueryString;
        if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }) return null; // such a form is not read
        return http.Request.HasFormContentType && (await http.Request.ReadFormAsync(http.RequestAborted))["page"] is [{ Length: > 0 and < 500 } page] ? page : null;
    }

    private static async Task WithinTime(HttpContext http, RequestDelegate next, Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<RouteLimit>()?.Class is RateClass.Stream || HttpMethods.IsGet(http.Request.Method) && endpoint.Metadata.GetMetadata<UntimedRoute>() is not null)
        {
            await next(http);
            return;
        }
        var gone = http.RequestAborted;
        using var limit = new CancellationTokenSource(endpoint.Metadata.GetMetadata<RouteTime>()?.Limit ?? TimeLimit);
        await using var link = gone.CanBeCanceled ? gone.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit) : default;
        http.RequestAborted = limit.Token;
        var running = new Running(http);
        await using var cut = limit.Token.UnsafeRegister(static running => _ = ((Running)running!).CutOff(), running);
        try
        {
            if (await RequestShape.BeginsWithMark(http, endpoint)) await Problems.Write(http, FoundationRefusals.InvalidBody);
            else await next(http);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested) { http.Items["timed_out"] = true; throw; }
        finally
        {
            running.Ended = true;
            http.RequestAborted = gone;
        }
    }

    private sealed class Running(HttpContext http)
    {
        public volatile bool Ended;

        public async Task CutOff()
        {
            await Task.Delay(Deaf);
            if (!Ended) http.Abort();
        }
    }
}

/// <summary>A GET without I/O of ours: it is not worth a timer.</summary>
public sealed record UntimedRoute;

/// <summary>How long a request may take that reads a large body as it arrives; half a minute without it.</summary>
public sealed record RouteTime(TimeSpan Limit);

/// <summary>Ids of requests: a per-process random prefix and a counter. Unique, short, cheap.</summary>
internal static class RequestIds
{
    private static readonly string Prefix = "req_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
    private static long _last;

    public static string Next() => string.Create(null, stackalloc char[40], $"{Prefix}{Interlocked.Increment(ref _last):x8}");
}
