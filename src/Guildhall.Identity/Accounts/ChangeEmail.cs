using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>A person wants another address. Link and code go to the new one, a notice to the old one; the old one stays until <see cref="ConfirmEmailChange"/>. An address
/// that somebody else has gets the same answer: its owner is told, and accounts are never merged.</summary>
public static class ChangeEmail
{
    /// <summary>Requests of one account an hour.</summary>
    public const int PerHour = 5;

    public sealed record Body(string Email);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/me/email", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp(success: 202))
        .WithName(nameof(ChangeEmail)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).Produces<Register.Answer>(202);

    public static async Task<Result<Register.Answer>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        if (!EmailAddress.TryParse(body.Email, out var email)) return ProfileRules.Refuse(("email", "This is not an e-mail address we can write to."))!;
        if (await identity.Limits.Hit($"email-change:{account:n}", PerHour, 3600, stop) is { } wait) return FoundationRefusals.RateLimited with { RetryAfterSeconds = wait };
        if (await ConfirmationMails.TooMany(identity, email.Key, stop) is { } limited) return limited;
        return await identity.Database.InTransaction(tx => Write(tx, identity, caller, new AccountId(account), email), stop);
    }

    private static async Task<Result<Register.Answer>> Write(Transaction tx, IdentityParts identity, Caller caller, AccountId account, EmailAddress email)
    {
        var locked = await CompleteSignIn.Lock(tx, account);
        var present = await tx.Get<string>("select email_key from identity.accounts where id = @account", new { account });
        if (string.Equals(present, email.Key, StringComparison.Ordinal)) return ProfileRules.Refuse(("email", "This is your address already."))!;

        var (token, code) = (Secret.New(), VerificationCodes.New());
        await tx.ChangeOne(Put, new
        {
            account, email = email.Text, tokenHash = Secret.Hash(token), linkExpiresAt = tx.Now + VerificationCodes.LinkLifetime,
            codeHash = identity.Codes.Hash(email, code), codeExpiresAt = tx.Now + VerificationCodes.Lifetime, locked.Epoch, now = tx.Now,
        });
        // Nobody is told the link of an address that is taken, so it confirms nothing.
        if (await tx.Find<AccountId?>("select id from identity.accounts where email_key = @key", new { key = email.Key }) is { } owner)
            await Notify.Person(tx, owner.Value, "email_change_taken", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/sign-in" });
        else
            await Notify.Person(tx, account.Value, "email_change", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = $"{identity.Options.Issuer}/confirm-email#{token}", ["code"] = code }, to: email.Text);
        await Notify.Person(tx, account.Value, "email_change_asked", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/account" });
        await tx.Audit(caller, "account.email_change_asked", "account", account.ToString(), personal: (account.Value, new { from = present, to = email.Text }));
        return new Register.Answer("check_your_mail");
    }

    private const string Put = """
        insert into identity.email_changes (account_id, email, token_hash, link_expires_at, code_hash, code_expires_at, epoch, asked_at)
        values (@account, @email, @tokenHash, @linkExpiresAt, @codeHash, @codeExpiresAt, @Epoch, @now)
        on conflict (account_id) do update set email = excluded.email, token_hash = excluded.token_hash, link_expires_at = excluded.link_expires_at, code_hash = excluded.code_hash,
            code_expires_at = excluded.code_expires_at, tries = 0, epoch = excluded.epoch, asked_at = excluded.asked_at, used_at = null
        """;
}
