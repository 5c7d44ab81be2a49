using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Impersonation;

/// <summary>Ends a look. The looker goes on with the session they came from, which was never touched.</summary>
public static class StopImpersonating
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/impersonation/actions/stop", async (HttpContext http, Caller caller, IdentityParts identity, SessionCookie cookie, CancellationToken stop) =>
        {
            var result = await Run(identity, caller, stop);
            if (result.Granted && caller.ByCookie) cookie.LookNoMore(http);
            return result.ToHttp();
        })
        .WithName(nameof(StopImpersonating)).RequiresSignIn().AlsoWhileImpersonating();

    /// <summary>When it returns, no node accepts the session.</summary>
    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller is not { AccountId: { } account, SessionId: { } session, ImpersonatedBy: not null }) return IdentityRefusals.NotLooking;
        var id = new SessionId(session);
        await identity.Database.InTransaction(async tx =>
        {
            if (await tx.ChangeNow("update identity.sessions set ended_at = @now, ended_why = 'ended_by_staff' where id = @id and ended_at is null", new { id, now = tx.Now }) == 0) return;
            await tx.Audit(caller, "account.impersonation_stopped", "account", new AccountId(account).ToString(), after: new { session = id });
            await tx.EnqueueNow(new TellOfImpersonation(id), id.ToString());
            await tx.Publish(new AccountChanged(account));
        }, stop);
        await identity.ReachEveryNode(account);
        return new Done();
    }
}
