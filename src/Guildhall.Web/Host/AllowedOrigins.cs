namespace Guildhall.Web.Host;

/// <summary>Which other sites' scripts may call the API: those of <c>GUILDHALL_CORS</c> as they are written, and the portal's domain, by https (in
/// Development by http as well). A pattern or a path is refused: an origin is matched whole.</summary>
internal static class AllowedOrigins
{
    private const int Most = 20;

    public static IReadOnlySet<string> Read(string? listed, string? portal, bool development, List<string> wrong)
    {
        var origins = new HashSet<string>(StringComparer.Ordinal);
        foreach (var origin in (listed ?? "").Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Origin(origin) is { } exact && (development || exact.StartsWith("https://", StringComparison.Ordinal))) origins.Add(exact);
            else wrong.Add($"GUILDHALL_CORS has {origin}; an entry is https://host or https://host:port, without a path and without a star.");
        }
        if (portal is not null && Origin("https://" + portal) is { } secure && Origin("http://" + portal) is { } plain)
        {
            origins.Add(secure);
            if (development) origins.Add(plain);
        }
        else if (portal is not null) wrong.Add("GUILDHALL_PORTAL_DOMAIN is a domain such as portal.example.com, with a port or without.");
        if (origins.Count > Most) wrong.Add($"GUILDHALL_CORS has more than {Most} entries.");
        return origins;
    }

    // As a browser writes it: lower case, no default port, nothing after the host.
    private static string? Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { UserInfo.Length: 0, AbsolutePath: "/", Query.Length: 0, Fragment.Length: 0 }
        && !text.EndsWith('/') && !text.Contains('*', StringComparison.Ordinal) && Uri.CheckHostName(address.IdnHost) is not UriHostNameType.Unknown
            ? address.GetLeftPart(UriPartial.Authority).ToLowerInvariant() : null;
}
