using System.Globalization;
using Guildhall.Marketplace.Visits;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>Points as people copy them from a map app, and the way there.</summary>
internal static class MapPoint
{
    public static string Say(double latitude, double longitude) => string.Create(CultureInfo.InvariantCulture, $"{latitude:0.######}, {longitude:0.######}");

    /// <summary>Null when it is none.</summary>
    public static (double Latitude, double Longitude)? Read(string text) =>
        text.Split([',', '،', ';'], StringSplitOptions.TrimEntries) is [var first, var second] && Degrees(first) is { } latitude && Degrees(second) is { } longitude ? (latitude, longitude) : null;

    /// <summary>Opens whatever map app the phone has for it; nothing is sent before somebody presses it.</summary>
    public static string Directions(VisitAddress address) => "https://www.google.com/maps/dir/?api=1&destination="
        + Uri.EscapeDataString(address is { Latitude: { } latitude, Longitude: { } longitude } ? string.Create(CultureInfo.InvariantCulture, $"{latitude:0.######},{longitude:0.######}") : address.Text);

    private static double? Degrees(string text) => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees) ? degrees : null;
}
