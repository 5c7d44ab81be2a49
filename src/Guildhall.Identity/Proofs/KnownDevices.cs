using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Tokens;

namespace Guildhall.Identity.Proofs;

/// <summary>A device that was recognised, with its next token.</summary>
internal sealed record KnownDevice(DeviceId Id, string Token, bool IsTrusted);

/// <summary>Devices that an account has signed in with. A device's token is replaced at each sign-in; the one before it is taken for a minute more
/// (a lost answer), an older one is a copy and takes the device away from both.</summary>
internal static class KnownDevices
{
    /// <summary>A device that was told to be remembered skips the second step for this long.</summary>
    public static readonly TimeSpan Trusted = TimeSpan.FromDays(30);

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);
    private const int MaxAgent = 400;

    /// <summary>Whether this token is of a device that has signed in to the account before. Changes nothing: for the lockout, before a password is looked at.</summary>
    public static async Task<bool> Knows(Database database, AccountId account, string? token, CancellationToken stop) => await Which(database, account, token, stop) is not null;

    /// <summary>The device itself, see <see cref="Knows"/>.</summary>
    public static async Task<DeviceId?> Which(Database database, AccountId account, string? token, CancellationToken stop) => Secret.LooksLikeOne(token)
        ? await database.Find<DeviceId?>(ReadSql, new { account, hash = Secret.Hash(token!) }, stop) : null;

    /// <summary>Whether the device is known, and whether it skips the second step: null when it is not. Its token stays as it is, so that a device which has to answer a
    /// challenge first is still known by it afterwards.</summary>
    public static async Task<bool?> Peek(Transaction tx, AccountId account, string? token) => Secret.LooksLikeOne(token)
        && await tx.Find<Row>(PeekSql, new { account, hash = Secret.Hash(token!) }) is { } row && !IsCopy(row, tx.Now) ? row.TrustedUntil > tx.Now : null;

    /// <summary>The device with a fresh token when it is known to this account, else null. A copy beyond the grace revokes it.</summary>
    public static async Task<KnownDevice?> Recognise(Transaction tx, AccountId account, string? token)
    {
        if (!Secret.LooksLikeOne(token)) return null;
        var hash = Secret.Hash(token!);
        if (await tx.Find<Row>(LockSql, new { account, hash }) is not { } row) return null;
        if (IsCopy(row, tx.Now))
        {
            await tx.Change("update identity.devices set revoked_at = @now where id = @id and revoked_at is null", new { row.Id, now = tx.Now });
            return null;
        }
        var next = Secret.New();
        await tx.Change("update identity.device_tokens set replaced_at = @now where device_id = @id and replaced_at is null", new { row.Id, now = tx.Now });
        await tx.ChangeOne(AddToken, new { hash = Secret.Hash(next), row.Id, now = tx.Now });
        await tx.ChangeOne("update identity.devices set last_seen_at = @now where id = @id", new { row.Id, now = tx.Now });
        return new KnownDevice(row.Id, next, row.TrustedUntil > tx.Now);
    }

    /// <summary>A device that signs in for the first time.</summary>
    public static async Task<KnownDevice> Add(Transaction tx, Caller caller, AccountId account, byte[]? notMeHash)
    {
        var (id, token) = (tx.NewId<DeviceId>(), Secret.New());
        await tx.ChangeOne(AddSql, new { id, account, agent = caller.UserAgent is { Length: > MaxAgent } agent ? agent[..MaxAgent] : caller.UserAgent, now = tx.Now, notMeHash });
        await tx.ChangeOne(AddToken, new { hash = Secret.Hash(token), id, now = tx.Now });
        return new KnownDevice(id, token, IsTrusted: false);
    }

    public static Task Trust(Transaction tx, DeviceId id) =>
        tx.ChangeOne("update identity.devices set trusted_until = @until where id = @id", new { id, until = tx.Now + Trusted });

    /// <summary>No device of the account skips the second step any more: after a new password, a reset or a change of factors.</summary>
    public static Task TrustNone(Transaction tx, AccountId account) =>
        tx.Change("update identity.devices set trusted_until = null where account_id = @account and trusted_until is not null", new { account });

    private static bool IsCopy(Row row, DateTimeOffset now) => row.ReplacedAt is { } replaced && now - replaced >= Grace;

    private sealed record Row(DeviceId Id, DateTimeOffset? TrustedUntil, DateTimeOffset? ReplacedAt);

    private const string ReadSql = """
        select d.id from identity.device_tokens t join identity.devices d on d.id = t.device_id where t.hash = @hash and d.account_id = @account and d.revoked_at is null
        """;

    private const string PeekSql = """
        select d.id, d.trusted_until, t.replaced_at from identity.device_tokens t join identity.devices d on d.id = t.device_id
        where t.hash = @hash and d.account_id = @account and d.revoked_at is null
        """;

    private const string LockSql = """
        select d.id, d.trusted_until, t.replaced_at from identity.device_tokens t join identity.devices d on d.id = t.device_id
        where t.hash = @hash and d.account_id = @account and d.revoked_at is null for update of d
        """;

    private const string AddSql = """
        insert into identity.devices (id, account_id, user_agent, created_at, last_seen_at, not_me_hash) values (@id, @account, @agent, @now, @now, @notMeHash)
        """;

    private const string AddToken = "insert into identity.device_tokens (hash, device_id, created_at) values (@hash, @id, @now)";
}
