namespace Guildhall.Sandbox.Pages;

/// <summary>No script and nothing from elsewhere.
/// Pages that need more (a form that ends at the merchant, a mail's own styles) say so.</summary>
internal static class SecurityHeaders
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; ";

    public static Task Add(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy + "form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";

        var fromElsewhere = context.Request.Headers["Sec-Fetch-Site"] == "cross-site" && HttpMethods.IsPost(context.Request.Method)
            && !context.Request.Path.StartsWithSegments("/theia", StringComparison.Ordinal); // a payment page that the merchant's form leads to
        if (!fromElsewhere) return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("The sandbox takes forms from its own pages only.", context.RequestAborted);
    }

    /// <summary>Chromium applies form-action to where the redirect after a post leads, so the merchant's address is named.</summary>
    public static void AllowFormsTo(HttpContext context, params string?[] addresses)
    {
        var origins = addresses.OfType<string>()
            .Select(address => new Uri(address).GetLeftPart(UriPartial.Authority))
            .Distinct(StringComparer.Ordinal);
        context.Response.Headers.ContentSecurityPolicy = Policy + "form-action 'self' " + string.Join(' ', origins);
    }

    public static void AllowMailStyles(HttpContext context) =>
        context.Response.Headers.ContentSecurityPolicy =
            Policy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal) + "form-action 'self'";
}
