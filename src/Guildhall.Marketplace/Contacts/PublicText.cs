using System.Collections.Concurrent;

namespace Guildhall.Marketplace.Contacts;

/// <summary>What everybody reads, so also those who have paid nothing (what providers say of themselves, reviews and their answers): contact details in it are hidden, unless staff granted an appeal.</summary>
internal static class PublicText
{
    private const int MostKept = 4096;

    // The catalogue shows the same texts over and over. Forgetting all of it now and then costs less than choosing.
    private static readonly ConcurrentDictionary<string, string> Kept = new(StringComparer.Ordinal);

    public static string Shown(string text, bool asWritten)
    {
        if (asWritten) return text;
        if (Kept.TryGetValue(text, out var shown)) return shown;
        if (Kept.Count >= MostKept) Kept.Clear();
        return Kept[text] = ContactDetails.Mask(text);
    }
}
