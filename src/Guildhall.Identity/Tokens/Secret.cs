using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Identity.Tokens;

/// <summary>256-bit random secrets as 43 letters of base64url. Only their SHA-256 is stored: they are too random to be searched for.</summary>
internal static class Secret
{
    public const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static bool LooksLikeOne(string? text) => text is { Length: Length } && Base64Url.IsValid(text);

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>A SHA-256 as a dictionary key, without allocation.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
{
    private const int MaxText = 2048;

    public override int GetHashCode() => (int)A;

    /// <summary>Of text no longer than 2048 characters; false for anything longer or not ASCII.</summary>
    public static bool TryOf(ReadOnlySpan<char> text, out Digest digest)
    {
        digest = default;
        if (text.Length > MaxText) return false;
        Span<byte> bytes = stackalloc byte[text.Length];
        if (Ascii.FromUtf16(text, bytes, out _) != System.Buffers.OperationStatus.Done) return false;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        digest = MemoryMarshal.Read<Digest>(hash);
        return true;
    }

    public byte[] ToBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<Digest>(in this)).ToArray();
}
