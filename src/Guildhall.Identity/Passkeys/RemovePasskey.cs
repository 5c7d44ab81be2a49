using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Factors;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passkeys;

/// <summary>Takes one of one's own passkeys away. Refused while it is the only way in, or the only second factor of somebody whose role needs one.</summary>
public static class RemovePasskey
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/auth/passkeys/{id}", async (PasskeyId id, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, id, stop)).ToHttp())
        .WithName(nameof(RemovePasskey)).RequiresSignIn().RequiresStepUp();

    private sealed record Left(bool Passkey, bool Totp, bool OtherWay, bool NeedsSecondFactor);

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, PasskeyId id, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        var refusal = await identity.Database.InTransaction(tx => Write(tx, caller, new AccountId(account), id), stop);
        if (refusal is not null) return refusal;
        await identity.ReachEveryNode(account);
        return new Done();
    }

    private static async Task<Refusal?> Write(Transaction tx, Caller caller, AccountId account, PasskeyId id)
    {
        if (await OwnPasskey.Lock(tx, caller, id) is not { } passkey) return FoundationRefusals.NotFound;
        var left = await tx.Get<Left>(WhatIsLeft, new { account, id });
        if (left is { Passkey: false, OtherWay: false }) return IdentityRefusals.LastWayIn;
        if (left is { Passkey: false, Totp: false, NeedsSecondFactor: true }) return IdentityRefusals.LastSecondFactor;

        await tx.ChangeOne("delete from identity.passkeys where id = @id", new { id });
        await FactorChange.Settle(tx, caller, account);
        await tx.Audit(caller, "passkey.removed", "passkey", id.ToString(), before: new { account, passkey.CreatedAt, passkey.LastUsedAt }, personal: (account.Value, new { passkey.Name }));
        await AddPasskey.Tell(tx, account, "passkey_removed", passkey.Name, id);
        return null;
    }

    private const string WhatIsLeft = """
        select exists (select 1 from identity.passkeys where account_id = @account and id <> @id) as passkey,
            exists (select 1 from identity.totp where account_id = @account and confirmed_at is not null) as totp,
            a.password_hash is not null or a.phone_verified_at is not null as other_way,
            exists (select 1 from identity.account_roles r join identity.roles n on n.name = r.role where r.account_id = @account and n.needs_second_factor) as needs_second_factor
        from identity.accounts a where a.id = @account
        """;
}
