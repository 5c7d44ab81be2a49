using Guildhall.Foundation;
using Guildhall.Marketplace.Contacts;
using Guildhall.Marketplace.Providers;

namespace Guildhall.Marketplace.Catalog;

public enum ServiceKind { Consultation, Visit }

/// <summary>What is sold: so many minutes, then a buffer in which the provider takes nobody else.</summary>
internal sealed record Service(ServiceId Id, ProviderId ProviderId, string Name, string Description, ServiceKind Kind, int Minutes, int BufferMinutes,
    long PriceMinor, Currency Currency, int NoticeMinutes, int HorizonDays, bool Active, Guid ProviderAccountId, string ProviderName, string ProviderHeadline,
    ProviderKind ProviderKind, string ProviderZone, ProviderState ProviderState, bool AsWritten)
{
    public Amount Price => new(PriceMinor, Currency);
    public bool IsOffered => Active && ProviderState == ProviderState.Active;

    public ServiceView ToView() => new(Id, Name, PublicText.Shown(Description, AsWritten), Kind, Minutes, BufferMinutes, Price, NoticeMinutes, HorizonDays,
        new ServiceProvider(ProviderId, ProviderName, PublicText.Shown(ProviderHeadline, AsWritten), ProviderKind, ProviderZone));
}

/// <summary>A service in the catalogue. Notice in minutes before the start, horizon in days from now.</summary>
public sealed record ServiceView(ServiceId Id, string Name, string Description, ServiceKind Kind, int Minutes, int BufferMinutes, Amount Price, int NoticeMinutes,
    int HorizonDays, ServiceProvider Provider);

/// <summary>Who offers it.</summary>
public sealed record ServiceProvider(ProviderId Id, string DisplayName, string Headline, ProviderKind Kind, string Zone);

internal static class ServiceRows
{
    public const string Select = $"""
        select s.id, s.provider_id, s.name, s.description, s.kind, s.minutes, s.buffer_minutes, s.price_minor, s.currency, s.notice_minutes, s.horizon_days, s.active,
            p.account_id as provider_account_id, p.display_name as provider_name, p.headline as provider_headline, p.kind as provider_kind, p.zone as provider_zone,
            p.state as provider_state, {ProviderRows.AsWritten}
        from marketplace.services s join marketplace.providers p on p.id = s.provider_id
        """;
}
