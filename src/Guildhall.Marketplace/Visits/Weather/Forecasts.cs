using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Visits.Travel;

namespace Guildhall.Marketplace.Visits.Weather;

/// <summary>The weather of visits: kept answers of the last half hour, then OpenWeather, then what they said within six hours, with its age. They learn a place to a kilometre and no time.
/// Three seconds for all places of a page together; called outside transactions; nothing is decided by it.</summary>
public sealed class Forecasts : IDisposable
{
    private const int MostPlaces = 12;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3), Reach = TimeSpan.FromDays(7.5);
    private readonly HttpClient _http = RouteCall.Client();
    private readonly WeatherOptions _options;
    private readonly OpenWeather? _party;

    /// <summary>How long an answer is asked for no second time; they renew theirs every ten minutes.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromMinutes(30);

    /// <summary>How old an answer may be that is shown while nobody answers.</summary>
    internal static readonly TimeSpan Stale = TimeSpan.FromHours(6);

    public Forecasts(WeatherOptions options) => (_options, _party) = (options, options.Key is null ? null : new OpenWeather(_http, options));

    /// <summary>How they do; null when they are not set up.</summary>
    public PartyStatus? Status => _party?.Status;

    public bool IsOnThisMachine => _options.Api.IsLoopback;

    /// <summary>Asks for the weather in Kuwait City, for staff: true when they answered.</summary>
    public async Task<bool> Try(CancellationToken stop) => _party is not null && await _party.Ask(new MapPlace(29.38, 47.98), stop) is not null;

    /// <summary>Of each visit, in their order. A visit that is under way has the weather of now.</summary>
    internal async Task<IReadOnlyList<VisitWeather>> Of(Database database, IReadOnlyList<(MapPlace? Place, DateTimeOffset Start, DateTimeOffset End)> visits, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        if (_party is null) return [.. visits.Select(_ => VisitWeather.NotConfigured)];
        Place[] asked = [.. visits.Where(v => v.Place is not null && IsInRange(v, now)).Select(v => new Place(v.Place!)).DistinctBy(p => p.Text).Take(MostPlaces)];
        var known = (await Known(database, asked, now, stop)).ToDictionary(k => k.Text, k => k.Said, StringComparer.Ordinal);
        return [.. visits.Select(v => Say(v, known, now))];
    }

    private static VisitWeather Say((MapPlace? Place, DateTimeOffset Start, DateTimeOffset End) visit, Dictionary<string, (PlaceWeather Said, DateTimeOffset AsOf)?> known, DateTimeOffset now)
    {
        if (!IsInRange(visit, now)) return VisitWeather.OutOfRange;
        if (visit.Place is not { } place) return VisitWeather.NoPlace;
        if (known.GetValueOrDefault(new Place(place).Text) is not { } found) return VisitWeather.Unavailable;
        return found.Said.At(visit.Start > now ? visit.Start : now, found.AsOf) is { } forecast ? new VisitWeather(forecast, null) : VisitWeather.OutOfRange;
    }

    private static bool IsInRange((MapPlace? Place, DateTimeOffset Start, DateTimeOffset End) visit, DateTimeOffset now) => visit.End > now && visit.Start < now + Reach;

    private async Task<IEnumerable<(string Text, (PlaceWeather Said, DateTimeOffset AsOf)? Said)>> Known(Database database, Place[] places, DateTimeOffset now, CancellationToken stop)
    {
        if (places.Length == 0) return [];
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(stop);
        budget.CancelAfter(Budget);
        var kept = (await database.List<Kept>("select place, said, as_of from marketplace.forecasts where place = any(@keys) and as_of > @since limit 100", new { keys = places.Select(p => p.Key).ToArray(), since = now - Stale }, stop))
            .ToDictionary(k => Convert.ToHexString(k.Place), StringComparer.Ordinal);
        var found = await Task.WhenAll(places.Select(p => Of(database, p, kept.GetValueOrDefault(Convert.ToHexString(p.Key)), now, budget.Token)));
        stop.ThrowIfCancellationRequested();
        return found;
    }

    private async Task<(string Text, (PlaceWeather Said, DateTimeOffset AsOf)? Said)> Of(Database database, Place place, Kept? kept, DateTimeOffset now, CancellationToken budget)
    {
        (PlaceWeather Said, DateTimeOffset AsOf)? before = kept is not null && Read(kept.Said) is { } said ? (said, kept.AsOf) : null;
        if (before is { } fresh && fresh.AsOf > now - Fresh) return (place.Text, fresh);
        try
        {
            if (await _party!.Ask(place.Rounded, budget) is { } told)
            {
                await database.Change(Keep, new { place = place.Key, said = JsonSerializer.Serialize(told, JsonRules.Options), now }, budget);
                return (place.Text, (told, now));
            }
        }
        catch (OperationCanceledException) { } // too late for this page
        return (place.Text, before);
    }

    // Another version of this program may have kept it in another shape: then there is nothing yet.
    private static PlaceWeather? Read(string said)
    {
        try { return JsonSerializer.Deserialize<PlaceWeather>(said, JsonRules.Options); }
        catch (JsonException) { return null; }
    }

    public void Dispose() => _http.Dispose();

    private sealed record Kept(byte[] Place, string Said, DateTimeOffset AsOf);

    // To a kilometre or so.
    private sealed record Place(string Text, MapPlace Rounded, byte[] Key)
    {
        public Place(MapPlace at) : this(string.Create(CultureInfo.InvariantCulture, $"{at.Latitude:0.00},{at.Longitude:0.00}"), at, []) => Key = PersonKeys.Blind("forecast-place", Text);
    }

    private const string Keep = """
        insert into marketplace.forecasts (place, said, as_of) values (@place, @said::jsonb, @now) on conflict (place) do update set said = excluded.said, as_of = excluded.as_of
        """;
}
