using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Ends one of one's own sessions. Another person's is not found.</summary>
public static class EndSession
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/sessions/{id}", async (SessionId id, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, id, stop)).ToHttp())
        .WithName(nameof(EndSession)).RequiresSignIn().ChecksSessionRow();

    /// <summary>When it grants, no node accepts the session any more.</summary>
    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, SessionId id, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        var ended = await identity.Database.InTransaction(async tx =>
        {
            if (await tx.ChangeNow(End, new { id, account, now = tx.Now }) == 1)
            {
                await tx.Audit(caller, "session.ended", "session", id.ToString(), after: new { why = SessionEnd.EndedByOwner });
                await tx.Publish(new AccountChanged(account));
                return true;
            }
            return false;
        }, stop);
        if (!ended) return FoundationRefusals.NotFound;
        await identity.ReachEveryNode(account);
        return new Done();
    }

    private const string End = "update identity.sessions set ended_at = @now, ended_why = 'ended_by_owner' where id = @id and account_id = @account and ended_at is null";
}
