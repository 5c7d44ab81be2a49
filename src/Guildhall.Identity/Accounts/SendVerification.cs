using Guildhall.Foundation.Data;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;

namespace Guildhall.Identity.Accounts;

/// <summary>What a registration asks for; it holds once its own message is confirmed.</summary>
internal sealed record Wanted(string DisplayName, string Language, string Zone, string PasswordHash);

/// <summary>Writes a new link and code for an unverified account and mails them. Whatever was sent before is void.</summary>
internal static class SendVerification
{
    public static async Task Run(Transaction tx, IdentityParts identity, AccountId account, EmailAddress email, Wanted wanted)
    {
        var (token, code) = (Secret.New(), VerificationCodes.New());
        await tx.ChangeOne(Put, new
        {
            account, tokenHash = Secret.Hash(token), linkExpiresAt = tx.Now + VerificationCodes.LinkLifetime,
            codeHash = identity.Codes.Hash(email, code), codeExpiresAt = tx.Now + VerificationCodes.Lifetime,
            wanted.DisplayName, wanted.Language, wanted.Zone, wanted.PasswordHash, now = tx.Now,
        });
        await Recipients.Put(tx, account.Value, email.Text, wanted.DisplayName, wanted.Language, wanted.Zone);
        // The token stands behind #, which browsers send to nobody: it is in no log and no Referer, and a scanner that opens the link uses nothing up.
        await Notify.Person(tx, account.Value, "email_verification", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["link"] = $"{identity.Options.Issuer}/verify-email#{token}",
            ["code"] = code,
        });
    }

    private const string Put = """
        insert into identity.email_verifications (account_id, token_hash, link_expires_at, code_hash, code_expires_at, display_name, language, zone, password_hash, sent_at)
        values (@account, @tokenHash, @linkExpiresAt, @codeHash, @codeExpiresAt, @DisplayName, @Language, @Zone, @PasswordHash, @now)
        on conflict (account_id) do update set token_hash = excluded.token_hash, link_expires_at = excluded.link_expires_at, code_hash = excluded.code_hash,
            code_expires_at = excluded.code_expires_at, tries = 0, used_at = null, display_name = excluded.display_name, language = excluded.language,
            zone = excluded.zone, password_hash = excluded.password_hash, sent_at = excluded.sent_at
        """;
}
