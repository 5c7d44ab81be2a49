using System.Globalization;

namespace Guildhall.Web.Components.Charts;

/// <summary>One line or colour of a chart. Values are counts or minor units; the chart's Format turns them into words.</summary>
public sealed record Series(string Name, IReadOnlyList<long> Values, int? Colour = null);

/// <summary>A vertical scale from zero to a round number. Charts are drawn in a box of 1000 × 100 and stretched by the browser;
/// coordinates are integers in tenths, so no rounding of money is involved.</summary>
internal sealed class Scale
{
    internal const int Width = 1000, Height = 100, Steps = 4;

    // Steps people count in, doubled so that 1.5 and 2.5 stay whole numbers.
    private static readonly long[] Doubled = [2, 3, 4, 5, 6, 8, 10, 15];

    internal Scale(long highest) => Step = Powers()
        .SelectMany(power => Doubled.Where(factor => power * factor % 2 == 0).Select(factor => power * factor / 2))
        .FirstOrDefault(step => step >= (highest + Steps - 1) / Steps, long.MaxValue / Steps);

    internal long Step { get; }

    internal long Top => Step * Steps;

    /// <summary>From the top down, as the labels stand.</summary>
    internal IEnumerable<long> Ticks => Enumerable.Range(0, Steps + 1).Select(i => Top - (i * Step));

    private static IEnumerable<long> Powers()
    {
        for (var power = 1L; power <= long.MaxValue / 1000; power *= 10) yield return power;
    }

    internal string Y(long value) => Number(Height - (Math.Clamp(value, 0, Top) * (double)Height / Top));

    internal static string X(int index, int count) => Number(count < 2 ? Width / 2.0 : index * (double)Width / (count - 1));

    internal static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Whether a label gives way: beyond five, every second or third stays, counted from the newest; on a phone half of those.</summary>
    internal static string? Rank(int index, int count)
    {
        var (fromNewest, step) = (count - 1 - index, (count + 4) / 5);
        return fromNewest % step != 0 ? "is-minor" : fromNewest / step % 2 == 1 ? "is-second" : null;
    }
}
