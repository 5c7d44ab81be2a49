using Guildhall.Foundation.Data;
using Guildhall.Identity.Passwords;
using Guildhall.Messaging;

namespace Guildhall.Identity.Accounts;

/// <summary>Accounts of the demo marketplace: confirmed, with a known password. For the seed only, which production refuses.</summary>
public static class SeedAccounts
{
    // The demo's accounts share one password that everybody is told: stretching it once is enough.
    private static Stretched? _last;

    private sealed record Stretched(string Password, string Hash);

    internal static PasswordHash? Passwords { get; set; }

    /// <summary>The account's id, made when it is not there yet. An account that exists keeps its password and profile.</summary>
    public static async Task<Guid> Ensure(Transaction tx, string email, string displayName, string password, IReadOnlyCollection<string> roles, string language, string zone)
    {
        if (!EmailAddress.TryParse(email, out var address)) throw new ArgumentException($"{email} is no address.", nameof(email));
        if (await tx.Find<AccountId?>("select id from identity.accounts where email_key = @key", new { key = address.Key }) is { } known) return known.Value;
        var id = tx.NewId<AccountId>();
        var passwordHash = HashOf(password);
        await tx.ChangeOne(Add, new { id, email = address.Text, key = address.Key, displayName, language, zone, passwordHash, now = tx.Now });
        await tx.Change("insert into identity.account_roles (account_id, role, granted_at) select @id, r, @now from unnest(@roles) as r", new { id, roles = roles.ToArray(), now = tx.Now });
        await Recipients.Put(tx, id.Value, address.Text, displayName, language, zone);
        return id.Value;
    }

    private static string HashOf(string password)
    {
        if (_last is { } last && string.Equals(last.Password, password, StringComparison.Ordinal)) return last.Hash;
        var made = (Passwords ?? throw new InvalidOperationException("AddIdentity comes first.")).Make(password);
        _last = new Stretched(password, made);
        return made;
    }

    private const string Add = """
        insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, email_verified_at, changed_at)
        values (@id, @email, @key, @displayName, @language, @zone, @passwordHash, 'active', @now, @now, @now)
        """;
}
