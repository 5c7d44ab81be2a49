using System.Text.Unicode;

namespace Guildhall.Files.Upload;

/// <summary>What a file is, by what is in it. None of these can be executed by a browser that is told not to guess.</summary>
internal static class FileKind
{
    public static readonly IReadOnlySet<string> Taken = new HashSet<string>(["image/jpeg", "image/png", "image/webp", "application/pdf", "text/plain"], StringComparer.Ordinal);

    /// <summary>Whether a file of this type may be called so: whoever opens it on their own machine opens it by its name, and a text called .bat or .html would run there.</summary>
    public static bool MayBeCalled(string name, string type) => (type, Path.GetExtension(name).ToLowerInvariant()) is
        ("image/jpeg", ".jpg" or ".jpeg") or ("image/png", ".png") or ("image/webp", ".webp") or ("application/pdf", ".pdf") or ("text/plain", ".txt");

    /// <summary>Null for what is none of those.</summary>
    public static string? Of(ReadOnlySpan<byte> content) =>
        content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : content.Length > 12 && content.StartsWith("RIFF"u8) && content[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
        : content.StartsWith("%PDF-"u8) ? "application/pdf"
        : IsText(content) ? "text/plain" : null;

    private static bool IsText(ReadOnlySpan<byte> content)
    {
        foreach (var b in content)
            if (b < 32 && b is not (9 or 10 or 12 or 13)) return false;
        return Utf8.IsValid(content);
    }
}
