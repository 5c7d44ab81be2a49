using System.Globalization;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;

namespace Guildhall.Marketplace.Visits.Travel;

/// <summary>How long ways take: kept answers first, then Google, then OSRM, then the straight line, each with its source. Asks within three seconds for all of them together; whoever
/// has not answered by then is not waited for. Called outside transactions.</summary>
public sealed class TravelTimes : IDisposable
{
    private const int MostWays = 24;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);
    private readonly HttpClient _http = RouteCall.Client();
    private readonly IRouteParty[] _parties;

    public TravelTimes(TravelOptions options)
    {
        var parties = new List<IRouteParty>();
        if (options.GoogleKey is { } key) parties.Add(new GoogleRoutes(_http, options.GoogleApi, key));
        if (options.Osrm is { } osrm) parties.Add(new OsrmRoutes(_http, osrm));
        _parties = [.. parties];
    }

    /// <summary>How a party that is set up does: <c>google_routes</c> or <c>osrm</c>; null when it is not set up.</summary>
    public PartyStatus? StatusOf(string name, out bool onThisMachine)
    {
        var party = Array.Find(_parties, p => p.Name == name);
        onThisMachine = party?.IsOnThisMachine ?? false;
        return party?.Status;
    }

    /// <summary>Asks one party for a short way in Kuwait City, for staff: true when it answered.</summary>
    public async Task<bool> Try(string name, CancellationToken stop) =>
        Array.Find(_parties, p => p.Name == name) is { } party && await party.Ask(new MapPlace(29.3759, 47.9774), new MapPlace(29.3339, 48.0758), stop) is not null;

    /// <summary>The ways in their order; null where one is not known at all, and beyond the first 24.</summary>
    internal async Task<IReadOnlyList<TravelTime?>> Of(Database database, IReadOnlyList<(MapPlace From, MapPlace To)?> ways, CancellationToken stop)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(stop);
        budget.CancelAfter(Budget);
        var kept = (await Kept(database, [.. ways.OfType<(MapPlace From, MapPlace To)>().Take(MostWays).Select(Key)], stop)).ToLookup(k => Convert.ToHexString(k.Way), StringComparer.Ordinal);
        var found = await Task.WhenAll(ways.Select((way, at) => way is { } known && at < MostWays ? Of(database, known, kept, budget.Token) : Task.FromResult<TravelTime?>(null)));
        stop.ThrowIfCancellationRequested();
        return found;
    }

    private async Task<TravelTime?> Of(Database database, (MapPlace From, MapPlace To) way, ILookup<string, KeptTime> kept, CancellationToken budget)
    {
        var (key, now) = (Key(way), database.Clock.GetUtcNow());
        foreach (var party in _parties)
        {
            if (kept[Convert.ToHexString(key)].FirstOrDefault(k => k.Source == party.Source && k.AsOf > now - party.Fresh) is { } known) return new TravelTime(known.Source, known.Seconds, known.Metres, known.AsOf);
            try
            {
                if (await party.Ask(way.From, way.To, budget) is not { } said) continue;
                await database.Change(Keep, new { way = key, source = party.Source, said.Seconds, said.Metres, now }, budget);
                return new TravelTime(party.Source, said.Seconds, said.Metres, now);
            }
            catch (OperationCanceledException) { break; }
        }
        return StraightLine.Between(way.From, way.To, now);
    }

    private async Task<IReadOnlyList<KeptTime>> Kept(Database database, byte[][] ways, CancellationToken stop) => _parties.Length == 0 || ways.Length == 0 ? []
        : await database.List<KeptTime>("select way, source, seconds, metres, as_of from marketplace.travel_times where way = any(@ways) limit 100", new { ways }, stop);

    private sealed record KeptTime(byte[] Way, TravelSource Source, int Seconds, int Metres, DateTimeOffset AsOf);

    // To eleven metres or so: the same door is the same way.
    private static byte[] Key((MapPlace From, MapPlace To) way) => PersonKeys.Blind("travel-way",
        string.Create(CultureInfo.InvariantCulture, $"{way.From.Latitude:0.0000},{way.From.Longitude:0.0000};{way.To.Latitude:0.0000},{way.To.Longitude:0.0000}"));

    public void Dispose() => _http.Dispose();

    private const string Keep = """
        insert into marketplace.travel_times (way, source, seconds, metres, as_of) values (@way, @source, @Seconds, @Metres, @now)
        on conflict (way, source) do update set seconds = excluded.seconds, metres = excluded.metres, as_of = excluded.as_of
        """;
}
