using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>unverified → active, by the link's token (24 hours) or by address and code (10 minutes, five tries). One statement checks and uses
/// up the secret: of many at once, one succeeds. Every failure is the same refusal.</summary>
public static class VerifyEmail
{
    /// <summary>Either the token, or the address with the code.</summary>
    public sealed record Body(string? Token = null, string? Email = null, string? Code = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/verify-email", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(VerifyEmail)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret());

    /// <summary>A wrong code is counted, so this commits also when it refuses.</summary>
    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        var confirmed = await identity.Database.InTransaction(async tx =>
        {
            var account = await Use(tx, identity, body);
            if (account is not null) await Activated(tx, caller, account);
            return account is not null;
        }, stop);
        return confirmed ? new Done() : IdentityRefusals.VerificationFailed;
    }

    private sealed record Confirmed(AccountId Id, string Email, string DisplayName, string Language, string Zone);

    private static Task<Confirmed?> Use(Transaction tx, IdentityParts identity, Body body)
    {
        if (Secret.LooksLikeOne(body.Token)) return tx.Find<Confirmed>(UseLink, new { token = Secret.Hash(body.Token!), now = tx.Now });
        if (body.Code is { Length: VerificationCodes.Digits } code && EmailAddress.TryParse(body.Email, out var email))
            return tx.Find<Confirmed>(UseCode, new { key = email.Key, code = identity.Codes.Hash(email, code), now = tx.Now });
        return Task.FromResult<Confirmed?>(null);
    }

    private static async Task Activated(Transaction tx, Caller caller, Confirmed account)
    {
        await Recipients.Put(tx, account.Id.Value, account.Email, account.DisplayName, account.Language, account.Zone);
        await tx.Audit(caller, "account.email_verified", "account", account.Id.ToString(), before: new { state = AccountState.Unverified }, after: new { state = AccountState.Active },
            personal: (account.Id.Value, new { email = account.Email, address = caller.Address?.ToString() }));
        await tx.Publish(new AccountChanged(account.Id.Value));
    }

    // A suspended account stays suspended; its address is confirmed all the same.
    private const string Activate = """
        update identity.accounts a
        set state = case when a.state = 'unverified' then 'active' else a.state end, email_verified_at = @now, changed_at = @now,
            display_name = u.display_name, language = u.language, zone = u.zone, password_hash = u.password_hash
        """;

    private const string ActivateWhom = """
        where a.id = u.account_id and a.email_verified_at is null
        returning a.id, a.email, a.display_name, a.language, a.zone
        """;

    private const string UseLink = $"""
        with used as (
            update identity.email_verifications v set used_at = @now where v.token_hash = @token and v.used_at is null and v.link_expires_at > @now
            returning v.account_id, v.display_name, v.language, v.zone, v.password_hash)
        {Activate} from used u {ActivateWhom}
        """;

    private const string UseCode = $"""
        with tried as (
            update identity.email_verifications v set tries = v.tries + 1, used_at = case when v.code_hash = @code then @now end
            from identity.accounts a
            where a.id = v.account_id and a.email_key = @key and v.used_at is null and v.tries < 5 and v.code_expires_at > @now
            returning v.account_id, v.display_name, v.language, v.zone, v.password_hash, v.used_at),
        used as (select account_id, display_name, language, zone, password_hash from tried where used_at is not null)
        {Activate} from used u {ActivateWhom}
        """;
}
