using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>The new address takes the place of the old one, by the link's token (24 hours) or the code (10 minutes, five tries), signed in as the account that asked: a link
/// that is pressed by somebody else gives that account nothing. Whatever ended all sessions since made it void. Every failure is the same refusal.</summary>
public static class ConfirmEmailChange
{
    /// <summary>Either of the two.</summary>
    public sealed record Body(string? Token = null, string? Code = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/me/email/actions/confirm", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(ConfirmEmailChange)).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth);

    private sealed record Person(string Email, string DisplayName, string Language, string Zone);

    /// <summary>A wrong code is counted, so this commits also when it refuses.</summary>
    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        var confirmed = await identity.Database.InTransaction(async tx =>
        {
            var id = new AccountId(account);
            var locked = await CompleteSignIn.Lock(tx, id);
            return locked.State is AccountState.Active && await Use(tx, identity, id, locked.Epoch, body) is { } email && await Take(tx, caller, id, email);
        }, stop);
        if (!confirmed) return IdentityRefusals.VerificationFailed;
        await identity.ReachEveryNode(account);
        return new Done();
    }

    private sealed record Tried(string Email, DateTimeOffset? UsedAt);

    private static async Task<EmailAddress?> Use(Transaction tx, IdentityParts identity, AccountId account, int epoch, Body body)
    {
        if (await tx.Find<string>("select email from identity.email_changes where account_id = @account and epoch = @epoch for update", new { account, epoch }) is not { } asked) return null;
        EmailAddress.TryParse(asked, out var email);
        var tried = Secret.LooksLikeOne(body.Token) ? await tx.Find<Tried>(UseLink, new { account, token = Secret.Hash(body.Token!), now = tx.Now })
            : body.Code is { Length: VerificationCodes.Digits } code ? await tx.Find<Tried>(UseCode, new { account, code = identity.Codes.Hash(email, code), now = tx.Now }) : null;
        return tried is { UsedAt: not null } ? email : null;
    }

    // Somebody else may have taken the address meanwhile: the constraint says so, and nothing is changed.
    private static async Task<bool> Take(Transaction tx, Caller caller, AccountId account, EmailAddress email)
    {
        var before = await tx.Get<Person>("select email, display_name, language, zone from identity.accounts where id = @account", new { account });
        if (!await tx.Attempt(() => tx.ChangeOne(Store, new { account, email = email.Text, key = email.Key, now = tx.Now }), "accounts_email_key_key")) return false;
        await Recipients.Put(tx, account.Value, email.Text, before.DisplayName, before.Language, before.Zone);
        await tx.Change("update identity.password_resets set used_at = @now where account_id = @account and used_at is null", new { account, now = tx.Now });
        await Notify.Person(tx, account.Value, "email_changed", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/account" });
        await Notify.Person(tx, account.Value, "email_changed_from", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/" }, to: before.Email);
        await tx.Audit(caller, "account.email_changed", "account", account.ToString(), personal: (account.Value, new { from = before.Email, to = email.Text }));
        await tx.Publish(new AccountChanged(account.Value));
        return true;
    }

    private const string Store = """
        update identity.accounts set email = @email, email_key = @key, email_verified_at = @now, changed_at = @now where id = @account
        """;

    private const string UseLink = """
        update identity.email_changes set used_at = @now where account_id = @account and token_hash = @token and used_at is null and link_expires_at > @now returning email, used_at
        """;

    private const string UseCode = """
        update identity.email_changes set tries = tries + 1, used_at = case when code_hash = @code then @now end
        where account_id = @account and used_at is null and tries < 5 and code_expires_at > @now returning email, used_at
        """;
}
