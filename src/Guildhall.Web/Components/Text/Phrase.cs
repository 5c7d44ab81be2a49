namespace Guildhall.Web.Components.Text;

/// <summary>One sentence of the pages in every language they speak.</summary>
public sealed record Phrase(string En, string Ar)
{
    /// <summary>The wording for a language tag; anything that is not Arabic reads English.</summary>
    public string In(string language) => language == "ar" ? Ar : En;
}
