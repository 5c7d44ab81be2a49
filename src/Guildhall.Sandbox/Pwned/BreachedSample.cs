using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Sandbox.Pwned;

/// <summary>The breached passwords that this stand-in knows, by their SHA-1, with how often each was seen. Some look strong: only the range service tells.</summary>
internal static class BreachedSample
{
    private static readonly (string Password, int Count)[] Known =
    [
        ("password", 9659365), ("P@ssw0rd", 7491), ("كلمة السر", 12), ("correct horse battery staple", 216), ("correcthorsebatterystaple", 1031),
        ("seven breached copper kettles", 3), ("trustno1 trustno1 trustno1", 5),
    ];

    private static readonly ILookup<string, string> ByPrefix = Known.Select(k => (Hash: Hash(k.Password), k.Count)).ToLookup(k => k.Hash[..5], k => $"{k.Hash[5..]}:{k.Count}", StringComparer.Ordinal);

    public static IEnumerable<string> Lines(string prefix) => ByPrefix[prefix.ToUpperInvariant()];

    private static string Hash(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
}
