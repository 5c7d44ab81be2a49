using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;

namespace Guildhall.Identity.Passwords;

/// <summary>Writes a new link for the account and mails it to the address that is stored, never to one that was typed. Whatever link was sent before is void. Who asked has
/// had their answer: what happens here takes none of its time. Without an account it only says in the audit that somebody asked.</summary>
/// <param name="Asked">From where and by which request, when it was somebody not signed in.</param>
internal sealed record MailPasswordReset(Guid? Account, MailPasswordReset.Request? Asked = null) : IJob
{
    internal sealed record Request(string? Address, string? Id);

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(60);

    public static string Kind => "mail_password_reset";

    private sealed record Found(AccountId Id, AccountState State, string EmailKey);

    public static async Task Run(Transaction tx, IdentityParts identity, MailPasswordReset job)
    {
        if (job.Asked is { } asked)
        {
            var caller = Caller.Nobody with { RequestId = asked.Id };
            await tx.Audit(caller, "password.reset_asked", "account", job.Account is { } who ? new AccountId(who).ToString() : "unknown",
                personal: job.Account is { } known ? (known, new { address = asked.Address }) : null);
        }
        if (job.Account is not { } id) return;
        if (await tx.Find<Found>("select id, state, email_key from identity.accounts where id = @id for no key update", new { id }) is not { } account) return;
        if (account.State is AccountState.Unverified) await ResendVerification.Again(tx, identity, Caller.System("password_resets"), account.EmailKey);
        if (account.State is not AccountState.Active) return;

        var token = Secret.New();
        await tx.ChangeOne(Put, new { account = account.Id, tokenHash = Secret.Hash(token), now = tx.Now, expiresAt = tx.Now + Lifetime });
        // Behind # it is in no log and no Referer, and a scanner that opens the link uses nothing up.
        await Notify.Person(tx, account.Id.Value, "password_reset", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = $"{identity.Options.Issuer}/reset-password#{token}" });
    }

    private const string Put = """
        insert into identity.password_resets (account_id, token_hash, sent_at, expires_at) values (@account, @tokenHash, @now, @expiresAt)
        on conflict (account_id) do update set token_hash = excluded.token_hash, sent_at = excluded.sent_at, expires_at = excluded.expires_at, used_at = null
        """;
}
