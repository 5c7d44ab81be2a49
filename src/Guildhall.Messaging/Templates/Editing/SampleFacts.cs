namespace Guildhall.Messaging.Templates.Editing;

/// <summary>What stands for facts in a preview. The name runs the other way than the sentence, since that is what goes wrong.</summary>
internal static class SampleFacts
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["service"] = "Tax advice (60 min)", ["when"] = "Sat 21 Nov 2026, 18:30 (Asia/Kuwait)", ["until"] = "Sat 21 Nov 2026, 18:30 (Asia/Kuwait)", ["due"] = "Sat 21 Nov 2026, 18:30 (Asia/Kuwait)",
        ["amount"] = "12.500 KWD", ["code"] = "123456", ["link"] = "/", ["reason"] = "The provider is ill.", ["number"] = "INV-2026-00017", ["device"] = "Firefox on Linux", ["address"] = "203.0.113.7",
        ["place"] = "Kuwait City", ["phone"] = "…001", ["count"] = "12", ["days"] = "7", ["minutes"] = "30", ["left"] = "9",
    };

    public static Dictionary<string, string> For(Editable editable, bool arabic) => editable.Facts.Append("link").Distinct(StringComparer.Ordinal)
        .ToDictionary(f => f, f => f is "name" ? arabic ? "Layla Al-Sayed" : "ليلى السيد" : Known.GetValueOrDefault(f, $"({f})"), StringComparer.Ordinal);
}
