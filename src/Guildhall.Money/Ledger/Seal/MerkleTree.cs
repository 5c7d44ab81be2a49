using System.Security.Cryptography;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>The hashes of RFC 6962, section 2.1: a leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right).</summary>
internal static class MerkleTree
{
    public const int Tile = 256, TileBits = 8;

    public static byte[] Leaf(ReadOnlySpan<byte> data)
    {
        Span<byte> bytes = data.Length < 4096 ? stackalloc byte[1 + data.Length] : new byte[1 + data.Length];
        bytes[0] = 0;
        data.CopyTo(bytes[1..]);
        return SHA256.HashData(bytes);
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> data = stackalloc byte[65];
        data[0] = 1;
        left.CopyTo(data[1..]);
        right.CopyTo(data[33..]);
        return SHA256.HashData(data);
    }

    /// <summary>The root over these hashes, which are leaves or the roots of equally large full subtrees.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> hashes)
    {
        if (hashes.Count == 0) return SHA256.HashData([]);
        var row = hashes.ToArray();
        while (row.Length > 1)
        {
            var next = new byte[(row.Length + 1) / 2][];
            for (var i = 0; i < next.Length; i++) next[i] = (2 * i) + 1 < row.Length ? Node(row[2 * i], row[(2 * i) + 1]) : row[2 * i];
            row = next;
        }
        return row[0];
    }

    /// <summary>The root over two parts of a tree: full subtrees of one size on the left, the rest, smaller than one of them, on the right.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> full, byte[]? rest) => rest is null ? Root(full) : Root([.. full, rest]);

    /// <summary>The siblings from one of these hashes up to their root.</summary>
    public static IEnumerable<byte[]> Path(IReadOnlyList<byte[]> hashes, int index)
    {
        var row = hashes.ToArray();
        while (row.Length > 1)
        {
            var sibling = index ^ 1;
            if (sibling < row.Length) yield return row[sibling];
            var next = new byte[(row.Length + 1) / 2][];
            for (var i = 0; i < next.Length; i++) next[i] = (2 * i) + 1 < row.Length ? Node(row[2 * i], row[(2 * i) + 1]) : row[2 * i];
            (row, index) = (next, index / 2);
        }
    }
}
