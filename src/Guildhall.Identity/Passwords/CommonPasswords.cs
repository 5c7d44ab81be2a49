using System.Collections.Frozen;

namespace Guildhall.Identity.Passwords;

/// <summary>The 17,950 most used passwords of eight letters or more, carried inside the program: refused whatever else is up or down. In any case of letters.</summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> Known = new(Load);

    public static int Count => Known.Value.Count;

    public static bool Has(string password) => Known.Value.Contains(password);

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt") ?? throw new InvalidOperationException("The list of common passwords is not in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
