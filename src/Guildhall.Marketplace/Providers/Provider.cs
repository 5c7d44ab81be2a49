using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Contacts;

namespace Guildhall.Marketplace.Providers;

public enum ProviderKind { Advisor, Technician }

public enum ProviderState { Active, Suspended }

/// <summary>Who offers services. <c>AccountId</c> is the person; the provider's id is the resource that claims are made on.</summary>
internal sealed record Provider(ProviderId Id, Guid AccountId, string DisplayName, string Headline, string Bio, ProviderKind Kind, string Zone, string[] Languages, ProviderState State,
    bool AsWritten)
{
    public ProviderView ToView() => new(Id, DisplayName, PublicText.Shown(Headline, AsWritten), PublicText.Shown(Bio, AsWritten), Kind, Zone, Languages);
}

/// <summary>A provider as everybody sees them. <c>Zone</c> is an IANA name; languages are BCP 47 tags.</summary>
public sealed record ProviderView(ProviderId Id, string DisplayName, string Headline, string Bio, ProviderKind Kind, string Zone, IReadOnlyList<string> Languages);

/// <summary>Finding providers.</summary>
internal static class ProviderRows
{
    public const string Columns = "p.id, p.account_id, p.display_name, p.headline, p.bio, p.kind, p.zone, p.languages, p.state, " + AsWritten;

    /// <summary>Whether staff granted that the public texts of provider <c>p</c> are shown as written.</summary>
    public const string AsWritten = "exists (select 1 from marketplace.mask_appeals m where m.text = 'profile' and m.subject_id = p.id and m.state = 'granted') as as_written";

    public static Task<Provider?> Find(Database database, ProviderId id, CancellationToken stop) =>
        database.Find<Provider>($"select {Columns} from marketplace.providers p where p.id = @id and p.state = 'active'", new { id }, stop);

    /// <summary>The provider that the caller is, or null.</summary>
    public static async Task<Provider?> OfCaller(Database database, Caller caller, CancellationToken stop) => caller.AccountId is { } account
        ? await database.Find<Provider>($"select {Columns} from marketplace.providers p where p.account_id = @account", new { account }, stop)
        : null;

    /// <inheritdoc cref="OfCaller(Database, Caller, CancellationToken)"/>
    public static async Task<Provider?> OfCaller(Transaction tx, Caller caller) => caller.AccountId is { } account
        ? await tx.Find<Provider>($"select {Columns} from marketplace.providers p where p.account_id = @account", new { account })
        : null;
}
