namespace Guildhall.Content.Text;

/// <summary>Where a link may lead: to a page of ours (<c>/…</c>, <c>#…</c>) or to <c>http:</c>, <c>https:</c>, <c>mailto:</c>, <c>tel:</c>. Asked after Markdown has read entities and escapes.</summary>
public static class SafeLinks
{
    private const int MostLength = 2000;

    public static bool Allowed(string? url)
    {
        if (string.IsNullOrEmpty(url) || url.Length > MostLength || url.Any(IsOdd)) return false;
        if (url[0] is '#') return true;
        if (url[0] is '/') return url.Length == 1 || url[1] is not '/';
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && (IsOfTheWeb(url, uri) || url.StartsWith("mailto:", StringComparison.Ordinal) || url.StartsWith("tel:", StringComparison.Ordinal));
    }

    /// <summary>Leads away from this site.</summary>
    public static bool LeadsAway(string url) => url[0] is not '#' and not '/';

    // A name before the host reads like the host, and is none.
    private static bool IsOfTheWeb(string url, Uri uri) => uri.UserInfo.Length == 0 && uri.Host.Length > 0
        && (url.StartsWith("https://", StringComparison.Ordinal) || url.StartsWith("http://", StringComparison.Ordinal));

    // Browsers drop some of these, and read a backslash as a slash.
    private static bool IsOdd(char c) => char.IsControl(c) || char.IsWhiteSpace(c) || c is '\\' || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format;
}
