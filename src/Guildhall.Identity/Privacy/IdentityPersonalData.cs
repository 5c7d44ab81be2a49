using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;

namespace Guildhall.Identity.Privacy;

/// <summary>What this module holds about a person: the account, how they sign in, where they are signed in, and what the audit says of them.</summary>
internal static class IdentityPersonalData
{
    /// <summary>Tables of this module that hold rows of an account: emptied by an erasure, or kept without a person. A test compares them with the database.</summary>
    public static readonly string[] Emptied =
    [
        "account_roles", "active_days", "backup_codes", "challenges", "devices", "email_changes", "email_verifications", "exports", "passkey_asks", "passkeys",
        "password_history", "password_resets", "phone_sign_ins", "phone_verifications", "sessions", "sign_in_holds", "sign_in_places", "totp",
    ];

    /// <inheritdoc cref="Emptied"/>
    public static readonly string[] Kept = ["erasures", "invitations", "risk_decisions"];

    public static PersonalData Part(PasswordHash passwords) => new("identity", Read, Objection, (tx, person) => Erase(tx, person, passwords.Nobody));

    private sealed record Account(string Email, string DisplayName, string Language, string Zone, string State, string? Phone, DateTimeOffset CreatedAt, DateTimeOffset? EmailVerifiedAt, string Roles);
    private sealed record Session(string Kind, string? UserAgent, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastActive, DateTimeOffset? EndedAt, string? EndedWhy);
    private sealed record Device(string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset? TrustedUntil);
    private sealed record Passkey(string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);
    private sealed record Erasure(string State, DateTimeOffset AskedAt, DateTimeOffset DueAt, DateTimeOffset? EndedAt);

    private static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        return new
        {
            profile = await database.Find<Account>(AccountSql, new { person }, stop),
            sessions = await database.List<Session>(SessionsSql, args, stop),
            devices = await database.List<Device>("select user_agent, created_at, last_seen_at, trusted_until from identity.devices where account_id = @person order by id desc limit @most", args, stop),
            passkeys = await database.List<Passkey>("select name, created_at, last_used_at from identity.passkeys where account_id = @person order by id desc limit @most", args, stop),
            authenticatorSince = await database.Find<DateTimeOffset?>("select confirmed_at from identity.totp where account_id = @person", new { person }, stop),
            erasures = await database.List<Erasure>("select state, asked_at, due_at, ended_at from identity.erasures where account_id = @person order by id desc limit @most", args, stop),
            audit = await AuditQueries.OfPerson(database, person, new AccountId(person).ToString(), PersonalData.Most, stop),
        };
    }

    private static async Task<string?> Objection(Transaction tx, Guid person) =>
        await tx.Get<bool>("select exists (select 1 from identity.account_roles r join identity.role_permissions p on p.role = r.role where r.account_id = @person)", new { person })
            ? "This account has roles of staff. Have them taken away first." : null;

    private static async Task Erase(Transaction tx, Guid person, string noPassword)
    {
        foreach (var invitation in await tx.List<Guid>(InvitationsSql, new { person }))
        {
            await tx.ChangeOne(EraseInvitation, new { invitation, email = Nowhere(invitation), now = tx.Now });
            await Messaging.Recipients.Forget(tx, invitation);
            await PersonKeys.Destroy(tx, invitation);
        }
        foreach (var statement in Deletes) await tx.Change(statement, new { person });
        await tx.ChangeOne(EraseAccountSql, new { person, email = Nowhere(person), noPassword, now = tx.Now });
    }

    // A top-level domain that never is (RFC 2606): nobody can be mailed there or register it.
    private static string Nowhere(Guid id) => $"erased-{id:n}@erased.invalid";

    private static readonly string[] Deletes =
    [
        "delete from identity.passkey_asks where account_id = @person or challenge_id in (select id from identity.challenges where account_id = @person)",
        "delete from identity.challenges where account_id = @person",
        "delete from identity.refresh_tokens where session_id in (select id from identity.sessions where account_id = @person or impersonator_id = @person)",
        "delete from identity.sessions where impersonator_id = @person",
        "delete from identity.sessions where account_id = @person",
        "delete from identity.device_tokens where device_id in (select id from identity.devices where account_id = @person)",
        "delete from identity.devices where account_id = @person",
        "delete from identity.passkeys where account_id = @person",
        "delete from identity.totp where account_id = @person",
        "delete from identity.backup_codes where account_id = @person",
        "delete from identity.email_verifications where account_id = @person",
        "delete from identity.email_changes where account_id = @person",
        "delete from identity.password_resets where account_id = @person",
        "delete from identity.password_history where account_id = @person",
        "delete from identity.phone_verifications where account_id = @person",
        "delete from identity.phone_sign_ins where account_id = @person or phone = (select phone from identity.accounts where id = @person)",
        "delete from identity.sign_in_holds where account_id = @person",
        "delete from identity.sign_in_places where account_id = @person",
        "delete from identity.active_days where account_id = @person",
        "delete from identity.exports where account_id = @person",
        "delete from identity.account_roles where account_id = @person",
    ];

    private const string AccountSql = """
        select a.email, a.display_name, a.language, a.zone, a.state, a.phone, a.created_at, a.email_verified_at,
            (select coalesce(string_agg(r.role, ', ' order by r.role), '') from identity.account_roles r where r.account_id = a.id) as roles
        from identity.accounts a where a.id = @person
        """;

    private const string SessionsSql = """
        select kind, user_agent, host(address) as address, created_at, last_active, ended_at, ended_why from identity.sessions
        where account_id = @person order by id desc limit @most
        """;

    private const string InvitationsSql = """
        select i.id from identity.invitations i where i.state <> 'erased' and (i.account_id = @person or i.email_key = (select email_key from identity.accounts where id = @person)) limit 1000
        """;

    private const string EraseInvitation = """
        update identity.invitations set email = @email, email_key = @email, display_name = null,
            ended_at = coalesce(ended_at, @now), state = case when state = 'sent' then 'erased' else state end where id = @invitation
        """;

    private const string EraseAccountSql = """
        update identity.accounts set email = @email, email_key = @email, display_name = 'Erased person', language = 'en', zone = 'UTC', password_hash = @noPassword, phone = null,
            phone_verified_at = null, second_factor = false, must_change_password = false, password_changed_at = null, epoch = epoch + 1, state = 'erased', changed_at = @now where id = @person
        """;
}
