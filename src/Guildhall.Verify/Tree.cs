using System.Security.Cryptography;

namespace Guildhall.Verify;

/// <summary>A growing Merkle tree (RFC 6962): leaves are added one by one, the root can be asked for at any size.</summary>
internal sealed class Tree
{
    private readonly List<(int Height, byte[] Hash)> _peaks = [];

    public long Size { get; private set; }

    public static byte[] Leaf(byte[] data) => SHA256.HashData([0, .. data]);

    private static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([1, .. left, .. right]);

    public void Add(byte[] leaf)
    {
        var (height, hash) = (0, leaf);
        while (_peaks.Count > 0 && _peaks[^1].Height == height)
        {
            hash = Node(_peaks[^1].Hash, hash);
            _peaks.RemoveAt(_peaks.Count - 1);
            height++;
        }
        _peaks.Add((height, hash));
        Size++;
    }

    public byte[] Root()
    {
        if (_peaks.Count == 0) return SHA256.HashData([]);
        var root = _peaks[^1].Hash;
        for (var i = _peaks.Count - 2; i >= 0; i--) root = Node(_peaks[i].Hash, root);
        return root;
    }

    /// <summary>The root that a leaf at a position and its path lead to (RFC 9162, section 2.1.3.2); null when the path does not fit the size.</summary>
    public static byte[]? Climb(byte[] leaf, long position, long size, IReadOnlyList<byte[]> path)
    {
        if (position < 0 || position >= size) return null;
        var (fn, sn, hash) = (position, size - 1, leaf);
        foreach (var sibling in path)
        {
            if (sn == 0) return null;
            if ((fn & 1) == 1 || fn == sn)
            {
                hash = Node(sibling, hash);
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else hash = Node(hash, sibling);
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 ? hash : null;
    }
}
