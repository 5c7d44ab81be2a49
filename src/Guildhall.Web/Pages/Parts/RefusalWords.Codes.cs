namespace Guildhall.Web.Pages.Parts;

internal static partial class RefusalWords
{
    /// <summary>The same for one of many answers, of which the code and the English sentence are known.</summary>
    public static string Say(string code, string english, string language) =>
        language == "ar" ? Arabic.GetValueOrDefault(code) ?? PackagesInArabic.GetValueOrDefault(code, english) : english;
}
