using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Identity.Sessions;

/// <summary>Where a request that carries our cookie comes from, as the browser says (Fetch Metadata, Origin). Forms carry an antiforgery token
/// besides; the API has only this, so a request to it that says nothing is refused too.</summary>
internal static class SiteCheck
{
    public static bool Refuses(HttpContext http, IdentityOptions options)
    {
        var method = http.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)) return false;
        var (site, origin) = (http.Request.Headers["Sec-Fetch-Site"], http.Request.Headers.Origin);
        if (site.Count > 0) return site is not ["same-origin" or "none"];
        if (origin.Count > 0) return !(origin is [{ } from] && string.Equals(from, options.Issuer, StringComparison.Ordinal));
        return http.Request.IsToApi();
    }
}
