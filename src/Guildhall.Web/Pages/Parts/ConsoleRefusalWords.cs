namespace Guildhall.Web.Pages.Parts;

/// <summary>Refusals of the console's own tools, to who reads Arabic.</summary>
internal static class ConsoleRefusalWords
{
    public static readonly IReadOnlyDictionary<string, string> Arabic = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["search_text_length"] = "ابحث عن حرفين إلى مئة حرف.",
    };
}
