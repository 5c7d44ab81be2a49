using System.Globalization;

namespace Guildhall.Web.Components.Charts;

/// <summary>One line or colour of a chart. Values are counts or minor units; the chart's Format turns them into words.</summary>
public sealed record Series(string Name, IReadOnlyList<long> Values, int? Colour = null);

/// <summary>A vertical scale from zero to a round number. Charts are drawn in a box of 1000 × 100 and stretched by the browser;
/// coordinates are integers in tenths, so no rounding of money is involved.</summary>
internal sealed class Scale
{
    internal const int Width = 1000, Height = 100, Steps = 4;

    internal Scale(long highest)
    {
        var step = 1L;
        for (var power = 1L; ; power *= 10)
        {
            var found = false;
            foreach (var factor in (long[])[1, 2, 5])
            {
                step = power * factor;
                if (step * Steps >= highest) { found = true; break; }
            }
            if (found || power > long.MaxValue / 1000) break;
        }
        Step = step;
    }

    internal long Step { get; }

    internal long Top => Step * Steps;

    /// <summary>From the top down, as the labels stand.</summary>
    internal IEnumerable<long> Ticks => Enumerable.Range(0, Steps + 1).Select(i => Top - (i * Step));

    internal string Y(long value) => Number(Height - (Math.Clamp(value, 0, Top) * (double)Height / Top));

    internal static string X(int index, int count) => Number(count < 2 ? Width / 2.0 : index * (double)Width / (count - 1));

    internal static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Whether a label gives way on a narrow screen: at most four stay, the first and last always for lines.</summary>
    internal static bool IsMinor(int index, int count) => count > 5 && index % ((count + 3) / 4) != 0;
}
