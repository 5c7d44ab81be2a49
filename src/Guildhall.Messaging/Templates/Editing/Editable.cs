using Guildhall.Messaging.Sms;

namespace Guildhall.Messaging.Templates.Editing;

/// <summary>What staff may change about one kind of message: its words, never its facts.</summary>
/// <param name="Key">The template's name; a text message's begins with <c>sms.</c>.</param>
/// <param name="IsText">A text message: one paragraph, no subject, no button.</param>
/// <param name="En">The built-in words, version 0.</param>
internal sealed record Editable(string Key, bool IsText, string[] Facts, Words En, Words Ar)
{
    private const string OfText = "sms.";

    public static IReadOnlyList<Editable> All { get; } =
    [
        .. TemplateBook.All.Select(t => new Editable(t.Name, false, [.. t.Facts, "name"], t.En, t.Ar)).OrderBy(e => e.Key, StringComparer.Ordinal),
        .. TextBook.All.Select(t => new Editable(KeyOf(t), true, t.Facts, new Words("", [t.En]), new Words("", [t.Ar]))),
    ];

    public static string KeyOf(TextTemplate text) => OfText + text.Name;

    public static Editable? Find(string key) => All.FirstOrDefault(e => string.Equals(e.Key, key, StringComparison.Ordinal));

    public Words BuiltIn(bool arabic) => arabic ? Ar : En;
}
