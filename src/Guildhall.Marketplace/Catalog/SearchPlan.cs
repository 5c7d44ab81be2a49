using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Availability;
using NodaTime;

namespace Guildhall.Marketplace.Catalog;

/// <summary>A search that was checked: its order, its days as instants, and after which row its page begins.</summary>
internal sealed record SearchPlan(SearchServices.Query Asked, ServiceOrder Order, bool WantsFree, Instant From, Instant Until, long? AfterKey, ServiceId? AfterId)
{
    private const int UsualDays = 28;

    public static Result<SearchPlan> Read(Database database, SearchServices.Query query)
    {
        if (query.Kind is not (null or "" or "consultation" or "visit")) return Wrong("kind");
        if (OrderOf(query.Sort) is not { } order) return Wrong("sort");
        var currency = default(Currency);
        if (!string.IsNullOrEmpty(query.Currency) && !Currency.TryParse(query.Currency, out currency)) return Wrong("currency");
        var isPriced = !string.IsNullOrEmpty(query.Currency);
        if (!isPriced && (query.MinMinor is not null || query.MaxMinor is not null || order == ServiceOrder.Price)) return MarketplaceRefusals.SearchCurrencyMissing;
        if (!SearchServices.IsPlace(query.Lat, query.Lon, query.Km) || (order == ServiceOrder.Distance && query.Lat is null)) return MarketplaceRefusals.SearchPointMissing;
        if ((string.IsNullOrEmpty(query.Zone) ? DateTimeZone.Utc : Zones.Find(query.Zone)) is not { } zone) return MarketplaceRefusals.ZoneUnknown;

        var today = Instant.FromDateTimeOffset(database.Clock.GetUtcNow()).InZone(zone).Date.ToDateOnly();
        var from = query.From is { } wanted && wanted > today ? wanted : today;
        if (from.Year > SearchServices.LastYear) return MarketplaceRefusals.SearchDaysOutOfRange;
        var until = query.Until ?? from.AddDays(UsualDays - 1);
        if (!SearchServices.Days(from, until).Is(out _, out var refusal)) return refusal;
        if (!TryAfter(query.After, out var key, out var id)) return Wrong("after");
        var asked = query with { Currency = isPriced ? currency.Code : null, Q = ServiceRows.Words(query.Q), Kind = Null(query.Kind), Category = Null(query.Category) };
        return new SearchPlan(asked, order, order == ServiceOrder.FirstFree || query.From is not null || query.Until is not null, Midnight(from, zone), Midnight(until.AddDays(1), zone), key, id);
    }

    public object Args(int limit) => new
    {
        words = Asked.Q, kind = Asked.Kind, category = Asked.Category, currency = Asked.Currency, min = Asked.MinMinor, max = Asked.MaxMinor, lat = Asked.Lat, lon = Asked.Lon,
        metres = Asked.Km * 1000, degrees = Asked.Km is { } km ? km / 110.0 : (double?)null, order = Order, afterKey = Order == ServiceOrder.FirstFree ? null : AfterKey, afterId = Order == ServiceOrder.FirstFree ? null : AfterId, limit,
    };

    /// <summary>Whether a row stands on a page before this one.</summary>
    public bool IsBefore(long key, ServiceId id) => AfterKey is { } last && (key < last || (key == last && RowOrder.OfIds.Compare(id.Value, AfterId!.Value.Value) <= 0));

    public string Next(SearchServices.Ranked last) => string.Create(CultureInfo.InvariantCulture, $"{KeyOf(last)}~{last.Row.Id}");

    private long KeyOf(SearchServices.Ranked row) => Order switch
    {
        ServiceOrder.FirstFree => row.Free!.Value.ToUnixTimeTicks(),
        _ => row.Row.Key,
    };

    private static bool TryAfter(string? text, out long? key, out ServiceId? id)
    {
        (key, id) = (null, null);
        if (string.IsNullOrEmpty(text)) return true;
        var at = text.IndexOf('~', StringComparison.Ordinal);
        if (at <= 0 || !long.TryParse(text[..at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !Id.TryParse<ServiceId>(text[(at + 1)..], out var service)) return false;
        (key, id) = (number, service);
        return true;
    }

    private static ServiceOrder? OrderOf(string? text) =>
        string.IsNullOrEmpty(text) ? ServiceOrder.Newest : Enum.GetValues<ServiceOrder>().Cast<ServiceOrder?>().FirstOrDefault(o => Names.Of(o!.Value) == text);

    private static Refusal Wrong(string field) => FoundationRefusals.InvalidInput.With(("field", field));

    private static string? Null(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Instant Midnight(DateOnly date, DateTimeZone zone) => zone.AtStartOfDay(LocalDate.FromDateOnly(date)).ToInstant();
}

/// <summary>Ids in the order that the database has them in: by their bytes.</summary>
internal sealed class RowOrder : IComparer<Guid>
{
    public static readonly RowOrder OfIds = new();

    public int Compare(Guid x, Guid y) => x.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(y.ToByteArray(bigEndian: true));
}
