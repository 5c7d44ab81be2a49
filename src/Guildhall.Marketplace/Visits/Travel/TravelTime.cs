namespace Guildhall.Marketplace.Visits.Travel;

/// <summary>Who says how long it takes, the best first. <c>StraightLine</c>: nobody does; as the crow flies at 30 km/h.</summary>
public enum TravelSource { Google, Osrm, StraightLine }

/// <summary>How long a way takes, who says so, and when they said it.</summary>
public sealed record TravelTime(TravelSource Source, int Seconds, int Metres, DateTimeOffset AsOf)
{
    /// <summary>Whole minutes, upwards, at least one.</summary>
    public int Minutes => Math.Max(1, (Seconds + 59) / 60);
}

/// <summary>A point on the map, in degrees.</summary>
public sealed record MapPlace(double Latitude, double Longitude);

internal static class StraightLine
{
    /// <summary>Slow enough for streets that go round: what is said along with every such answer.</summary>
    public const int KilometresPerHour = 30;

    private const double EarthMetres = 6_371_000;

    public static TravelTime Between(MapPlace from, MapPlace to, DateTimeOffset now)
    {
        var metres = Metres(from, to);
        return new TravelTime(TravelSource.StraightLine, (int)Math.Ceiling(metres / (KilometresPerHour * 1000.0 / 3600)), (int)Math.Round(metres), now);
    }

    // Haversine.
    private static double Metres(MapPlace from, MapPlace to)
    {
        var (a, b) = (double.DegreesToRadians(from.Latitude), double.DegreesToRadians(to.Latitude));
        var h = Half(b - a) + Math.Cos(a) * Math.Cos(b) * Half(double.DegreesToRadians(to.Longitude - from.Longitude));
        return 2 * EarthMetres * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }

    private static double Half(double angle) => Math.Sin(angle / 2) * Math.Sin(angle / 2);
}
