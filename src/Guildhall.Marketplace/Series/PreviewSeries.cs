using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guildhall.Marketplace.Series;

/// <summary>What a series would be: every occurrence, whether it is free, why not, and by when it is paid. Nothing is held by looking.</summary>
public static class PreviewSeries
{
    /// <param name="WallTime">On the clock of the provider's zone, without offset: the same hour on every date.</param>
    /// <param name="Start">Null when the clocks skip this time on that day.</param>
    /// <param name="Reasons">Why it is not free, as everybody may know it; empty when it is, and when the clocks skip it.</param>
    /// <param name="NextValid">When the clocks skip it: the first time after the gap.</param>
    public sealed record Item(int No, string WallTime, DateTimeOffset? Start, bool IsFree, IReadOnlyList<ExplainSlot.Reason> Reasons, string? NextValid);

    /// <param name="Price">Of each.</param>
    /// <param name="PayDays">The first is paid at once; each that follows so many days before its beginning, or it is released with all that follow it.</param>
    /// <param name="AllFree">All of them can be booked.</param>
    public sealed record View(ServiceId Service, string Zone, int EveryWeeks, Amount Price, int PayDays, bool AllFree, IReadOnlyList<Item> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/services/{id}/series", async (ServiceId id, Database database, CancellationToken stop, string? start = null, int every = 1, int count = 4) =>
            (await Run(database, id, start, every, count, stop)).ToHttp())
        .WithName(nameof(PreviewSeries)).ForAnyone().Produces<View>();

    /// <param name="start">The first one: an instant such as <c>2026-11-21T15:30:00Z</c>, or without an offset a wall time of the provider's zone.</param>
    /// <param name="every">1 to 8 weeks.</param>
    /// <param name="count">2 to what the service allows.</param>
    public static async Task<Result<View>> Run(Database database, ServiceId id, string? start, int every, int count, CancellationToken stop)
    {
        if (await ReadService.Find(database, id, stop) is not { IsOffered: true } service) return MarketplaceRefusals.ServiceNotFound;
        if (!Zones.ParseStart(start, Zones.Get(service.ProviderZone)).Is(out var first, out var refusal)) return refusal;
        return await Of(database, service, first, every, count, stop);
    }

    internal static async Task<Result<View>> Of(Database database, Service service, Instant first, int every, int count, CancellationToken stop)
    {
        if (service.SeriesMost == 0) return MarketplaceRefusals.NoSeries;
        if (!Occurrences.Of(first, Zones.Get(service.ProviderZone), every, count, service.SeriesMost).Is(out var all, out var refusal)) return refusal;
        // Each by the rules that say why one time is not free: at most 26, each at most a handful of reads.
        var items = new List<Item>();
        foreach (var one in all)
        {
            IReadOnlyList<ExplainSlot.Reason> reasons = one.Start is { } at ? ExplainSlot.ForCustomer(await SlotObstacles.Of(database, service, at, stop)) : [];
            items.Add(new Item(one.No, one.Wall.ToString("uuuu'-'MM'-'dd'T'HH':'mm':'ss", CultureInfo.InvariantCulture), one.Start?.ToDateTimeOffset(), one.Start is not null && reasons.Count == 0, reasons, one.NextValid));
        }
        return new View(service.Id, service.ProviderZone, every, service.Price, await database.Setting(MarketplaceSettings.SeriesPayDays, stop), items.TrueForAll(i => i.IsFree), items);
    }
}
