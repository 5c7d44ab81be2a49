using System.Globalization;
using System.Text.Json;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Routes;

/// <summary>Two who know streets: Google's computeRouteMatrix, and the table service of an OSRM. Streets go a third further than birds; Google drives 45 km/h, OSRM 54.</summary>
internal static class RouteParties
{
    public const string Key = "guildhall_sandbox_google_key";
    private const double Detour = 4 / 3.0, GoogleMetresPerSecond = 12.5, OsrmMetresPerSecond = 15, EarthMetres = 6_371_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var asked = new int[2];
        routes.MapPost("/distanceMatrix/v2:computeRouteMatrix", async (HttpContext http, World world) =>
        {
            Interlocked.Increment(ref asked[0]);
            return await Google(http, world);
        });
        routes.MapGet("/table/v1/{profile}/{places}", async (HttpContext http, World world, string places) =>
        {
            Interlocked.Increment(ref asked[1]);
            return await Osrm(http, world, places);
        });
        routes.MapGet("/sandbox/routes/asked", () => Control.Control.Json(new { google = Volatile.Read(ref asked[0]), osrm = Volatile.Read(ref asked[1]) }));
    }

    private static async Task<IResult> Google(HttpContext http, World world)
    {
        var fault = world.Read(w => w.Faults.GoogleRoutes);
        if (await Mishap(http, fault) is { } mishap) return mishap;
        if (fault is RoutesFault.Refused || http.Request.Headers["X-Goog-Api-Key"] != Key) return Error(403, "PERMISSION_DENIED", "The request is missing a valid API key.");
        if (http.Request.Headers["X-Goog-FieldMask"].Count == 0) return Error(400, "INVALID_ARGUMENT", "FieldMask is a required parameter.");
        JsonElement body;
        (double Latitude, double Longitude)[] from, to;
        try
        {
            body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
            if (body.GetProperty("travelMode").GetString() is not "DRIVE") return Error(400, "INVALID_ARGUMENT", "travelMode is not known here.");
            (from, to) = (Places(body, "origins"), Places(body, "destinations"));
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException) { return Error(400, "INVALID_ARGUMENT", "The request is not a route matrix."); }
        var cells = from.SelectMany((a, i) => to.Select((b, j) => Cell(i, j, Metres(a, b), fault))).Reverse();
        return Results.Json(cells);
    }

    // In any order; what is nothing is left out, as its JSON does.
    private static Dictionary<string, object> Cell(int origin, int destination, double metres, RoutesFault fault)
    {
        var cell = new Dictionary<string, object>(StringComparer.Ordinal) { ["originIndex"] = origin, ["destinationIndex"] = destination, ["status"] = new { } };
        cell["condition"] = fault is RoutesFault.NoWay ? "ROUTE_NOT_FOUND" : "ROUTE_EXISTS";
        if (fault is RoutesFault.NoWay) return cell;
        if (metres >= 1) cell["distanceMeters"] = (int)metres;
        cell["duration"] = string.Create(CultureInfo.InvariantCulture, $"{(int)(metres / GoogleMetresPerSecond)}s");
        return cell;
    }

    private static (double Latitude, double Longitude)[] Places(JsonElement body, string name) => [.. body.GetProperty(name).EnumerateArray().Select(p => p.GetProperty("waypoint").GetProperty("location").GetProperty("latLng"))
        .Select(p => (p.GetProperty("latitude").GetDouble(), p.GetProperty("longitude").GetDouble()))];

    private static async Task<IResult> Osrm(HttpContext http, World world, string places)
    {
        var fault = world.Read(w => w.Faults.Osrm);
        if (await Mishap(http, fault) is { } mishap) return mishap;
        if (fault is RoutesFault.Refused) return Results.Json(new { code = "InvalidUrl", message = "URL string is invalid." }, statusCode: 400);
        var points = places.Split(';').Select(p => p.Split(',')).Where(p => p.Length == 2)
            .Select(p => (Ok: double.TryParse(p[1], CultureInfo.InvariantCulture, out var latitude) & double.TryParse(p[0], CultureInfo.InvariantCulture, out var longitude), Place: (latitude, longitude))).ToList();
        if (points.Count < 2 || points.Exists(p => !p.Ok || Math.Abs(p.Place.latitude) > 90)) return Results.Json(new { code = "InvalidQuery", message = "Query string malformed." }, statusCode: 400);
        var (sources, destinations) = (Indexes(http, "sources", points.Count), Indexes(http, "destinations", points.Count));
        double?[][] metres = [.. sources.Select(s => destinations.Select(d => fault is RoutesFault.NoWay ? (double?)null : Math.Round(Metres(points[s].Place, points[d].Place), 1)).ToArray())];
        return Results.Json(new { code = "Ok", durations = metres.Select(row => row.Select(m => m / OsrmMetresPerSecond)), distances = metres });
    }

    private static int[] Indexes(HttpContext http, string name, int count) =>
        http.Request.Query[name] is [{ } text] && text is not "all" ? [.. text.Split(';').Select(i => Math.Clamp(int.Parse(i, CultureInfo.InvariantCulture), 0, count - 1))] : [.. Enumerable.Range(0, count)];

    private static async Task<IResult?> Mishap(HttpContext http, RoutesFault fault)
    {
        if (fault is RoutesFault.Slow) await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
        return fault switch
        {
            RoutesFault.Down => Results.StatusCode(500),
            RoutesFault.Garbage => Results.Text("<html><body>Please wait while we check your browser.</body></html>", "text/html"),
            _ => null,
        };
    }

    private static IResult Error(int code, string status, string message) => Results.Json(new { error = new { code, message, status } }, statusCode: code);

    private static double Metres((double Latitude, double Longitude) from, (double Latitude, double Longitude) to)
    {
        var (a, b) = (double.DegreesToRadians(from.Latitude), double.DegreesToRadians(to.Latitude));
        var h = Math.Pow(Math.Sin((b - a) / 2), 2) + Math.Cos(a) * Math.Cos(b) * Math.Pow(Math.Sin(double.DegreesToRadians(to.Longitude - from.Longitude) / 2), 2);
        return Detour * 2 * EarthMetres * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}
