using Guildhall.Foundation;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Identity.Sessions;

/// <summary>The browser's hold on its session: 256 random bits, stored hashed, never readable by script. <c>__Host-guildhall</c> over https;
/// plain <c>guildhall</c> only on loopback in sandbox mode or Development; anything else stops the start.</summary>
public sealed class SessionCookie
{
    private static readonly TimeSpan DeviceKept = TimeSpan.FromDays(365);
    private readonly CookieOptions _options;

    internal SessionCookie(IdentityOptions options)
    {
        var https = string.Equals(options.Product.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);
        if (!https && !(options.PlainHttpAllowed && options.Product.IsLoopback))
            throw new InvalidOperationException($"{options.Product} is not https: sessions in cookies need https, except in sandbox mode on this machine.");
        Name = https ? "__Host-guildhall" : "guildhall";
        _options = new CookieOptions { HttpOnly = true, Secure = https, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
    }

    /// <summary>The cookie's name in this deployment.</summary>
    public string Name { get; }

    private string DeviceName => Name + "-device";
    private string ChallengeName => Name + "-challenge";

    /// <summary>Gives the browser the session that was opened, and what its device is known by. It forgets the session when no extension can
    /// keep it any longer; whether it lives is the row's to say.</summary>
    public void Write(HttpContext http, SignedIn signedIn)
    {
        http.Response.Cookies.Append(Name, signedIn.CookieToken ?? throw new ArgumentException("This session is not held by a cookie.", nameof(signedIn)),
            new CookieOptions(_options) { MaxAge = SessionLimits.Longest });
        if (http.Request.Cookies.ContainsKey(ChallengeName)) http.Response.Cookies.Delete(ChallengeName, _options);
        if (signedIn.DeviceToken is { } device) http.Response.Cookies.Append(DeviceName, device, new CookieOptions(_options) { MaxAge = DeviceKept });
    }

    /// <summary>Keeps the second step that comes next, until it is done or too late.</summary>
    public void Write(HttpContext http, ChallengeView offer) =>
        http.Response.Cookies.Append(ChallengeName, $"{offer.Id}.{offer.Token}", new CookieOptions(_options) { MaxAge = Challenges.Lifetime });

    /// <summary>The second step that this browser is at, if any; its token may be forged or over.</summary>
    public (ChallengeId Id, string Token)? Challenge(HttpContext http) =>
        http.Request.Cookies.TryGetValue(ChallengeName, out var value) && value.Split('.') is [var id, var token] && Id.TryParse<ChallengeId>(id, out var challenge) && Secret.LooksLikeOne(token)
            ? (challenge, token) : null;

    /// <summary>Lays the session of a member of staff aside and gives the browser the one in which they look as somebody else.</summary>
    public void LookAs(HttpContext http, SignedIn looking)
    {
        if (Read(http) is { } own) http.Response.Cookies.Append(AsideName, own, new CookieOptions(_options) { MaxAge = Impersonation.ImpersonateAccount.Lasts });
        Write(http, looking);
    }

    /// <summary>Gives the browser back the session that was laid aside; without one it is signed out.</summary>
    public void LookNoMore(HttpContext http)
    {
        if (http.Request.Cookies.TryGetValue(AsideName, out var own) && Tokens.Secret.LooksLikeOne(own))
            http.Response.Cookies.Append(Name, own, new CookieOptions(_options) { MaxAge = SessionLimits.Absolute });
        else Clear(http);
        http.Response.Cookies.Delete(AsideName, _options);
    }

    private string AsideName => Name + "-aside";

    /// <summary>What this browser is known by, when it has signed in before.</summary>
    public string? Device(HttpContext http) => http.Request.Cookies.TryGetValue(DeviceName, out var value) ? value : null;

    /// <summary>Takes the session away from the browser.</summary>
    public void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, _options);

    internal string? Read(HttpContext http) => http.Request.Headers.Cookie.Count > 0 && http.Request.Cookies.TryGetValue(Name, out var value) ? value : null;
}
