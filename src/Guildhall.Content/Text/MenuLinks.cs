namespace Guildhall.Content.Text;

/// <summary>One link of a menu.</summary>
public sealed record MenuLink(string Words, string Href);

/// <summary>Reads the body of a menu: a line per link, <c>Words | /address</c>.</summary>
internal static class MenuLinks
{
    private const int Most = 20, MostWords = 60;

    public static string? Objection(string body)
    {
        var lines = Lines(body);
        if (lines.Length is 0 or > Most) return $"a menu has 1 to {Most} links, each on a line of its own.";
        return Array.Find(lines, line => Read(line) is null) is { } wrong ? $"a line is like “Words | /address”, and an address is one that links may have. This is none: {wrong}" : null;
    }

    /// <summary>The links there are; a line that is none is left out.</summary>
    public static IReadOnlyList<MenuLink> Of(string body) => [.. Lines(body).Select(Read).OfType<MenuLink>().Take(Most)];

    private static MenuLink? Read(string line)
    {
        var bar = line.LastIndexOf('|');
        if (bar < 0) return null;
        var (words, href) = (line[..bar].Trim(), line[(bar + 1)..].Trim());
        return words.Length is >= 1 and <= MostWords && SafeLinks.Allowed(href) ? new MenuLink(words, href) : null;
    }

    private static string[] Lines(string body) => body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
