namespace Guildhall.Web.Components;

/// <summary>The one place where pages keep something in the browser. Over https every cookie is bound to this host: <c>__Host-</c>, Secure, for the
/// whole site; in the sandbox on this machine the name stands plain. None is readable by script but the time zone, which the script itself sets.</summary>
public sealed class PageCookies(bool https)
{
    /// <summary>The name in this deployment.</summary>
    public string Name(string name) => https ? "__Host-" + name : name;

    internal static string? Read(HttpContext http, string name) => http.Request.Cookies[Of(http).Name(name)];

    internal static void Keep(HttpContext http, string name, string value, TimeSpan age) => http.Response.Cookies.Append(Of(http).Name(name), value, Of(http).Options(age));

    internal static void Forget(HttpContext http, string name) => http.Response.Cookies.Delete(Of(http).Name(name), Of(http).Options(null));

    private static PageCookies Of(HttpContext http) => http.RequestServices.GetRequiredService<PageCookies>();

    private CookieOptions Options(TimeSpan? age) => new() { MaxAge = age, HttpOnly = true, Secure = https, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
