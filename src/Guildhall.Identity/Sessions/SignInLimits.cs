using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Risk;

namespace Guildhall.Identity.Sessions;

/// <summary>How often passwords may be tried. A device that the account knows has a count of its own, so that nobody else can use it up. All others share three: per
/// account and network, per account over all networks, and accounts failed per address. Unknown addresses are counted exactly like known ones. A new password
/// starts the counts of its account anew.</summary>
internal static class SignInLimits
{
    /// <summary>Failures at one account from anywhere in an hour after which a right password from an unknown device needs a code by e-mail too.</summary>
    public const int PerAccount = 20;

    public const int PerAccountSeconds = 3600;

    /// <summary>Failures at one account from anywhere in a day after which unknown devices wait.</summary>
    public const int PerAccountDay = 100;

    public const int DaySeconds = 24 * 3600;

    /// <summary>Accounts that one address (IPv6: its /64) may fail at in an hour.</summary>
    public const int AccountsPerAddress = 20;

    /// <param name="Account">The account's e-mail address as a keyed mark, with the generation of its password.</param>
    /// <param name="Device">The device when the account knows it.</param>
    internal sealed record Attempt(string Account, IPAddress? Address, DeviceId? Device)
    {
        /// <param name="mark">Of the e-mail address, see <see cref="SignInMarks.Account"/>.</param>
        public static Attempt Of(byte[] mark, DateTimeOffset? passwordChangedAt, IPAddress? address, DeviceId? device) =>
            new(Convert.ToHexStringLower(mark) + passwordChangedAt?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), address, device);

        public string Near => Device is { } device ? $"sign-in-device:{device}" : $"sign-in:{Account}:{RateLimits.AddressKey(Address)}";
        public string Day => $"sign-in-day:{Account}";
        public string Hour => $"sign-in-hour:{Account}";
    }

    /// <param name="Wait">Seconds to wait; null when the password may be looked at.</param>
    /// <param name="Failed">How many failed from here before.</param>
    /// <param name="Guessed">So many failed at this account that the right password alone is not enough.</param>
    internal readonly record struct Answer(int? Wait, int Failed, bool Guessed);

    /// <summary>Counts the attempt before the password is looked at, so that of many at once no more are looked at than allowed.</summary>
    public static async Task<Answer> Count(IdentityParts identity, Attempt attempt, CancellationToken stop)
    {
        if (attempt.Device is null && await SignInFailures.Wait(identity, attempt.Address, AccountsPerAddress * identity.Limits.Factor, stop) is { } sprayed) return new(sprayed, 0, false);
        var (near, held) = await identity.Limits.HitOf(attempt.Near, SignIn.Attempts, SignIn.AttemptsWithinSeconds, stop);
        if (near is not null || attempt.Device is not null) return new(near, held - 1, false);
        if (await identity.Limits.Hit(attempt.Day, PerAccountDay, DaySeconds, stop) is { } day) return new(day, held - 1, false);
        return new(null, held - 1, await identity.Limits.Hit(attempt.Hour, PerAccount, PerAccountSeconds, stop) is not null);
    }

    /// <summary>The password was not looked at after all.</summary>
    public static async Task TakeBack(IdentityParts identity, Attempt attempt, bool guessed, CancellationToken stop)
    {
        await identity.Limits.TakeBack(attempt.Near, stop);
        if (attempt.Device is not null) return;
        await identity.Limits.TakeBack(attempt.Day, stop);
        if (!guessed) await identity.Limits.TakeBack(attempt.Hour, stop);
    }

    /// <summary>The password was right: what failed from here before is forgotten, what failed elsewhere is not.</summary>
    public static async Task Passed(Transaction tx, Attempt attempt, bool guessed)
    {
        await RateLimits.Forget(tx, attempt.Near);
        if (attempt.Device is not null) return;
        await RateLimits.TakeBack(tx, attempt.Day);
        if (!guessed) await RateLimits.TakeBack(tx, attempt.Hour);
    }
}

/// <summary>Keyed marks: equal for what is equal, and worth nothing without the master key.</summary>
internal sealed class SignInMarks(MasterKey master)
{
    private readonly byte[] _key = master.Derive("identity.sign-in-marks");

    /// <summary>An e-mail address, whether an account has it or not.</summary>
    public byte[] Account(string email) => Mark("account", email)[..16];

    /// <summary>32 bits of a password that was tried, of use for one day: enough to see one password tried on many accounts.</summary>
    public byte[] Password(string password, DateTimeOffset now) => Mark(now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture), password)[..4];

    private byte[] Mark(string purpose, string text) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(purpose + "\n" + text));
}
