using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Accounts;

/// <summary>What other modules show of a person.</summary>
public sealed record AccountSummary(Guid Id, string DisplayName, string Email, string Language, string Zone);

/// <summary>How long a person is known and by which address.</summary>
public sealed record KnownPerson(string Email, DateTimeOffset CreatedAt);

/// <summary>Reads about accounts for other modules.</summary>
public static class Accounts
{
    internal const int MaxIds = 1000;

    /// <summary>The person; throws when there is none, since an id held elsewhere is never deleted here.</summary>
    public static Task<AccountSummary> Summary(Transaction tx, Guid id) => tx.Get<AccountSummary>(One, new { id });

    /// <summary>Two people in one round trip; throws when one is missing.</summary>
    public static async Task<(AccountSummary One, AccountSummary Other)> Summaries(Transaction tx, Guid one, Guid other)
    {
        var both = await tx.List<AccountSummary>(Many, new { ids = new[] { one, other } });
        return (both.Single(p => p.Id == one), both.Single(p => p.Id == other));
    }

    /// <summary>The person in the caller's transaction, or null.</summary>
    public static Task<AccountSummary?> Find(Transaction tx, Guid id) => tx.Find<AccountSummary>(One, new { id });

    /// <summary>The person, or null.</summary>
    public static Task<AccountSummary?> Summary(Database database, Guid id, CancellationToken stop = default) => database.Find<AccountSummary>(One, new { id }, stop);

    /// <summary>Those of the ids that exist, at most 1000, by id.</summary>
    public static async Task<IReadOnlyDictionary<Guid, AccountSummary>> Summaries(Database database, Guid[] ids, CancellationToken stop = default)
    {
        if (ids.Length > MaxIds) throw new ArgumentException($"At most {MaxIds} at once.", nameof(ids));
        var rows = await database.List<AccountSummary>(Many, new { ids }, stop);
        return rows.ToDictionary(r => r.Id);
    }

    /// <summary>Since when and by which address the person is known, or null.</summary>
    public static Task<KnownPerson?> Known(Transaction tx, Guid id) => tx.Find<KnownPerson>("select email_key as email, created_at from identity.accounts where id = @id", new { id });

    /// <summary>Whether two accounts belong to one person as far as their e-mail tells: the same mailbox, whatever its case or the tag after a plus.
    /// A check that needs two people asks this; an account is always the same person as itself.</summary>
    public static async Task<bool> AreOnePerson(Transaction tx, Guid a, Guid b)
    {
        if (a == b) return true;
        var mailboxes = await tx.List<string>("select email_key from identity.accounts where id = any (@ids)", new { ids = new[] { a, b } });
        return mailboxes.Count == 2 && string.Equals(Mailbox(mailboxes[0]), Mailbox(mailboxes[1]), StringComparison.Ordinal);
    }

    /// <summary>Active people who hold a permission by a role of theirs, at most 50: those whom a matter of staff is told.</summary>
    public static Task<IReadOnlyList<AccountSummary>> Holding(Transaction tx, Permission permission) => tx.List<AccountSummary>(HoldingSql, new { permission = permission.Name });

    /// <summary>Whether a person who could do this once is suspended now or has lost the permission: what they proposed or half approved counts no more.</summary>
    public static Task<bool> MayNoLonger(Transaction tx, Guid id, Permission permission) => tx.Get<bool>(MayNoLongerSql, new { id, permission = permission.Name });

    /// <summary>Whether the account may sign in; its row is held until the transaction ends, so that a suspension comes before or after.</summary>
    public static async Task<bool> IsActive(Transaction tx, Guid id) => await tx.Find<Guid?>("select id from identity.accounts where id = @id and state = 'active' for no key update", new { id }) is not null;

    /// <summary>Those of the accounts that are suspended.</summary>
    public static async Task<IReadOnlySet<Guid>> Suspended(Transaction tx, IReadOnlyCollection<Guid> ids) => (await tx.List<Guid>(
        "select id from identity.accounts where id = any (@ids) and state = 'suspended' limit 100000", new { ids = ids.ToArray() })).ToHashSet();

    /// <summary>The mailbox of an address: without a tag after a plus, in small letters. Gmail ignores dots and has two names; others do not, so elsewhere a
    /// dot tells two people apart.</summary>
    public static string Mailbox(string email)
    {
        var key = email.ToLowerInvariant();
        var (local, domain) = (key[..key.LastIndexOf('@')], key[(key.LastIndexOf('@') + 1)..]);
        if (local.IndexOf('+', StringComparison.Ordinal) is > 0 and var tag) local = local[..tag];
        return domain is "gmail.com" or "googlemail.com" ? local.Replace(".", "", StringComparison.Ordinal) + "@gmail.com" : $"{local}@{domain}";
    }

    private const string HoldingSql = """
        select a.id, a.display_name, a.email, a.language, a.zone from identity.accounts a
        where a.state = 'active' and exists (select 1 from identity.account_roles r join identity.role_permissions p on p.role = r.role
            where r.account_id = a.id and p.permission in (@permission, '*')) order by a.id limit 50
        """;

    private const string MayNoLongerSql = """
        select exists (select 1 from identity.accounts a where a.id = @id and (a.state = 'suspended' or not exists (
            select 1 from identity.account_roles r join identity.role_permissions p on p.role = r.role where r.account_id = a.id and p.permission in (@permission, '*'))))
        """;

    private const string One = "select id, display_name, email, language, zone from identity.accounts where id = @id";
    private const string Many = "select id, display_name, email, language, zone from identity.accounts where id = any (@ids)";
}
