using Guildhall.Foundation.Data;

namespace Guildhall.Identity.Accounts;

/// <summary>What other modules show of a person.</summary>
public sealed record AccountSummary(Guid Id, string DisplayName, string Email, string Language, string Zone);

/// <summary>Reads about accounts for other modules.</summary>
public static class Accounts
{
    internal const int MaxIds = 1000;

    /// <summary>The person; throws when there is none, since an id held elsewhere is never deleted here.</summary>
    public static Task<AccountSummary> Summary(Transaction tx, Guid id) => tx.Get<AccountSummary>(One, new { id });

    /// <summary>The person, or null.</summary>
    public static Task<AccountSummary?> Summary(Database database, Guid id, CancellationToken stop = default) => database.Find<AccountSummary>(One, new { id }, stop);

    /// <summary>Those of the ids that exist, at most 1000, by id.</summary>
    public static async Task<IReadOnlyDictionary<Guid, AccountSummary>> Summaries(Database database, Guid[] ids, CancellationToken stop = default)
    {
        if (ids.Length > MaxIds) throw new ArgumentException($"At most {MaxIds} at once.", nameof(ids));
        var rows = await database.List<AccountSummary>(Many, new { ids }, stop);
        return rows.ToDictionary(r => r.Id);
    }

    private const string One = "select id, display_name, email, language, zone from identity.accounts where id = @id";
    private const string Many = "select id, display_name, email, language, zone from identity.accounts where id = any (@ids)";
}
