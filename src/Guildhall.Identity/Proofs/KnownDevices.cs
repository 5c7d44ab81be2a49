using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Tokens;

namespace Guildhall.Identity.Proofs;

/// <summary>A device that was recognised.</summary>
/// <param name="IsTrusted">It may skip the second step.</param>
internal sealed record KnownDevice(DeviceId Id, bool IsTrusted);

/// <summary>Devices that an account has signed in with. A device's token is replaced at each sign-in; the one before it is taken for a minute more
/// (a lost answer), an older one is a copy and takes the device away from both.</summary>
internal static class KnownDevices
{
    /// <summary>A device that was told to be remembered skips the second step for this long.</summary>
    public static readonly TimeSpan Trusted = TimeSpan.FromDays(30);

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);
    private const int MaxAgent = 400;

    /// <summary>The device of the token <c>@hash</c> when it has signed in to the account <c>a</c> before, for the lockout, before a password is looked at;
    /// <c>@since</c> is <see cref="Since"/>.</summary>
    public const string OfAccount = """
        select d.id from identity.device_tokens t join identity.devices d on d.id = t.device_id
        where t.hash = @hash and d.account_id = a.id and d.revoked_at is null and (t.replaced_at is null or t.replaced_at > @since)
        """;

    /// <summary>A token replaced before this is a copy.</summary>
    public static DateTimeOffset Since(DateTimeOffset now) => now - Grace;

    /// <summary>The device when it is known to this account, else null. A copy beyond the grace revokes it. The token stays good: it is replaced
    /// (<see cref="Renew"/>) when a session is opened, since only then the device gets the next one.</summary>
    public static async Task<KnownDevice?> Recognise(Transaction tx, Caller caller, AccountId account, string? token)
    {
        if (!Secret.LooksLikeOne(token)) return null;
        var hash = Secret.Hash(token!);
        if (await tx.Find<Row>(LockSql, new { account, hash }) is not { } row) return null;
        if (IsCopy(row, tx.Now))
        {
            await tx.Change("update identity.devices set revoked_at = @now, trusted_until = null where id = @id and revoked_at is null", new { row.Id, now = tx.Now });
            await tx.Audit(caller, "device.copy_refused", "device", row.Id.ToString(), after: new { revoked = true }, personal: (account.Value, new { address = caller.Address?.ToString() }));
            return null;
        }
        // What was remembered is this browser on this system: its token in another one is a copy and asks again.
        return new KnownDevice(row.Id, row.TrustedUntil > tx.Now && string.Equals(Kind(row.UserAgent), Kind(caller.UserAgent), StringComparison.Ordinal));
    }

    /// <summary>The device's next token, when it signs in.</summary>
    public static async Task<string> Renew(Transaction tx, DeviceId id)
    {
        var next = Secret.New();
        await tx.Change("update identity.device_tokens set replaced_at = @now where device_id = @id and replaced_at is null", new { id, now = tx.Now });
        await tx.ChangeOne(AddToken, new { hash = Secret.Hash(next), id, now = tx.Now });
        await tx.Change("update identity.devices set last_seen_at = @now where id = @id", new { id, now = tx.Now });
        return next;
    }

    /// <summary>A device that signs in for the first time.</summary>
    public static async Task<(DeviceId Id, string Token)> Add(Transaction tx, Caller caller, AccountId account, byte[]? notMeHash)
    {
        var (id, token) = (tx.NewId<DeviceId>(), Secret.New());
        await tx.ChangeOne(AddSql, new { id, account, agent = Short(caller.UserAgent), now = tx.Now, notMeHash });
        await tx.ChangeOne(AddToken, new { hash = Secret.Hash(token), id, now = tx.Now });
        return (id, token);
    }

    /// <summary>The device skips the second step from now on, as the browser it is now.</summary>
    public static Task Trust(Transaction tx, Caller caller, DeviceId id) =>
        tx.ChangeOne("update identity.devices set trusted_until = @until, user_agent = @agent where id = @id", new { id, until = tx.Now + Trusted, agent = Short(caller.UserAgent) });

    /// <summary>No device of the account skips the second step any more: after a new password, a reset or a change of factors.</summary>
    public static Task TrustNone(Transaction tx, AccountId account) =>
        tx.Change("update identity.devices set trusted_until = null where account_id = @account and trusted_until is not null", new { account });

    private static bool IsCopy(Row row, DateTimeOffset now) => row.ReplacedAt is { } replaced && now - replaced >= Grace;

    // Updates change numbers only, and must not cost anybody a second step.
    private static string Kind(string? agent) => new([.. (Short(agent) ?? "").Where(c => !char.IsAsciiDigit(c) && c is not '.')]);

    private static string? Short(string? agent) => agent is { Length: > MaxAgent } ? agent[..MaxAgent] : agent;

    private sealed record Row(DeviceId Id, string? UserAgent, DateTimeOffset? TrustedUntil, DateTimeOffset? ReplacedAt);

    private const string LockSql = """
        select d.id, d.user_agent, d.trusted_until, t.replaced_at from identity.device_tokens t join identity.devices d on d.id = t.device_id
        where t.hash = @hash and d.account_id = @account and d.revoked_at is null for update of d
        """;

    private const string AddSql = """
        insert into identity.devices (id, account_id, user_agent, created_at, last_seen_at, not_me_hash) values (@id, @account, @agent, @now, @now, @notMeHash)
        """;

    private const string AddToken = "insert into identity.device_tokens (hash, device_id, created_at) values (@hash, @id, @now)";
}
