using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Ends all of one's sessions but the one that asks, which needs a fresh proof: it leaves its holder as the only one in, and that is what a thief
/// would want. Ending one session, or all of them with one's own, needs none: it takes access away and gives none.</summary>
public static class EndOtherSessions
{
    public sealed record Answer(int Ended);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sessions/actions/end-others", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp())
        .WithName(nameof(EndOtherSessions)).RequiresSignIn().RequiresStepUp().Produces<Answer>();

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller is not { AccountId: { } account, SessionId: { } session }) return FoundationRefusals.SignInFirst;
        var ended = await identity.Database.InTransaction(async tx =>
        {
            // Waits for a sign-in under way, so that it is either ended here or plainly later.
            await tx.Change("select id from identity.accounts where id = @account for no key update", new { account });
            var count = await tx.ChangeNow(End, new { account, session, now = tx.Now });
            await tx.Audit(caller, "session.others_ended", "account", new AccountId(account).ToString(), after: new { ended = count });
            await tx.Publish(new AccountChanged(account));
            return count;
        }, stop);
        await identity.ReachEveryNode(account);
        return new Answer(ended);
    }

    private const string End = """
        update identity.sessions set ended_at = @now, ended_why = 'ended_by_owner' where account_id = @account and id <> @session and ended_at is null
        """;
}
