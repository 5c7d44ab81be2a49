using System.Text.RegularExpressions;

namespace Guildhall.Messaging.Sms;

/// <summary>Sentences of a provider repeat the number they are about: what is kept of one is its end.</summary>
internal static partial class Redacted
{
    public static string Numbers(string text) => Number().Replace(text.Length > 500 ? text[..500] : text, found => "…" + found.Value[^3..]);

    [GeneratedRegex(@"\+?[0-9]{6,}", RegexOptions.None, 200)]
    private static partial Regex Number();
}
