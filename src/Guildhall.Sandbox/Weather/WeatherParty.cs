using System.Globalization;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Weather;

/// <summary>OpenWeather's One Call 3.0: 48 hours and eight days, by a sky that is the same for the same place and day. At latitudes that are whole degrees it always rains.</summary>
internal static class WeatherParty
{
    public const string Key = "guildhall_sandbox_openweather_key";
    private static readonly (int Id, string Main, string Description, string Icon)[] Skies =
        [(800, "Clear", "clear sky", "01d"), (802, "Clouds", "scattered clouds", "03d"), (501, "Rain", "moderate rain", "10d"), (761, "Dust", "dust", "50d"), (211, "Thunderstorm", "thunderstorm", "11d")];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var asked = 0;
        routes.MapGet("/data/3.0/onecall", async (HttpContext http, World world) =>
        {
            Interlocked.Increment(ref asked);
            return await Answer(http, world);
        });
        routes.MapGet("/sandbox/weather/asked", () => Control.Control.Json(new { asked = Volatile.Read(ref asked) }));
    }

    private static async Task<IResult> Answer(HttpContext http, World world)
    {
        var (fault, now, query) = (world.Read(w => w.Faults.Weather), world.Read(w => w.UnixNow), http.Request.Query);
        if (fault is WeatherFault.Slow) await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
        if (fault is WeatherFault.Down) return Error(500, "Internal server error");
        if (fault is WeatherFault.Garbage) return Results.Json(new { lat = "here", hourly = new[] { new { dt = "soon" } } });
        if (fault is WeatherFault.Limited) return Error(429, "Your account is temporary blocked due to exceeding of requests limitation of your subscription type.");
        if (fault is WeatherFault.Refused || query["appid"] != Key) return Error(401, "Invalid API key. Please see https://openweathermap.org/faq#error401 for more info.");
        if (!Number(query["lat"], 90, out var latitude)) return Error(400, "wrong latitude");
        if (!Number(query["lon"], 180, out var longitude)) return Error(400, "wrong longitude");
        return Results.Json(Weather(latitude, longitude, now, query["exclude"].ToString().Split(','), query["units"] == "metric" ? 0 : 273.15));
    }

    private static Dictionary<string, object> Weather(double latitude, double longitude, long now, string[] without, double zero)
    {
        var offset = (int)Math.Round(longitude / 15) * 3600;
        var all = new Dictionary<string, object>(StringComparer.Ordinal) { ["lat"] = latitude, ["lon"] = longitude, ["timezone"] = "Etc/GMT", ["timezone_offset"] = offset };
        if (!without.Contains("current")) all["current"] = Hour(now);
        if (!without.Contains("hourly")) all["hourly"] = Enumerable.Range(0, 48).Select(i => Hour(now - now % 3600 + i * 3600L)).ToList();
        if (!without.Contains("daily")) all["daily"] = Enumerable.Range(0, 8).Select(i => Day(now - (now + offset) % 86_400 + 43_200 + i * 86_400L)).ToList();
        return all;

        object Hour(long at) => new { dt = at, temp = Degrees(at) + zero, feels_like = Degrees(at) + 1 + zero, pressure = 1012, humidity = 40, wind_speed = 5.0, wind_deg = 320, weather = Sky(at), pop = Rain(at) };
        object Day(long at) => new { dt = at, temp = new { day = Degrees(at) + zero, min = Degrees(at) - 6 + zero, max = Degrees(at) + 4 + zero }, pressure = 1012, humidity = 40, wind_speed = 7.5, weather = Sky(at), pop = Rain(at) };
        double Degrees(long at) => Math.Round(35 - Math.Abs(latitude) / 3 + (at / 86_400 + (long)longitude) % 5, 2);
        double Rain(long at) => Pick(at).Id is >= 200 and < 700 ? 0.8 : 0;
        object Sky(long at) => new[] { new { id = Pick(at).Id, main = Pick(at).Main, description = Pick(at).Description, icon = Pick(at).Icon } };
        (int Id, string Main, string Description, string Icon) Pick(long at) => latitude == Math.Truncate(latitude) ? Skies[2] : Skies[(int)((at + offset) / 86_400 % Skies.Length)];
    }

    private static bool Number(string? text, double most, out double number) => double.TryParse(text, CultureInfo.InvariantCulture, out number) && Math.Abs(number) <= most;

    private static IResult Error(int code, string message) => Results.Json(new { cod = code, message }, statusCode: code);
}
