namespace Guildhall.Messaging.Sms.WhatsApp;

/// <summary>WhatsApp through the same Twilio account as text messages.</summary>
/// <param name="From">Our number there in international form.</param>
/// <param name="Contents">Their ids of approved templates, <c>HX…</c>, by text and language: <c>phone_code.en</c>. We begin every conversation, so nothing else may be said.</param>
public sealed record WhatsAppOptions(string From, IReadOnlyDictionary<string, string> Contents)
{
    /// <summary>The texts of the product, by name.</summary>
    public static IReadOnlyList<string> Texts { get; } = [.. TextBook.All.Select(t => t.Name)];

    /// <summary>The template of a text in a language; null: it goes by text message.</summary>
    internal string? Content(string template, string? language) =>
        Contents.GetValueOrDefault($"{template}.{(language?.StartsWith("ar", StringComparison.OrdinalIgnoreCase) is true ? "ar" : "en")}");
}
