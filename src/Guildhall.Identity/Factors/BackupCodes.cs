using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Data;
using OtpNet;

namespace Guildhall.Identity.Factors;

/// <summary>Ten codes of 80 random bits for the day the app is lost: 16 letters of base32 in four groups. Stored as PBKDF2-SHA512 with a salt of their set over a keyed
/// hash: few rounds do for what cannot be guessed (NIST SP 800-63B section 5.1.2), and without the master key nothing can be tried at all.</summary>
internal static class BackupCodes
{
    public const int Count = 10;
    private const int CodeBytes = 10;
    private const int Letters = 16;
    private const int Rounds = 1000;

    /// <summary>A new set: what the person sees and what is stored.</summary>
    internal sealed record Set(IReadOnlyList<string> Texts, byte[] Salt, byte[][] Hashes);

    /// <summary>Makes a set; takes some milliseconds, so before the transaction.</summary>
    public static Set Make(IdentityParts identity, AccountId account)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var codes = Enumerable.Range(0, Count).Select(_ => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(CodeBytes))).ToArray();
        return new Set([.. codes.Select(Grouped)], salt, [.. codes.Select(code => Hash(identity, account, code, salt))]);
    }

    /// <summary>The set takes the place of the one before it.</summary>
    public static async Task Put(Transaction tx, AccountId account, Set set)
    {
        await tx.Change("delete from identity.backup_codes where account_id = @account", new { account });
        await tx.Change("insert into identity.backup_codes (account_id, hash, salt, created_at) select @account, h, @Salt, @now from unnest(@Hashes) h", new { account, set.Salt, set.Hashes, now = tx.Now });
    }

    /// <summary>Whether this is a code of the account that was not used yet. One statement decides and uses it up: of many at once, one succeeds.</summary>
    public static async Task<bool> Use(Transaction tx, IdentityParts identity, AccountId account, string text)
    {
        if (Normal(text) is not { } code) return false;
        if (await tx.Find<byte[]>("select salt from identity.backup_codes where account_id = @account limit 1", new { account }) is not { } salt) return false;
        return await tx.ChangeNow(UseSql, new { account, hash = Hash(identity, account, code, salt), now = tx.Now }) == 1;
    }

    public static Task<int> Left(Transaction tx, AccountId account) =>
        tx.Get<int>("select count(*)::int from identity.backup_codes where account_id = @account and used_at is null", new { account });

    private static byte[] Hash(IdentityParts identity, AccountId account, string code, byte[] salt) => Rfc2898DeriveBytes.Pbkdf2(
        HMACSHA512.HashData(identity.Options.Master.Derive("identity.backup-code"), Encoding.ASCII.GetBytes($"{account} {code}")), salt, Rounds, HashAlgorithmName.SHA512, 32);

    private static string Grouped(string code) => string.Join('-', code.Chunk(4).Select(part => new string(part)));

    // As people copy from paper: any case, any gaps, and the digits that base32 has not for the letters they look like.
    private static string? Normal(string text)
    {
        if (text.Length > 64) return null;
        var letters = text.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit).Select(c => c switch { '0' => 'O', '1' => 'I', '8' => 'B', _ => c }).ToArray();
        return letters.Length == Letters ? new string(letters) : null;
    }

    private const string UseSql = "update identity.backup_codes set used_at = @now where account_id = @account and hash = @hash and used_at is null";
}
