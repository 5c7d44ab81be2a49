namespace Guildhall.Marketplace.Visits.Weather;

/// <summary>What the sky does, as far as somebody who drives there has to know.</summary>
public enum WeatherKind { Clear, Clouds, Rain, Snow, Storm, Fog, Dust, Other }

/// <summary>The weather that is expected where a visit is and when it begins.</summary>
/// <param name="Source">Who says so: <c>openweather</c>.</param>
/// <param name="Celsius">Degrees at that hour; of a whole day by day.</param>
/// <param name="Low">Degrees, of a whole day; null for an hour.</param>
/// <param name="High">Likewise.</param>
/// <param name="RainPercent">How likely rain or snow is.</param>
/// <param name="WindKmh">Wind in kilometres per hour.</param>
/// <param name="WholeDay">The hour is too far away: this is said of the day.</param>
/// <param name="AsOf">When they said it.</param>
public sealed record Forecast(string Source, WeatherKind Kind, int Celsius, int? Low, int? High, int RainPercent, int WindKmh, bool WholeDay, DateTimeOffset AsOf);

/// <summary>A forecast, or why there is none: <c>WEATHER_NOT_CONFIGURED</c>, <c>WEATHER_NO_PLACE</c> (the address has no point on the map, or the caller does not see it),
/// <c>WEATHER_OUT_OF_RANGE</c> (over, or more than a week away), <c>WEATHER_UNAVAILABLE</c> (nobody answers).</summary>
public sealed record VisitWeather(Forecast? Forecast, string? Reason)
{
    internal static readonly VisitWeather NotConfigured = new(null, "WEATHER_NOT_CONFIGURED"), NoPlace = new(null, "WEATHER_NO_PLACE"),
        OutOfRange = new(null, "WEATHER_OUT_OF_RANGE"), Unavailable = new(null, "WEATHER_UNAVAILABLE");
}

/// <summary>What they said of a place: hours first, then days.</summary>
/// <param name="OffsetSeconds">How far the place's clock is from UTC.</param>
internal sealed record PlaceWeather(int OffsetSeconds, IReadOnlyList<PlaceWeather.Step> Hours, IReadOnlyList<PlaceWeather.Step> Days)
{
    internal sealed record Step(long At, WeatherKind Kind, int Celsius, int? Low, int? High, int RainPercent, int WindKmh);

    /// <summary>Of the hour when it is among them, else of the day there; null when it is neither.</summary>
    public Forecast? At(DateTimeOffset when, DateTimeOffset asOf)
    {
        var at = when.ToUnixTimeSeconds();
        if (Hours.LastOrDefault(h => h.At <= at && at < h.At + 3600) is { } hour) return Say(hour, wholeDay: false, asOf);
        return Days.FirstOrDefault(d => DayOf(d.At) == DayOf(at)) is { } day ? Say(day, wholeDay: true, asOf) : null;
    }

    private DateOnly DayOf(long at) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(at + OffsetSeconds).UtcDateTime);

    private static Forecast Say(Step step, bool wholeDay, DateTimeOffset asOf) =>
        new(OpenWeather.Source, step.Kind, step.Celsius, step.Low, step.High, step.RainPercent, step.WindKmh, wholeDay, asOf);
}
