using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>A person changes their own name, language or zone. What is not sent stays.</summary>
public static class ChangeMe
{
    public sealed record Body(string? DisplayName = null, string? Language = null, string? Zone = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPatch("/me", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(ChangeMe)).RequiresSignIn().Produces<MeView>();

    public static async Task<Result<MeView>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        if (ProfileRules.Refuse(
            ("displayName", body.DisplayName is { } name ? ProfileRules.NameObjection(name) : null),
            ("language", body.Language is { } language ? ProfileRules.LanguageObjection(language) : null),
            ("zone", body.Zone is { } zone ? ProfileRules.ZoneObjection(zone) : null)) is { } refusal) return refusal;

        await identity.Database.InTransaction(tx => Write(tx, caller, account, body with { DisplayName = body.DisplayName is { } n ? ProfileRules.CleanName(n) : null }), stop);
        await identity.ReachEveryNode(account);
        return await Me.Run(identity, caller, stop);
    }

    private static async Task Write(Transaction tx, Caller caller, Guid account, Body body)
    {
        var before = await tx.Get<AccountSummary>("select id, display_name, email, language, zone from identity.accounts where id = @account for update", new { account });
        var after = before with { DisplayName = body.DisplayName ?? before.DisplayName, Language = body.Language ?? before.Language, Zone = body.Zone ?? before.Zone };
        if (after == before) return;
        await tx.ChangeOne("update identity.accounts set display_name = @DisplayName, language = @Language, zone = @Zone, changed_at = @now where id = @account",
            new { account, after.DisplayName, after.Language, after.Zone, now = tx.Now });
        await Recipients.Put(tx, account, after.Email, after.DisplayName, after.Language, after.Zone);
        await tx.Audit(caller, "account.changed", "account", new AccountId(account).ToString(), before: new { before.Language, before.Zone }, after: new { after.Language, after.Zone },
            personal: (account, new { from = before.DisplayName, to = after.DisplayName }));
        await tx.Publish(new AccountChanged(account));
    }
}
