using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Foundation.Http;

/// <summary>What the deployment says about how it is reached.</summary>
/// <param name="Product">Public address: the one host that is answered for.</param>
/// <param name="Strict">Production: nothing but that host, and over https only.</param>
/// <param name="Origins">Other sites whose scripts may call the API with a bearer token, as <c>https://host[:port]</c>.</param>
public sealed record FrontDoorOptions(Uri Product, bool Strict, IReadOnlySet<string> Origins);

/// <summary>Who is let in before any route is looked for: the right host, over https, by a method that exists; and which foreign scripts may read
/// the answers of the API. No answer ever allows cookies to come along from another site.</summary>
public static class FrontDoor
{
    private const string Methods = "GET, POST, PUT, PATCH, DELETE", Headers = "Authorization, Content-Type, Idempotency-Key", Exposed = "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed";

    // What the server makes of a Content-Length beside Transfer-Encoding, which it follows.
    private const string Overruled = "X-Content-Length";

    /// <summary>After the request id and the headers, and after the scheme and address of a trusted proxy were taken over; before routing.</summary>
    public static void UseFrontDoor(this WebApplication app, FrontDoorOptions options)
    {
        var https = string.Equals(options.Product.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);
        app.Use((http, next) =>
        {
            var method = http.Request.Method;
            if (method is "TRACE" or "TRACK" or "CONNECT") return Problems.Write(http, FoundationRefusals.MethodNotAllowed);
            if (http.Request.Headers.ContainsKey(Overruled)) return TwoLengths(http);
            // Probes of load balancers know a node by its address.
            var isProbe = http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
            if (!isProbe && !Answers(options, http.Request.Host.Host)) return Problems.Write(http, FoundationRefusals.WrongHost);
            if (!isProbe && options.Strict && https && !http.Request.IsHttps) return ByHttps(http, options);
            return http.Request.IsToApi() && IsPreflight(http, options) ? Task.CompletedTask : next(http);
        });
    }

    // Two ways to say where the body ends are how one request is hidden in another: whoever stood between us may have read it the other way.
    private static Task TwoLengths(HttpContext http)
    {
        http.Response.Headers.Connection = "close";
        return Problems.Write(http, FoundationRefusals.GivenTwice.With(("field", "Content-Length")));
    }

    private static bool Answers(FrontDoorOptions options, string host) =>
        string.Equals(host, options.Product.Host, StringComparison.OrdinalIgnoreCase) || (!options.Strict && host is "localhost" or "127.0.0.1" or "[::1]");

    // A program that talks in the clear has to be told, not helped: its token was already readable. A person who typed the address is led on.
    private static Task ByHttps(HttpContext http, FrontDoorOptions options)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || http.Request.IsToApi()) return Problems.Write(http, FoundationRefusals.HttpsRequired);
        http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        http.Response.Headers.Location = options.Product.GetLeftPart(UriPartial.Authority) + http.Request.PathBase + http.Request.Path + http.Request.QueryString;
        return Task.CompletedTask;
    }

    // Answers whether this was a browser asking beforehand, and has been answered.
    private static bool IsPreflight(HttpContext http, FrontDoorOptions options)
    {
        var answer = http.Response.Headers;
        answer.Append("Vary", "Origin");
        if (http.Request.Headers.Origin is not [{ } origin] || !options.Origins.Contains(origin)) return false;
        answer.AccessControlAllowOrigin = origin;
        answer.AccessControlExposeHeaders = Exposed;
        if (!HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers.AccessControlRequestMethod.Count == 0) return false;
        answer.AccessControlAllowMethods = Methods;
        answer.AccessControlAllowHeaders = Headers;
        answer.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
