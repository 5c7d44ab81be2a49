using System.Collections.Concurrent;
using System.Diagnostics;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Catalog;

namespace Guildhall.Marketplace.Availability;

/// <summary>Free times near one that is gone, named beside its refusal. Many come too late for one time at once: their search is made once and is at most two seconds
/// old. What it names may be gone again; the hold decides.</summary>
internal sealed class Alternatives
{
    private const int MostKept = 1000;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<(ServiceId, string), Search> _searches = new();

    private sealed record Search(long Began, DateTimeOffset At, Lazy<Task<IReadOnlyList<ListSlots.Slot>>> Slots);

    /// <summary>The same result; a time that is gone or not offered comes back with others.</summary>
    public async Task<Result<T>> Beside<T>(Result<T> result, Database database, ServiceId service, string start)
    {
        if (result.Is(out _, out var refusal) || refusal != MarketplaceRefusals.SlotUnavailable && refusal != MarketplaceRefusals.SlotNotOffered) return result;
        if (_searches.Count > MostKept) _searches.Clear();
        var search = _searches.AddOrUpdate((service, start), _ => Begin(database, service, start), (_, last) => IsFresh(last, database) ? last : Begin(database, service, start));
        return refusal.With(("alternatives", await search.Slots.Value));
    }

    // By both clocks: that of business may have been moved.
    private static bool IsFresh(Search search, Database database) => Stopwatch.GetElapsedTime(search.Began) <= Age && (database.Clock.GetUtcNow() - search.At).Duration() <= Age
        && !(search.Slots.IsValueCreated && search.Slots.Value.IsFaulted);

    private static Search Begin(Database database, ServiceId id, string start) => new(Stopwatch.GetTimestamp(), database.Clock.GetUtcNow(), new(() => Find(database, id, start)));

    private static async Task<IReadOnlyList<ListSlots.Slot>> Find(Database database, ServiceId id, string start) =>
        await ReadService.Find(database, id, CancellationToken.None) is { } service && Zones.ParseStart(start, Zones.Get(service.ProviderZone)).Is(out var near, out _)
            ? await ListSlots.Alternatives(database, service, near, except: null, CancellationToken.None)
            : [];
}
