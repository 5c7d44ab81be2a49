using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guildhall.Marketplace.Availability;

/// <summary>Free slots of a service, day by day in the reader's zone.</summary>
public static class ListSlots
{
    private const int MaxDays = 28;

    /// <param name="Zone">The reader's; dates and local times are in it.</param>
    /// <param name="Days">Every day asked for, also those without a free slot.</param>
    public sealed record View(ServiceId Service, string Zone, string ProviderZone, int Minutes, IReadOnlyList<Day> Days);

    public sealed record Day(DateOnly Date, IReadOnlyList<Slot> Slots);

    /// <param name="Start">The instant: what a booking takes.</param>
    /// <param name="Local">The reader's wall clock with its offset, which tells the two passes of a repeated hour apart.</param>
    /// <param name="ProviderLocal">The same on the provider's wall clock.</param>
    public sealed record Slot(DateTimeOffset Start, DateTimeOffset End, string Local, string ProviderLocal);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/services/{id}/slots", async (ServiceId id, Database database, CancellationToken stop, string? from = null, int days = 7, string? zone = null) =>
            (await Run(database, id, from, days, zone, stop)).ToHttp())
        .WithName(nameof(ListSlots)).ForAnyone().Produces<View>();

    /// <param name="from">First date, <c>2026-11-21</c>, in the reader's zone; today when null.</param>
    /// <param name="days">1 to 28.</param>
    /// <param name="zone">The reader's zone; the provider's when null.</param>
    public static async Task<Result<View>> Run(Database database, ServiceId id, string? from, int days, string? zone, CancellationToken stop)
    {
        var service = await ReadService.Find(database, id, stop);
        return service is { IsOffered: true } ? await Of(database, service, from, days, zone, except: null, stop) : MarketplaceRefusals.ServiceNotFound;
    }

    /// <summary>The same for a booking that is to move: what it takes now is free to it.</summary>
    internal static async Task<Result<View>> Of(Database database, Service service, string? from, int days, string? zone, BookingId? except, CancellationToken stop)
    {
        var (reader, provider) = (Zones.Find(zone ?? service.ProviderZone), Zones.Get(service.ProviderZone));
        if (reader is null) return MarketplaceRefusals.ZoneUnknown;
        if (days is < 1 or > MaxDays || FirstDate(database, from, reader) is not { } first) return MarketplaceRefusals.DaysOutOfRange;

        var free = await FreeSlots.Find(database, service, Midnight(first, reader), Midnight(first.AddDays(days), reader), except, stop);
        var slots = free.Select(start => ToSlot(start, service.Minutes, reader, provider)).ToLookup(slot => slot.Date, slot => slot.Slot);
        return new View(service.Id, reader.Id, provider.Id, service.Minutes,
            [.. Enumerable.Range(0, days).Select(n => first.AddDays(n)).Select(date => new Day(date, [.. slots[date]]))]);
    }

    /// <summary>Some free slots from about this moment on, for somebody whose slot is gone.</summary>
    internal static async Task<IReadOnlyList<Slot>> Alternatives(Database database, Service service, Instant near, BookingId? except, CancellationToken stop)
    {
        const int AtMost = 3;
        var zone = Zones.Get(service.ProviderZone);
        var free = await FreeSlots.Find(database, service, near - Duration.FromHours(12), near + Duration.FromDays(7), except, stop);
        return [.. free.Where(start => start != near).OrderBy(start => start > near ? start - near : near - start).Take(AtMost).Order().Select(start => ToSlot(start, service.Minutes, zone, zone).Slot)];
    }

    private static DateOnly? FirstDate(Database database, string? from, DateTimeZone reader)
    {
        if (string.IsNullOrEmpty(from)) return Instant.FromDateTimeOffset(database.Clock.GetUtcNow()).InZone(reader).Date.ToDateOnly();
        return DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2000 and <= 2100 ? date : null;
    }

    private static Instant Midnight(DateOnly date, DateTimeZone zone) => zone.AtStartOfDay(LocalDate.FromDateOnly(date)).ToInstant();

    private static (DateOnly Date, Slot Slot) ToSlot(Instant start, int minutes, DateTimeZone reader, DateTimeZone provider)
    {
        var local = start.InZone(reader);
        return (local.Date.ToDateOnly(), new Slot(start.ToDateTimeOffset(), (start + Duration.FromMinutes(minutes)).ToDateTimeOffset(),
            Zones.Text(local), Zones.Text(start.InZone(provider))));
    }
}
