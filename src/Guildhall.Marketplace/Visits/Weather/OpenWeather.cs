using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Visits.Travel;

namespace Guildhall.Marketplace.Visits.Weather;

/// <summary>Where forecasts are asked for.</summary>
/// <param name="Key">Null: nobody is asked.</param>
/// <param name="Path">Of One Call 3.0, which the key's subscription names.</param>
public sealed record WeatherOptions(Uri Api, string? Key, string Path = "/data/3.0/onecall")
{
    public static WeatherOptions None { get; } = new(new Uri("https://api.openweathermap.org"), null);
}

/// <summary>OpenWeather, One Call: 48 hours and eight days of a place. The key stands in the address, as they want it, so the address is never logged. Two seconds, four at once.
/// Written from the documentation and tried against the sandbox only.</summary>
internal sealed class OpenWeather(HttpClient http, WeatherOptions options)
{
    public const string Source = "openweather";
    private const int MostHours = 48, MostDays = 8;
    private readonly Circuit _circuit = new(RouteCall.AtOnce);

    public PartyStatus Status => _circuit.Status;

    /// <summary>Null when there is no answer.</summary>
    public Task<PlaceWeather?> Ask(MapPlace place, CancellationToken stop) => RouteCall.Ask(http, _circuit, () => new HttpRequestMessage(HttpMethod.Get, new Uri(options.Api, string.Create(CultureInfo.InvariantCulture,
        $"{options.Path}?lat={place.Latitude:0.00}&lon={place.Longitude:0.00}&exclude=current,minutely,alerts&units=metric&appid={Uri.EscapeDataString(options.Key!)}"))), Read, stop);

    private static (bool Understood, PlaceWeather? Said) Read(JsonElement said)
    {
        if (said is not { ValueKind: JsonValueKind.Object } || !Numbers(said, "timezone_offset", -86_400, 86_400, out var offset)) return default;
        if (Steps(said, "hourly", MostHours, Hour) is not { Count: > 0 } hours || Steps(said, "daily", MostDays, Day) is not { Count: > 0 } days) return default;
        return (true, new PlaceWeather((int)offset, hours, days));
    }

    // One that is not understood spoils them all: half a forecast is none.
    private static List<PlaceWeather.Step>? Steps(JsonElement said, string name, int most, Func<JsonElement, PlaceWeather.Step?> read)
    {
        if (!said.TryGetProperty(name, out var all) || all.ValueKind != JsonValueKind.Array) return null;
        var steps = new List<PlaceWeather.Step>();
        foreach (var one in all.EnumerateArray().Take(most))
        {
            if (one.ValueKind != JsonValueKind.Object || read(one) is not { } step) return null;
            steps.Add(step);
        }
        return steps;
    }

    private static PlaceWeather.Step? Hour(JsonElement hour) => Numbers(hour, "temp", -90, 70, out var celsius) ? Step(hour, celsius, null, null) : null;

    private static PlaceWeather.Step? Day(JsonElement day) => day.TryGetProperty("temp", out var temp) && temp.ValueKind == JsonValueKind.Object
        && Numbers(temp, "day", -90, 70, out var celsius) && Numbers(temp, "min", -90, 70, out var low) && Numbers(temp, "max", -90, 70, out var high) && low <= high ? Step(day, celsius, low, high) : null;

    private static PlaceWeather.Step? Step(JsonElement one, double celsius, double? low, double? high)
    {
        if (!Numbers(one, "dt", 0, 4e9, out var at) || !Numbers(one, "wind_speed", 0, 150, out var wind) || !Numbers(one, "pop", 0, 1, out var rain)) return null;
        if (!one.TryGetProperty("weather", out var kinds) || kinds.ValueKind != JsonValueKind.Array || kinds.GetArrayLength() == 0 || !Numbers(kinds[0], "id", 200, 999, out var kind)) return null;
        return new PlaceWeather.Step((long)at, Kind((int)kind), Whole(celsius), low is { } l ? Whole(l) : null, high is { } h ? Whole(h) : null, Whole(rain * 100), Whole(wind * 3.6));
    }

    // Their groups of conditions: 2xx thunder, 3xx drizzle, 5xx rain, 6xx snow, 7xx what is in the air, 800 clear, 80x clouds.
    private static WeatherKind Kind(int id) => id switch
    {
        < 300 or 771 or 781 => WeatherKind.Storm,
        < 400 or (>= 500 and < 600) => WeatherKind.Rain,
        >= 600 and < 700 => WeatherKind.Snow,
        701 or 741 => WeatherKind.Fog,
        731 or 751 or 761 => WeatherKind.Dust,
        800 => WeatherKind.Clear,
        > 800 and < 810 => WeatherKind.Clouds,
        _ => WeatherKind.Other,
    };

    private static bool Numbers(JsonElement of, string name, double least, double most, out double number)
    {
        number = 0;
        return of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && number >= least && number <= most;
    }

    private static int Whole(double number) => (int)Math.Round(number, MidpointRounding.AwayFromZero);
}
