using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Resources;

/// <summary>Something of a provider's business that services need and that cannot be in two places at once: a van, a room, a second technician.</summary>
/// <param name="Mine">False when a colleague shared it: it can be needed, not changed.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="SharedWith">Colleagues who use it too; empty for who is not its owner.</param>
/// <param name="Revision">Sent back with a change.</param>
public sealed record ResourceView(ResourceId Id, string Name, bool Mine, string Owner, IReadOnlyList<SharedWith> SharedWith, int Revision);

/// <summary>A colleague who uses a resource too.</summary>
public sealed record SharedWith(ProviderId Provider, string DisplayName);

internal sealed record Resource(ResourceId Id, ProviderId ProviderId, string Name, int Revision, string Owner);

/// <summary>Finding resources.</summary>
internal static class ResourceRows
{
    public const int MostOfProvider = 50;

    private const string Select = """
        select r.id, r.provider_id, r.name, r.revision, p.display_name as owner from marketplace.resources r join marketplace.providers p on p.id = r.provider_id
        """;

    private sealed record Share(ResourceId ResourceId, ProviderId Provider, string DisplayName);

    private sealed record Named(Guid Id, string Name);

    /// <summary>Locks one that is there; null when it is none of this provider's.</summary>
    public static Task<Resource?> Lock(Transaction tx, ProviderId provider, ResourceId id) =>
        tx.Find<Resource>(Select + " where r.id = @id and r.provider_id = @provider and r.removed_at is null for update of r", new { id, provider });

    /// <summary>What a provider may use: their own first, then what is shared with them.</summary>
    public static async Task<IReadOnlyList<ResourceView>> Usable(Database database, ProviderId provider, CancellationToken stop)
    {
        var rows = await database.List<Resource>($"{Select} where r.removed_at is null and {IsUsable} order by r.provider_id <> @provider, lower(r.name), r.id limit 500", new { provider }, stop);
        var shares = (await database.List<Share>(SelectShares, new { provider }, stop)).ToLookup(s => s.ResourceId, s => new SharedWith(s.Provider, s.DisplayName));
        return [.. rows.Select(r => new ResourceView(r.Id, r.Name, r.ProviderId == provider, r.Owner, [.. shares[r.Id]], r.Revision))];
    }

    /// <summary>Which of these the provider may use, locked so that none is removed meanwhile.</summary>
    public static Task<IReadOnlyList<ResourceId>> LockUsable(Transaction tx, ProviderId provider, ResourceId[] ids) =>
        tx.List<ResourceId>($"select r.id from marketplace.resources r where r.id = any (@ids) and r.removed_at is null and {IsUsable} order by r.id for share of r limit 50", new { provider, ids });

    /// <summary>Their names, also of those that were removed since.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> Names(Database database, Guid[] ids, CancellationToken stop) => ids.Length == 0
        ? new Dictionary<Guid, string>()
        : (await database.List<Named>("select id, name from marketplace.resources where id = any (@ids) limit 5000", new { ids }, stop)).ToDictionary(r => r.Id, r => r.Name);

    private const string IsUsable = "(r.provider_id = @provider or exists (select 1 from marketplace.resource_shares h where h.resource_id = r.id and h.provider_id = @provider))";

    private const string SelectShares = """
        select h.resource_id, h.provider_id as provider, p.display_name from marketplace.resource_shares h join marketplace.providers p on p.id = h.provider_id
            join marketplace.resources r on r.id = h.resource_id
        where r.provider_id = @provider and r.removed_at is null order by p.display_name limit 2000
        """;
}
