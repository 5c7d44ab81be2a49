using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Accounts;

/// <summary>Six-digit codes. Six digits can be searched, so they are stored keyed with a secret the database does not have, bound to the address.</summary>
internal sealed class VerificationCodes(MasterKey master)
{
    public const int Digits = 6;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);
    private readonly byte[] _key = master.Derive("identity.verification-code");

    public static string New() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Of a code that answers one challenge and no other.</summary>
    public byte[] Hash(ChallengeId challenge, string code) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{challenge} {code}"));

    public byte[] Hash(EmailAddress email, string code) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{email.Key} {code}"));
}
