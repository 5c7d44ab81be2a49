using Guildhall.Foundation;
using Guildhall.Marketplace.Contacts;
using Guildhall.Marketplace.Providers;

namespace Guildhall.Marketplace.Catalog;

public enum ServiceKind { Consultation, Visit }

/// <summary>What is sold: so many minutes, then a buffer in which the provider takes nobody else. The revision rises with each change of it.</summary>
internal sealed record Service(ServiceId Id, ProviderId ProviderId, string Name, string? NameAr, string Description, ServiceKind Kind, string? CategoryId, int Minutes, int BufferMinutes,
    long PriceMinor, Currency Currency, int NoticeMinutes, int HorizonDays, bool Active, int Revision, Guid ProviderAccountId, string ProviderName, string ProviderHeadline,
    ProviderKind ProviderKind, string ProviderZone, ProviderState ProviderState, bool AsWritten, long? MinuteMinor, Guid[] Resources, bool AsksApproval, int SeriesMost)
{
    public Amount Price => new(PriceMinor, Currency);
    public Amount? MinutePrice => MinuteMinor is { } minor ? new Amount(minor, Currency) : null;

    /// <summary>Whose time it takes: the provider's, and what else it needs.</summary>
    public Guid[] Claimed => [ProviderId.Value, .. Resources];

    public bool IsOffered => Active && ProviderState == ProviderState.Active;

    /// <param name="own">For the provider, who reads what they wrote.</param>
    public ServiceView ToView(bool own = false) => new(Id, Name, PublicText.Shown(Description, AsWritten || own), Kind, Minutes, BufferMinutes, Price, NoticeMinutes, HorizonDays,
        new ServiceProvider(ProviderId, ProviderName, PublicText.Shown(ProviderHeadline, AsWritten), ProviderKind, ProviderZone), NameAr, CategoryId, AsksApproval, SeriesMost, MinutePrice);
}

/// <summary>A service in the catalogue. Notice in minutes before the start, horizon in days from now; the name in Arabic where its provider gave one.
/// <c>AsksApproval</c>: its provider says yes to each booking before it is paid. <c>SeriesMost</c>: how often in a row it is booked as a series; 0 when only once.
/// <c>MinutePrice</c>: what a begun minute of a call costs where it is sold by the minute; the price is then that of all its minutes, which is paid first, and what is not used comes back.</summary>
public sealed record ServiceView(ServiceId Id, string Name, string Description, ServiceKind Kind, int Minutes, int BufferMinutes, Amount Price, int NoticeMinutes,
    int HorizonDays, ServiceProvider Provider, string? NameAr, string? Category, bool AsksApproval, int SeriesMost, Amount? MinutePrice = null)
{
    /// <summary>The name for a reader of this language.</summary>
    public string NameIn(string language) => language == "ar" && NameAr is { } arabic ? arabic : Name;
}

/// <summary>Who offers it.</summary>
public sealed record ServiceProvider(ProviderId Id, string DisplayName, string Headline, ProviderKind Kind, string Zone);

internal static class ServiceRows
{
    public const string Columns = $"""
        s.id, s.provider_id, s.name, s.name_ar, s.description, s.kind, s.category_id, s.minutes, s.buffer_minutes, s.price_minor, s.currency, s.notice_minutes, s.horizon_days, s.active,
            s.revision, p.account_id as provider_account_id, p.display_name as provider_name, p.headline as provider_headline, p.kind as provider_kind, p.zone as provider_zone,
            p.state as provider_state, {ProviderRows.AsWritten}, {Needs} as resources, s.asks_approval, s.series_most, s.minute_minor
        """;

    /// <summary>What service <c>s</c> needs besides its provider.</summary>
    public const string Needs = "array(select n.resource_id from marketplace.service_resources n where n.service_id = s.id order by n.resource_id)";

    public const string Select = $"select {Columns} from marketplace.services s join marketplace.providers p on p.id = s.provider_id";

    /// <summary>Whether the words asked for (<c>@words</c>) all begin a word of the service; true without words. Asked and stored text are made plain by one function.</summary>
    public const string HasWords = """
        (@words is null or s.words @@ (select coalesce(string_agg(quote_literal(t.lexeme) || ':*', ' & '), '')::tsquery
            from unnest(to_tsvector('simple', marketplace.plain(@words))) as t(lexeme, positions, weights)))
        """;

    private const int MaxWords = 100;

    /// <summary>What is looked for; null when nothing is.</summary>
    public static string? Words(string? typed)
    {
        var plain = new string([.. (typed ?? "").Where(c => !char.IsControl(c)).Take(MaxWords)]).Trim();
        return plain.Length == 0 ? null : plain;
    }
}
