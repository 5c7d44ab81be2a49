using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passkeys;

/// <summary>Gives one of one's own passkeys another name. Another person's is not found.</summary>
public static class RenamePasskey
{
    public sealed record Body(string Name);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPatch("/auth/passkeys/{id}", async (PasskeyId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, id, body, stop)).ToHttp())
        .WithName(nameof(RenamePasskey)).RequiresSignIn().ChecksSessionRow().Produces<PasskeyView>();

    public static async Task<Result<PasskeyView>> Run(IdentityParts identity, Caller caller, PasskeyId id, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        if (ProfileRules.Refuse(("name", ProfileRules.NameObjection(body.Name))) is { } refusal) return refusal;
        var renamed = await identity.Database.InTransaction(tx => Write(tx, caller, account, id, ProfileRules.CleanName(body.Name)), stop);
        return renamed is null ? FoundationRefusals.NotFound : renamed;
    }

    private static async Task<PasskeyView?> Write(Transaction tx, Caller caller, Guid account, PasskeyId id, string name)
    {
        if (await OwnPasskey.Lock(tx, caller, id) is not { } before) return null;
        if (string.Equals(before.Name, name, StringComparison.Ordinal)) return before;
        await tx.ChangeOne("update identity.passkeys set name = @name where id = @id", new { id, name });
        await tx.Audit(caller, "passkey.renamed", "passkey", id.ToString(), personal: (account, new { from = before.Name, to = name }));
        return before with { Name = name };
    }
}

/// <summary>The passkey of a route's id.</summary>
internal static class OwnPasskey
{
    /// <summary>The caller's own, locked, under the lock of their account; null for anybody else's.</summary>
    public static async Task<PasskeyView?> Lock(Transaction tx, Caller caller, PasskeyId id)
    {
        await tx.Change("select id from identity.accounts where id = @account for no key update", new { account = caller.AccountId });
        return await tx.Find<PasskeyView>(Own, new { id, account = caller.AccountId });
    }

    private const string Own = """
        select id, name, backed_up as synced, created_at, last_used_at from identity.passkeys where id = @id and account_id = @account for update
        """;
}
