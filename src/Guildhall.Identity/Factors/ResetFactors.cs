using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>Staff take all second factors of somebody who lost them: app, passkeys, backup codes. All their sessions end, they are told, the audit keeps why.
/// They sign in with what is left and set up new ones.</summary>
public static class ResetFactors
{
    public sealed record Body(string Why);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/accounts/{id}/actions/reset-factors", async (AccountId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body.Why, stop)).ToHttp())
        .WithName(nameof(ResetFactors)).Requires(IdentityPermissions.FactorReset).RequiresStepUp();

    private sealed record Had(bool Totp, int Passkeys, int BackupCodes);

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, AccountId id, string why, CancellationToken stop)
    {
        if (caller.Is(id.Value)) return IdentityRefusals.NotYourself;
        if (ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal) return refusal;
        var result = await identity.Database.InTransaction<Result<Done>>(async tx =>
        {
            if (await tx.Find<AccountId?>("select id from identity.accounts where id = @id for no key update", new { id }) is null) return FoundationRefusals.NotFound;
            var had = await tx.Get<Had>(Read, new { id });
            if (had is { Totp: false, Passkeys: 0 }) return IdentityRefusals.NoSecondFactor;
            await tx.Change("delete from identity.totp where account_id = @id", new { id });
            await tx.Change("delete from identity.passkeys where account_id = @id", new { id });
            await EndAllSessions.Bump(tx, id);
            await FactorChange.Finish(tx, identity, caller, id, "factors_reset", before: had, after: new { totp = false, passkeys = 0, backupCodes = 0 }, why: why);
            return new Done();
        }, stop);
        if (result.Granted) await identity.ReachEveryNode(id.Value);
        return result;
    }

    private const string Read = """
        select exists (select 1 from identity.totp where account_id = @id and confirmed_at is not null) as totp,
            (select count(*)::int from identity.passkeys where account_id = @id) as passkeys,
            (select count(*)::int from identity.backup_codes where account_id = @id and used_at is null) as backup_codes
        """;
}
