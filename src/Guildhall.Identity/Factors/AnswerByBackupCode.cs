using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>Answers a challenge by one of the ten backup codes. The person is told, and how many are left.</summary>
public static class AnswerByBackupCode
{
    /// <inheritdoc cref="AnswerByTotp.Body"/>
    public sealed record Body(string ChallengeToken, string Code, bool Remember = false, string? DeviceToken = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/challenges/{id}/backup-code", async (ChallengeId id, Body body, HttpContext http, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).Tokens(http))
        .WithName(nameof(AnswerByBackupCode)).ForAnyone().Limited(RateClass.Auth).Produces<TokenPair>();

    public static Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, ChallengeId id, Body body, CancellationToken stop) =>
        AnswerChallenge.Run(identity, caller, id, body.ChallengeToken, ProofMethod.BackupCode, async (tx, challenge) =>
        {
            if (!await BackupCodes.Use(tx, identity, challenge.AccountId, body.Code)) return false;
            await Tell(tx, identity, caller, challenge.AccountId);
            return true;
        }, stop, body.Remember, body.DeviceToken);

    private static async Task Tell(Transaction tx, IdentityParts identity, Caller caller, AccountId account)
    {
        var left = await BackupCodes.Left(tx, account);
        await tx.Audit(caller, "factor.backup_code_used", "account", account.ToString(), before: new { left = left + 1 }, after: new { left });
        await Notify.Person(tx, account.Value, "backup_code_used", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["left"] = left.ToString(CultureInfo.InvariantCulture), ["when"] = SafetyNotices.When(tx), ["link"] = $"{identity.Options.Issuer}/account/security",
        });
    }
}
