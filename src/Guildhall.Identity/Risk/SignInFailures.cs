using System.Net;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Identity.Risk;

/// <summary>What a sign-in by password leaves for the judgement, and a failed one for the next ones.</summary>
/// <param name="Account">Mark of the e-mail address.</param>
/// <param name="Password">Mark of the password.</param>
/// <param name="Guessed">Too many passwords were tried on this account from unknown devices.</param>
internal sealed record SignInSigns(byte[] Account, byte[] Password, bool Guessed);

/// <summary>Failed sign-ins of the last hour: who sprays one password over many accounts, or stuffs in leaked pairs, shows here however many addresses are used.</summary>
internal static class SignInFailures
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public static Task Add(Transaction tx, IPAddress? address, SignInSigns signs) => tx.ChangeOne("""
        insert into identity.sign_in_failures (at, account_key, address, network, password_mark) values (@now, @Account, @address, @network, @Password)
        """, new { now = tx.Now, signs.Account, address = RateLimits.AddressKey(address), network = Network(address), signs.Password });

    /// <summary>The network around an address: /24 of IPv4, /48 of IPv6.</summary>
    public static string Network(IPAddress? address) => RateLimits.NetworkKey(address, 24, 48);

    /// <summary>Seconds until the address has failed at fewer accounts than so many in the last hour; null when it has already.</summary>
    public static async Task<int?> Wait(IdentityParts identity, IPAddress? address, int accounts, CancellationToken stop)
    {
        var now = identity.Database.Clock.GetUtcNow();
        var latest = await identity.Database.Find<DateTimeOffset?>(WaitSql, new { address = RateLimits.AddressKey(address), since = now - Kept, skip = accounts - 1 }, stop);
        return latest is { } at ? Math.Max(1, (int)Math.Ceiling((at + Kept - now).TotalSeconds)) : null;
    }

    // Of each account the latest failure, newest first: when the last of so many is an hour old, there is one fewer.
    private const string WaitSql = """
        select max(f.at) from (select account_key, at from identity.sign_in_failures where address = @address and at > @since order by at desc limit 20000) f
        group by f.account_key order by max(f.at) desc offset @skip limit 1
        """;
}

/// <summary>Forgets failures that are past their hour.</summary>
internal sealed record ForgetFailures : IJob
{
    public static string Kind => "forget_sign_in_failures";

    public static Task Run(Transaction tx, ForgetFailures _) => tx.Change("""
        delete from identity.sign_in_failures where ctid = any (array(select ctid from identity.sign_in_failures where at < @until limit 50000))
        """, new { until = tx.Now - SignInFailures.Kept });
}
