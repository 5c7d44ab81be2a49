using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>Ten new backup codes; the old ones are void. All other sessions end, as after every change of factors.</summary>
public static class ReissueBackupCodes
{
    /// <param name="BackupCodes">Each signs in once. Nobody can show them again.</param>
    public sealed record Answer(IReadOnlyList<string> BackupCodes);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/backup-codes", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp(success: 201))
        .WithName(nameof(ReissueBackupCodes)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<Answer>(201);

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller.AccountId is not { } id) return FoundationRefusals.SignInFirst;
        var account = new AccountId(id);
        var codes = BackupCodes.Make(identity, account);
        var result = await identity.Database.InTransaction<Result<Answer>>(async tx =>
        {
            await CompleteSignIn.Lock(tx, account);
            if ((await Proof.SecondFactors(tx, account)).Count == 0) return IdentityRefusals.NoSecondFactor;
            var left = await BackupCodes.Left(tx, account);
            await BackupCodes.Put(tx, account, codes);
            await FactorChange.Finish(tx, identity, caller, account, "backup_codes_issued", before: new { left }, after: new { left = BackupCodes.Count });
            return new Answer(codes.Texts);
        }, stop);
        if (result.Granted) await identity.ReachEveryNode(id);
        return result;
    }
}
