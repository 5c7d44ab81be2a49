using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;

namespace Guildhall.Identity.Phones;

/// <summary>Whether a code may go out. Asked before anything is written or sent, and the same for numbers that are known and numbers that are not. Against those who earn
/// by making us send: countries on the list only, caps per number, account, network and country, and ranges whose codes nobody enters are paused.</summary>
internal static class SmsLimits
{
    /// <summary>Codes a range must have been sent in six hours before it is judged.</summary>
    public const int JudgedFrom = 20;

    private const int Hour = 3600, Day = 24 * Hour;
    private static readonly TimeSpan Judged = TimeSpan.FromHours(6);

    private sealed record Terms(string[] Countries, SmsCaps Caps, int Sent, int Used);

    private sealed record Traffic(int Sent, int Used);

    /// <summary>Null when it may.</summary>
    public static async Task<Refusal?> Check(IdentityParts identity, Caller caller, PhoneNumber phone, Guid? account, CancellationToken stop)
    {
        var (countries, caps, sent, used) = await identity.Database.InTransaction(tx => Read(tx, phone), stop);
        if (countries.Length > 0 && !countries.Contains(phone.Country, StringComparer.Ordinal)) return PhoneNumber.Refused("country_not_served");
        if (sent >= JudgedFrom && used * 100 < sent * caps.LeastUsedPercent) return IdentityRefusals.SmsPaused;

        // What is counted for many at once grows with the limits of a load drill; what protects one person does not.
        var factor = identity.Limits.Factor;
        List<(string Key, int Hits, int Seconds)> counts =
        [
            ($"sms-number-hour:{Blurred(phone.Text)}", caps.PerNumberPerHour, Hour), ($"sms-number-day:{Blurred(phone.Text)}", caps.PerNumberPerDay, Day),
            ($"sms-network:{Network(caller.Address)}", caps.PerNetworkPerHour * factor, Hour),
        ];
        if (account is { } known) counts.Add(($"sms-account:{known:n}", caps.PerAccountPerDay, Day));
        counts.Add(($"sms-country:{phone.Country}", caps.PerCountryPerDay, Day));
        foreach (var (key, hits, seconds) in counts)
            if (await identity.Limits.Hit(key, hits, seconds, stop) is { } wait) return FoundationRefusals.RateLimited with { RetryAfterSeconds = wait };
        return null;
    }

    /// <summary>A code went out to the number.</summary>
    public static Task Sent(Transaction tx, string phone) => Count(tx, phone, sent: 1, used: 0);

    /// <summary>The code was entered: somebody real has that phone.</summary>
    public static Task Used(Transaction tx, string phone) => Count(tx, phone, sent: 0, used: 1);

    private static Task Count(Transaction tx, string phone, int sent, int used) => tx.ChangeOne(CountSql, new { range = phone[..^PhoneNumber.RangeCut], hour = HourOf(tx.Now), sent, used });

    private static async Task<Terms> Read(Transaction tx, PhoneNumber phone)
    {
        var traffic = await tx.Get<Traffic>(TrafficSql, new { range = phone.Range, since = tx.Now - Judged });
        return new Terms(await tx.Setting(SmsSettings.Countries), await tx.Setting(SmsSettings.Caps), traffic.Sent, traffic.Used);
    }

    private static DateTimeOffset HourOf(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerHour));

    /// <summary>Numbers stand in the limiter's keys blurred.</summary>
    private static string Blurred(string phone) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(phone)));

    internal static string Network(IPAddress? address)
    {
        if (address is null) return "none";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var kept = address.AddressFamily is AddressFamily.InterNetworkV6 ? 6 : 3;
        Array.Clear(bytes, kept, bytes.Length - kept);
        return new IPAddress(bytes).ToString();
    }

    private const string TrafficSql = """
        select coalesce(sum(sent), 0)::int as sent, coalesce(sum(used), 0)::int as used from identity.sms_traffic where number_range = @range and hour > @since
        """;

    private const string CountSql = """
        insert into identity.sms_traffic as t (number_range, hour, sent, used) values (@range, @hour, @sent, @used)
        on conflict (number_range, hour) do update set sent = t.sent + excluded.sent, used = t.used + excluded.used
        """;
}
