using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Signs the account out everywhere, here too: one step of its epoch, which every session and token carries.
/// Needs no fresh proof: whoever does it is out too.</summary>
public static class EndAllSessions
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sessions/actions/end-all", async (HttpContext http, Caller caller, IdentityParts identity, SessionCookie cookie, CancellationToken stop) =>
        {
            var result = await Run(identity, caller, stop);
            if (result.Granted) SignOut.Forget(http, cookie);
            return result.ToHttp();
        })
        .WithName(nameof(EndAllSessions)).RequiresSignIn().ChecksSessionRow();

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        await identity.Database.InTransaction(async tx =>
        {
            await Bump(tx, new AccountId(account));
            await tx.Audit(caller, "session.all_ended", "account", new AccountId(account).ToString());
        }, stop);
        await identity.ReachEveryNode(account);
        return new Done();
    }

    internal static async Task Bump(Transaction tx, AccountId account)
    {
        await tx.ChangeOne("update identity.accounts set epoch = epoch + 1, changed_at = @now where id = @account", new { account, now = tx.Now });
        await tx.Publish(new AccountChanged(account.Value));
    }
}
