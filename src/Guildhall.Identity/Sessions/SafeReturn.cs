namespace Guildhall.Identity.Sessions;

/// <summary>Where to go after signing in, when an address in the query says so: only a path of this product.</summary>
public static class SafeReturn
{
    private const int MaxLength = 2000;

    /// <summary>The path when it is one of ours, else <c>/</c>. Refuses other hosts however written (<c>//evil</c>, <c>/\evil</c>, encoded),
    /// schemes, control characters, back slashes and what no header can carry (letters beyond ASCII come percent-encoded).</summary>
    public static string To(string? path) => IsOurs(path) ? path! : "/";

    private static bool IsOurs(string? path)
    {
        if (path is not { Length: > 0 and <= MaxLength } || path[0] != '/') return false;
        if (path.AsSpan().ContainsAnyExceptInRange('!', '~')) return false;
        var plain = path;
        for (var round = 0; round < 3; round++) // encoded, and encoded again
        {
            if (plain.Length > 1 && plain[1] is '/' or '\\') return false;
            if (plain.AsSpan().ContainsAnyInRange('\0', '\x1f') || plain.Contains('\\', StringComparison.Ordinal) || plain.Contains('\x7f', StringComparison.Ordinal)) return false;
            plain = Uri.UnescapeDataString(plain);
        }
        return true;
    }
}
