using System.Globalization;
using System.Text.RegularExpressions;

namespace Guildhall.Tests.Web.Components;

/// <summary>Colours of the stylesheet and the contrast between two of them, as WCAG 2.2 defines it. OKLCH to sRGB after
/// https://www.w3.org/TR/css-color-4/#color-conversion-code.</summary>
internal sealed partial class Contrast
{
    private readonly Dictionary<string, (string Light, string Dark)> colours = new(StringComparer.Ordinal);

    public Contrast(string css)
    {
        foreach (Match found in Pair().Matches(css)) colours[found.Groups[1].Value] = (found.Groups[2].Value, found.Groups[3].Value);
        foreach (Match found in Single().Matches(css)) colours[found.Groups[1].Value] = (found.Groups[2].Value, found.Groups[2].Value);
    }

    public double Between(string text, string ground, bool dark)
    {
        var (first, second) = (Luminance(text, dark), Luminance(ground, dark));
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private double Luminance(string name, bool dark)
    {
        var parts = (dark ? colours[name].Dark : colours[name].Light).Split(' ').Select(part => double.Parse(part.TrimEnd('%'), CultureInfo.InvariantCulture)).ToArray();
        var (light, chroma, hue) = (parts[0] / 100, parts[1], parts[2] * Math.PI / 180);
        var (a, b) = (chroma * Math.Cos(hue), chroma * Math.Sin(hue));
        var l = Math.Pow(light + (0.3963377774 * a) + (0.2158037573 * b), 3);
        var m = Math.Pow(light - (0.1055613458 * a) - (0.0638541728 * b), 3);
        var s = Math.Pow(light - (0.0894841775 * a) - (1.2914855480 * b), 3);
        return (0.2126 * Shown((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s)))
            + (0.7152 * Shown((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s)))
            + (0.0722 * Shown((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s)));
    }

    private static double Shown(double channel) => Math.Clamp(channel, 0, 1);

    [GeneratedRegex(@"--([\w-]+): light-dark\(oklch\(([^)/]+)\), oklch\(([^)/]+)\)\);", RegexOptions.None, 1000)]
    private static partial Regex Pair();

    [GeneratedRegex(@"--([\w-]+): oklch\(([^)/]+)\);", RegexOptions.None, 1000)]
    private static partial Regex Single();
}
