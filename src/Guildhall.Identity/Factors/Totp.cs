using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using OtpNet;

namespace Guildhall.Identity.Factors;

/// <summary>Codes of authenticator apps: RFC 6238 with SHA-1, 30 seconds, six digits, which is what the apps take without asking. The step of this
/// moment and the one before it are good; a step is good once, and none before it afterwards.</summary>
internal static class Totp
{
    public const int StepSeconds = 30;
    public const int Digits = 6;
    private const int SeedBytes = 20;
    private const string Purpose = "identity.totp";

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedBytes);

    public static byte[] Seal(MasterKey master, AccountId account, byte[] seed) => master.Seal(Purpose, account.ToString(), seed);

    public static byte[] Open(MasterKey master, AccountId account, byte[] data) => master.Open(Purpose, account.ToString(), data);

    /// <summary>The step whose code this is, or null. Spaces are no part of a code.</summary>
    public static long? Match(byte[] seed, string code, DateTimeOffset now)
    {
        var given = code.Replace(" ", "", StringComparison.Ordinal);
        if (given.Length != Digits || !given.All(char.IsAsciiDigit)) return null;
        var step = now.ToUnixTimeSeconds() / StepSeconds;
        var hotp = new Hotp(seed, OtpHashMode.Sha1, Digits);
        return Is(hotp, step, given) ? step : Is(hotp, step - 1, given) ? step - 1 : null;
    }

    /// <summary>Whether this is a code of the account's app that was not used yet. One statement decides and uses it up: of many at once, one succeeds.</summary>
    public static async Task<bool> Use(Transaction tx, MasterKey master, AccountId account, string code)
    {
        var data = await tx.Find<byte[]>("select secret from identity.totp where account_id = @account and confirmed_at is not null", new { account });
        if (data is null || Match(Open(master, account, data), code, tx.Now) is not { } step) return false;
        return await tx.ChangeNow("update identity.totp set last_step = @step where account_id = @account and confirmed_at is not null and last_step < @step", new { account, step }) == 1;
    }

    /// <summary>The seed as people type it and as apps read it.</summary>
    public static string Text(byte[] seed) => Base32Encoding.ToString(seed).TrimEnd('=');

    /// <summary>What the QR code says: the Key URI format that the apps share.</summary>
    public static string Uri(string issuer, string email, string secret) => string.Create(CultureInfo.InvariantCulture,
        $"otpauth://totp/{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(email)}?secret={secret}&issuer={System.Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Digits}&period={StepSeconds}");

    private static bool Is(Hotp hotp, long step, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hotp.ComputeHOTP(step)), Encoding.ASCII.GetBytes(given));
}
