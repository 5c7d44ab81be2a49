using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Marketplace.Visits.Travel;

/// <summary>Where travel times are asked for; each of the two may be missing.</summary>
/// <param name="GoogleKey">Null: Google is not asked.</param>
/// <param name="Osrm">Null: no OSRM is asked. Its profile is <c>driving</c>.</param>
public sealed record TravelOptions(Uri GoogleApi, string? GoogleKey, Uri? Osrm)
{
    public static TravelOptions None { get; } = new(new Uri("https://routes.googleapis.com"), null, null);
}

/// <summary>What a party said of a way.</summary>
internal sealed record Way(int Seconds, int Metres);

/// <summary>Somebody who knows streets.</summary>
internal interface IRouteParty
{
    string Name { get; }
    TravelSource Source { get; }

    /// <summary>How long an answer is of use; of Google's, how long it may be kept.</summary>
    TimeSpan Fresh { get; }

    bool IsOnThisMachine { get; }
    PartyStatus Status { get; }

    /// <summary>Null when there is no answer or no way.</summary>
    Task<Way?> Ask(MapPlace from, MapPlace to, CancellationToken stop);
}

/// <summary>Google Routes, computeRouteMatrix with one way. The key goes in a header. Written from the documentation and tried against the sandbox only.</summary>
internal sealed class GoogleRoutes(HttpClient http, Uri api, string key) : IRouteParty
{
    private readonly Circuit _circuit = new(RouteCall.AtOnce);

    public string Name => "google_routes";
    public TravelSource Source => TravelSource.Google;
    public TimeSpan Fresh => TimeSpan.FromMinutes(10);
    public bool IsOnThisMachine => api.IsLoopback;
    public PartyStatus Status => _circuit.Status;

    public Task<Way?> Ask(MapPlace from, MapPlace to, CancellationToken stop) => RouteCall.Ask(http, _circuit, () =>
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, "/distanceMatrix/v2:computeRouteMatrix"))
        {
            Content = JsonContent.Create(new { origins = new[] { Stop(from) }, destinations = new[] { Stop(to) }, travelMode = "DRIVE", routingPreference = "TRAFFIC_AWARE" }),
        };
        request.Headers.Add("X-Goog-Api-Key", key);
        request.Headers.Add("X-Goog-FieldMask", "originIndex,destinationIndex,duration,distanceMeters,status,condition");
        return request;
    }, Read, stop);

    // The answer is a list in any order; of one way, one. A distance of nothing is left out.
    private static (bool Understood, Way? Way) Read(JsonElement said)
    {
        if (said is not { ValueKind: JsonValueKind.Array } || said.GetArrayLength() != 1) return default;
        var way = said[0];
        if (way.TryGetProperty("condition", out var condition) && condition.GetString() is "ROUTE_NOT_FOUND") return (true, null);
        if (!way.TryGetProperty("duration", out var duration) || duration.GetString() is not { } text || !text.EndsWith('s')) return default;
        if (!double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return default;
        return RouteCall.Sensible(seconds, way.TryGetProperty("distanceMeters", out var metres) ? metres.GetDouble() : 0);
    }

    private static object Stop(MapPlace place) => new { waypoint = new { location = new { latLng = new { latitude = place.Latitude, longitude = place.Longitude } } } };
}

/// <summary>An OSRM of the operator's own: the table service with one way; longitude before latitude.</summary>
internal sealed class OsrmRoutes(HttpClient http, Uri api) : IRouteParty
{
    private readonly Circuit _circuit = new(RouteCall.AtOnce);

    public string Name => "osrm";
    public TravelSource Source => TravelSource.Osrm;
    public TimeSpan Fresh => TimeSpan.FromDays(1);
    public bool IsOnThisMachine => api.IsLoopback;
    public PartyStatus Status => _circuit.Status;

    public Task<Way?> Ask(MapPlace from, MapPlace to, CancellationToken stop) => RouteCall.Ask(http, _circuit, () => new HttpRequestMessage(HttpMethod.Get, new Uri(api, string.Create(CultureInfo.InvariantCulture,
        $"{api.AbsolutePath.TrimEnd('/')}/table/v1/driving/{from.Longitude:0.######},{from.Latitude:0.######};{to.Longitude:0.######},{to.Latitude:0.######}?sources=0&destinations=1&annotations=duration,distance"))), Read, stop);

    // Null stands for: no street leads there.
    private static (bool Understood, Way? Way) Read(JsonElement said)
    {
        if (said is not { ValueKind: JsonValueKind.Object } || !said.TryGetProperty("code", out var code) || code.GetString() is not "Ok") return default;
        if (Cell(said, "durations") is not { } duration || Cell(said, "distances") is not { } distance) return default;
        if (duration.ValueKind == JsonValueKind.Null || distance.ValueKind == JsonValueKind.Null) return (true, null);
        return RouteCall.Sensible(duration.GetDouble(), distance.GetDouble());
    }

    private static JsonElement? Cell(JsonElement said, string name) =>
        said.TryGetProperty(name, out var rows) && rows is { ValueKind: JsonValueKind.Array } && rows.GetArrayLength() == 1 && rows[0] is { ValueKind: JsonValueKind.Array } row && row.GetArrayLength() == 1 ? row[0] : null;
}

/// <summary>One question to a party behind its circuit: two seconds, 64 kB, and every mishap is noted where staff see it.</summary>
internal static class RouteCall
{
    public const int AtOnce = 4;
    private const int MaxBytes = 64 * 1024, MaxSeconds = 864_000, MaxMetres = 20_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxBytes,
    };

    public static async Task<T?> Ask<T>(HttpClient http, Circuit circuit, Func<HttpRequestMessage> made, Func<JsonElement, (bool Understood, T? Said)> read, CancellationToken stop) where T : class
    {
        try
        {
            var (status, body) = await circuit.Run(async token =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
                limit.CancelAfter(Patience);
                using var request = made();
                using var answer = await http.SendAsync(request, limit.Token);
                return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(limit.Token));
            }, said => said.Item1 is >= 500 or 429, stop);
            if (status is not 200) return Failed<T>(circuit, $"It answered {status}.");
            var (understood, told) = read(JsonSerializer.Deserialize<JsonElement>(body));
            if (!understood) return Failed<T>(circuit, "Its answer is none of this protocol.");
            circuit.Works();
            return told;
        }
        catch (CircuitOpenException) { return null; }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException) { return Failed<T>(circuit, "Its answer is none of this protocol."); }
        catch (Exception problem) when (problem is HttpRequestException or IOException) { return Failed<T>(circuit, "It cannot be reached."); }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { return Failed<T>(circuit, "It did not answer within two seconds."); }
    }

    public static (bool Understood, Way? Way) Sensible(double seconds, double metres) =>
        seconds is >= 0 and <= MaxSeconds && metres is >= 0 and <= MaxMetres ? (true, new Way((int)Math.Ceiling(seconds), (int)Math.Round(metres))) : default;

    // Never what it said: an answer may repeat the key or where people live.
    private static T? Failed<T>(Circuit circuit, string why) where T : class
    {
        circuit.Fails(why);
        return null;
    }
}
