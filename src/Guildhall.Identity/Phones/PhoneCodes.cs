using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Phones;

/// <summary>Six digits from the system's random numbers (just under 20 bits, so five tries and ten minutes), stored keyed with a secret the database does not have and bound
/// to the one thing they are for.</summary>
internal sealed class PhoneCodes(MasterKey master)
{
    public const int Digits = 6;
    public const int Tries = 5;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly byte[] _key = master.Derive("identity.phone-code");

    public static string New() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    public static bool LooksLikeOne(string? code) => code is { Length: Digits } && code.All(char.IsAsciiDigit);

    /// <param name="purpose">What it is for, and for which account, attempt or challenge.</param>
    public byte[] Hash(string purpose, string code) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{purpose} {code}"));
}
