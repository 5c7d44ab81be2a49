using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>What a person has besides the password.</summary>
/// <param name="Totp">Since when an authenticator app is set up; null without one.</param>
/// <param name="BackupCodesLeft">Backup codes that were not used yet.</param>
/// <param name="BackupCodesIssued">When the present set was made.</param>
/// <param name="Needed">A role of theirs needs a second factor.</param>
public sealed record FactorsView(DateTimeOffset? Totp, int BackupCodesLeft, DateTimeOffset? BackupCodesIssued, int Passkeys, bool Needed);

/// <summary>One's own factors: what is set up and how many backup codes are left, never the secrets themselves.</summary>
public static class ReadFactors
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/auth/factors", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp())
        .WithName(nameof(ReadFactors)).RequiresSignIn().ChecksSessionRow().WithMetadata(new OpenBeforeSecondFactor()).Produces<FactorsView>();

    public static async Task<Result<FactorsView>> Run(IdentityParts identity, Caller caller, CancellationToken stop) =>
        caller.AccountId is { } account ? (await identity.Database.Find<FactorsView>(Read, new { account }, stop))! : FoundationRefusals.SignInFirst;

    private const string Read = """
        select (select confirmed_at from identity.totp where account_id = @account) as totp,
            (select count(*)::int from identity.backup_codes where account_id = @account and used_at is null) as backup_codes_left,
            (select max(created_at) from identity.backup_codes where account_id = @account) as backup_codes_issued,
            (select count(*)::int from identity.passkeys where account_id = @account) as passkeys,
            exists (select 1 from identity.account_roles r join identity.roles n on n.name = r.role where r.account_id = @account and n.needs_second_factor) as needed
        """;
}
