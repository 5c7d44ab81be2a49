using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Providers;

namespace Guildhall.Marketplace.Packages;

/// <summary>So many sessions of a provider's services at one price, valid so many days from the payment. The revision rises with each change of it.</summary>
internal sealed record Package(PackageId Id, ProviderId ProviderId, Guid ProviderAccountId, string ProviderName, ProviderState ProviderState, string Name, string? NameAr, int Sessions, long PriceMinor,
    Currency Currency, int ValidDays, int UnusedBackPercent, bool Active, int Revision, Guid[] ServiceIds, bool CanBeUsed)
{
    public Amount Price => new(PriceMinor, Currency);

    public bool IsOffered => Active && ProviderState == ProviderState.Active && CanBeUsed;

    public IEnumerable<ServiceId> Services => ServiceIds.Select(id => new ServiceId(id));
}

/// <summary>A package on offer. <c>UnusedBackPercent</c>: how much of the money of sessions that were not used comes back when the customer gives the package up or its time is over.
/// <c>Revision</c> goes with a change.</summary>
public sealed record PackageView(PackageId Id, ProviderId ProviderId, string ProviderName, string Name, string? NameAr, int Sessions, Amount Price, int ValidDays, int UnusedBackPercent, bool Active, int Revision,
    IReadOnlyList<PackageService> Services)
{
    /// <summary>The name for a reader of this language.</summary>
    public string NameIn(string language) => language == "ar" && NameAr is { } arabic ? arabic : Name;
}

/// <summary>A service that a session of the package may be.</summary>
public sealed record PackageService(ServiceId Id, string Name, string? NameAr, int Minutes, bool Offered)
{
    /// <summary>The name for a reader of this language.</summary>
    public string NameIn(string language) => language == "ar" && NameAr is { } arabic ? arabic : Name;
}

internal static class PackageRows
{
    // Can be used: at least one of its services is on sale.
    public const string Select = """
        select k.id, k.provider_id, p.account_id as provider_account_id, p.display_name as provider_name, p.state as provider_state, k.name, k.name_ar, k.sessions, k.price_minor, k.currency, k.valid_days,
            k.unused_back_percent, k.active, k.revision,
            array(select ks.service_id from marketplace.package_services ks where ks.package_id = k.id order by ks.service_id) as service_ids,
            exists (select 1 from marketplace.package_services ks join marketplace.services s on s.id = ks.service_id where ks.package_id = k.id and s.active) as can_be_used
        from marketplace.packages k join marketplace.providers p on p.id = k.provider_id
        """;

    public static Task<Package?> Find(Database database, PackageId id, CancellationToken stop) => database.Find<Package>(Select + " where k.id = @id", new { id }, stop);

    public static async Task<IReadOnlyList<PackageView>> Show(Database database, IReadOnlyList<Package> rows, CancellationToken stop)
    {
        var services = await Services(database, [.. rows.SelectMany(r => r.Services).Distinct()], stop);
        return [.. rows.Select(k => new PackageView(k.Id, k.ProviderId, k.ProviderName, k.Name, k.NameAr, k.Sessions, k.Price, k.ValidDays, k.UnusedBackPercent, k.Active, k.Revision,
            [.. k.Services.Where(services.ContainsKey).Select(id => services[id])]))];
    }

    public static async Task<IReadOnlyDictionary<ServiceId, PackageService>> Services(Database database, IReadOnlyList<ServiceId> ids, CancellationToken stop) =>
        (await database.List<Service>(ServiceRows.Select + " where s.id = any (@ids) limit 2000", new { ids = ids.ToArray() }, stop))
            .ToDictionary(s => s.Id, s => new PackageService(s.Id, s.Name, s.NameAr, s.Minutes, s.IsOffered));
}
