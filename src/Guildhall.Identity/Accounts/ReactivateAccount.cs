using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>suspended → active, or back to unverified when the address was never confirmed. Sessions stay ended.</summary>
public static class ReactivateAccount
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/accounts/{id}/actions/reactivate", async (AccountId id, SuspendAccount.Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body.Why, stop)).ToHttp())
        .WithName(nameof(ReactivateAccount)).Requires(IdentityPermissions.AccountSuspend);

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, AccountId id, string why, CancellationToken stop)
    {
        if (ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal) return refusal;
        var result = await identity.Database.InTransaction<Result<Done>>(async tx =>
        {
            if (await tx.ChangeNow(Reactivate, new { id, now = tx.Now }) == 0)
                return await tx.Find<AccountId?>("select id from identity.accounts where id = @id", new { id }) is null ? FoundationRefusals.NotFound : IdentityRefusals.WrongAccountState;
            await tx.Audit(caller, "account.reactivated", "account", id.ToString(), before: new { state = AccountState.Suspended }, why: why);
            await tx.Publish(new AccountChanged(id.Value));
            return new Done();
        }, stop);
        if (result.Granted) await identity.ReachEveryNode(id.Value);
        return result;
    }

    private const string Reactivate = """
        update identity.accounts set state = case when email_verified_at is null then 'unverified' else 'active' end, changed_at = @now where id = @id and state = 'suspended'
        """;
}
