using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Impersonation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Ends the session the request came with. Nobody to sign out is also fine: the wish is fulfilled.</summary>
public static class SignOut
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/sign-out", async (HttpContext http, Caller caller, IdentityParts identity, SessionCookie cookie, CancellationToken stop) =>
        {
            if (caller.ImpersonatedBy is not null) return await StopLooking(http, caller, identity, cookie, stop);
            await Run(identity, caller, stop);
            Forget(http, cookie);
            return Results.NoContent();
        })
        .WithName(nameof(SignOut)).ForAnyone().AlsoWhileImpersonating();

    // Who looks as somebody signs out of that; the session they came from was never touched.
    private static async Task<IResult> StopLooking(HttpContext http, Caller caller, IdentityParts identity, SessionCookie cookie, CancellationToken stop)
    {
        var result = await StopImpersonating.Run(identity, caller, stop);
        if (result.Granted && caller.ByCookie) cookie.LookNoMore(http);
        return result.ToHttp();
    }

    /// <summary>When it returns, no node accepts the session.</summary>
    public static async Task<Done> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller is not { SessionId: { } session, AccountId: { } account }) return default;
        await identity.Database.InTransaction(async tx =>
        {
            if (await tx.ChangeNow("update identity.sessions set ended_at = @now, ended_why = 'signed_out' where id = @session and ended_at is null", new { session, now = tx.Now }) == 0) return;
            await tx.Audit(caller, "session.ended", "session", new SessionId(session).ToString(), after: new { why = SessionEnd.SignedOut });
            await tx.Publish(new AccountChanged(account));
        }, stop);
        await identity.ReachEveryNode(account);
        return default;
    }

    /// <summary>The same for who goes on to a page: the choices of language and look, and what the device is known by, are not the session's and stay.</summary>
    public static void ForgetPages(HttpContext http, SessionCookie cookie)
    {
        cookie.Clear(http);
        http.Response.Headers["Clear-Site-Data"] = "\"storage\"";
    }

    /// <summary>Takes cookies and stored data from a program's browser.</summary>
    public static void Forget(HttpContext http, SessionCookie cookie)
    {
        cookie.Clear(http);
        http.Response.Headers["Clear-Site-Data"] = "\"cookies\", \"storage\"";
    }
}
