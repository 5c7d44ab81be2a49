using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Impersonation;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Identity.Sessions;

/// <summary>Marks a route that brings a secret of its own (sign-in, refresh): a dead token or cookie beside it is ignored instead of refused.</summary>
internal sealed record BringsOwnSecret;

/// <summary>Finds the caller of a request. A bearer token beats the cookie; a token that is no good is refused, never taken for nobody;
/// an unsafe request that a browser sends with our cookie from another site is refused.</summary>
internal sealed class SessionDoor
{
    private readonly AccessTokens _tokens;
    private readonly CheckSession _sessions;
    private readonly SessionCookie _cookie;
    private readonly IdentityOptions _options;
    private readonly TimeProvider _clock;
    private readonly Database _database;

    public SessionDoor(IServiceProvider services)
    {
        _tokens = services.GetRequiredService<AccessTokens>();
        _sessions = services.GetRequiredService<CheckSession>();
        _cookie = services.GetRequiredService<SessionCookie>();
        _options = services.GetRequiredService<IdentityOptions>();
        _clock = services.GetRequiredService<TimeProvider>();
        _database = services.GetRequiredService<Database>();
        Revocation.Listen(services.GetRequiredService<NodeChannel>(), _sessions);
    }

    // The way of a trusted session has no await and allocates the caller only.
    public Task Enter(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not { } endpoint || RequestPipeline.RuleOf(endpoint) is null) return IsPersonLost(http) && _cookie.Read(http) is { } held ? ByCookieIfAny(http, next, held) : next(http);
        if (http.Request.Headers.Authorization is { Count: > 0 } authorization) return ByToken(http, next, endpoint, authorization);
        return _cookie.Read(http) is { } cookie ? ByCookie(http, next, endpoint, cookie) : next(http);
    }

    private Task ByToken(HttpContext http, RequestDelegate next, Endpoint endpoint, Microsoft.Extensions.Primitives.StringValues authorization)
    {
        const string scheme = "Bearer ";
        var now = _clock.GetUtcNow();
        var token = authorization is [{ } text] && text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? _tokens.Verify(text.AsSpan(scheme.Length), now) : null;
        if (token is null) return Refuse(http, next, endpoint, IdentityRefusals.InvalidToken);
        if (now >= token.ExpiresAt) return Refuse(http, next, endpoint, IdentityRefusals.TokenExpired);

        if (!MustRead(endpoint) && _sessions.Trusted(token.Session) is { } known)
            return IsHeldBy(known, token) && known.LivesAt(now) ? Go(http, next, known) : Refuse(http, next, endpoint, IdentityRefusals.SessionExpired);
        return ReadThenGo();

        async Task ReadThenGo()
        {
            var session = await _sessions.Read(token.Session, http.RequestAborted, isUse: !IsByItself(http));
            if (session is not null && IsHeldBy(session, token) && session.LivesAt(now)) await Go(http, next, session);
            else await Refuse(http, next, endpoint, IdentityRefusals.SessionExpired);
        }
    }

    private async Task ByCookie(HttpContext http, RequestDelegate next, Endpoint endpoint, string cookie)
    {
        var session = Secret.LooksLikeOne(cookie) && Digest.TryOf(cookie, out var digest)
            ? (MustRead(endpoint) ? null : _sessions.Trusted(digest)) ?? await _sessions.Read(digest, http.RequestAborted, isUse: !IsByItself(http))
            : null;
        if (session is { Kind: SessionKind.Cookie } && session.LivesAt(_clock.GetUtcNow()))
        {
            if (SiteCheck.Refuses(http, _options)) await Problems.Write(http, IdentityRefusals.CrossSite);
            else await Go(http, next, session);
            return;
        }
        var program = http.Request.IsToApi();
        if (program && RequestPipeline.RuleOf(endpoint)!.Access is not RouteAccess.Anyone) await Problems.Write(http, IdentityRefusals.SessionExpired);
        else await next(http);
    }

    // A person at an address that does not exist is told so in the frame of who they are.
    private static bool IsPersonLost(HttpContext http) => HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept is [{ } accept] && accept.Contains("text/html", StringComparison.Ordinal);

    private async Task ByCookieIfAny(HttpContext http, RequestDelegate next, string cookie)
    {
        var session = Secret.LooksLikeOne(cookie) && Digest.TryOf(cookie, out var digest) ? _sessions.Trusted(digest) ?? await _sessions.Read(digest, http.RequestAborted) : null;
        if (session is { Kind: SessionKind.Cookie } && session.LivesAt(_clock.GetUtcNow())) await Go(http, next, session);
        else await next(http);
    }

    private static bool IsHeldBy(Session session, AccessToken token) =>
        session.Kind is SessionKind.Bearer && session.Account.Value == token.Account && session.Epoch == token.Epoch;

    // A page that refreshes itself says so: nobody has to be sitting before it.
    private static bool IsByItself(HttpContext http) => http.Request.Headers.ContainsKey("X-By-Itself");

    private static bool MustRead(Endpoint endpoint) => endpoint.Metadata.GetMetadata<FreshSession>() is not null;

    private Task Go(HttpContext http, RequestDelegate next, Session session)
    {
        http.SetCaller(session.CallerOf(http));
        return session.ImpersonatedBy is null ? next(http) : LookThenGo();

        async Task LookThenGo()
        {
            await ImpersonateAccount.NoteLook(_database, http);
            await next(http);
        }
    }

    private static Task Refuse(HttpContext http, RequestDelegate next, Endpoint endpoint, Refusal refusal) =>
        endpoint.Metadata.GetMetadata<BringsOwnSecret>() is not null ? next(http) : Problems.Write(http, refusal);
}
