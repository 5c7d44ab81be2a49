using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>Takes the authenticator app away, whether confirmed or not. The last second factor of somebody whose role needs one stays. With the last second factor the backup codes go too; all other sessions end.</summary>
public static class RemoveTotp
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/auth/totp", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp())
        .WithName(nameof(RemoveTotp)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor());

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller.AccountId is not { } id) return FoundationRefusals.SignInFirst;
        var account = new AccountId(id);
        var result = await identity.Database.InTransaction<Result<Done>>(async tx =>
        {
            await CompleteSignIn.Lock(tx, account);
            if (await tx.Get<bool>(IsNeeded, new { account })) return IdentityRefusals.LastSecondFactor;
            if (await tx.Find<bool?>("delete from identity.totp where account_id = @account returning confirmed_at is not null", new { account }) is not { } confirmed) return FoundationRefusals.NotFound;
            if (!confirmed) return new Done(); // nobody was asked for it yet
            await FactorChange.Finish(tx, identity, caller, account, "totp_removed", before: new { totp = true }, after: new { totp = false });
            return new Done();
        }, stop);
        if (result.Granted) await identity.ReachEveryNode(id);
        return result;
    }

    private const string IsNeeded = """
        select exists (select 1 from identity.totp where account_id = @account and confirmed_at is not null) and not exists (select 1 from identity.passkeys where account_id = @account)
            and exists (select 1 from identity.account_roles r join identity.roles n on n.name = r.role where r.account_id = @account and n.needs_second_factor)
        """;
}
