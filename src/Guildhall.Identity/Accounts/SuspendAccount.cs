using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>active or unverified → suspended. All sessions end with it; nobody signs in until <see cref="ReactivateAccount"/>.</summary>
public static class SuspendAccount
{
    public sealed record Body(string Why);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/accounts/{id}/actions/suspend", async (AccountId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body.Why, stop)).ToHttp())
        .WithName(nameof(SuspendAccount)).Requires(IdentityPermissions.AccountSuspend);

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, AccountId id, string why, CancellationToken stop)
    {
        if (caller.Is(id.Value)) return IdentityRefusals.NotYourself;
        if (ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal) return refusal;
        var result = await identity.Database.InTransaction<Result<Done>>(async tx =>
        {
            await Administrators.Lock(tx);
            var state = await tx.Find<string>("select state from identity.accounts where id = @id for no key update", new { id });
            if (state is null) return FoundationRefusals.NotFound;
            if (state is "suspended" or "erased") return IdentityRefusals.WrongAccountState;
            await tx.ChangeOne("update identity.accounts set state = 'suspended' where id = @id and state = @state", new { id, state });
            if (!await Administrators.Remain(tx)) return IdentityRefusals.LastAdministrator;
            await EndAllSessions.Bump(tx, id);
            await tx.Audit(caller, "account.suspended", "account", id.ToString(), before: new { state }, after: new { state = AccountState.Suspended }, why: why);
            return new Done();
        }, stop);
        if (result.Granted) await identity.ReachEveryNode(id.Value);
        return result;
    }
}

/// <summary>What staff write about why they act.</summary>
internal static class StaffReason
{
    public static string? Objection(string why) => why.Trim().Length is >= 3 and <= 500 ? null : "Say why, in 3 to 500 characters.";
}
