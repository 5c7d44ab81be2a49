using Guildhall.Foundation.Data;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>Reads hashes of the Merkle log. What lies inside a full tile is made again from its leaves; above that the roots of tiles are kept.</summary>
internal static class SealStore
{
    private sealed record Chunk(long First, byte[] Leaves);

    /// <summary>Leaves from one position up to another, at most one tile.</summary>
    public static async Task<IReadOnlyList<byte[]>> Leaves(Transaction tx, long from, long until)
    {
        var leaves = new List<byte[]>();
        if (until <= from) return leaves;
        foreach (var chunk in await tx.List<Chunk>(LeavesSql, new { start = from, until }))
            for (var i = 0; i < chunk.Leaves.Length / 32; i++)
                if (chunk.First + i >= from && chunk.First + i < until) leaves.Add(chunk.Leaves[(32 * i)..((32 * i) + 32)]);
        return leaves;
    }

    /// <summary>The leaves of any range, one after the other.</summary>
    public static async Task<byte[]> Range(Transaction tx, long from, long until)
    {
        using var bytes = new MemoryStream();
        for (var at = from; at < until;)
        {
            var end = Math.Min(until, at - (at % MerkleTree.Tile) + MerkleTree.Tile);
            foreach (var leaf in await Leaves(tx, at, end)) bytes.Write(leaf);
            at = end;
        }
        return bytes.ToArray();
    }

    /// <summary>Roots of full subtrees of 2^level leaves.</summary>
    public static async Task<IReadOnlyList<byte[]>> Nodes(Transaction tx, int level, long from, long until) => until <= from ? []
        : await tx.List<byte[]>("select n.hash from money.seal_nodes n where n.level = @level and n.no >= @start and n.no < @until order by n.no", new { level = (short)level, start = from, until });

    /// <summary>The root of the first <paramref name="size"/> leaves.</summary>
    public static async Task<byte[]> Root(Transaction tx, long size) => (await Walk(tx, size, null)).Root;

    /// <summary>The siblings of a leaf up to the root of the first <paramref name="size"/> leaves (RFC 6962, section 2.1.1).</summary>
    public static async Task<IReadOnlyList<byte[]>> Path(Transaction tx, long position, long size) => (await Walk(tx, size, position)).Path;

    private static async Task<(byte[] Root, IReadOnlyList<byte[]> Path)> Walk(Transaction tx, long size, long? position)
    {
        var (path, rest) = (new List<byte[]>(), (byte[]?)null);
        for (var level = 0; ; level += MerkleTree.TileBits)
        {
            var full = size >> level; // how many complete subtrees stand at this level
            var lastGroup = full - (full % MerkleTree.Tile);
            var tail = await Row(tx, level, lastGroup, full);
            IReadOnlyList<byte[]> last = rest is null ? tail : [.. tail, rest];
            if (position is { } leaf)
            {
                var index = leaf >> level;
                var group = index - (index % MerkleTree.Tile);
                path.AddRange(MerkleTree.Path(group == lastGroup ? last : await Row(tx, level, group, group + MerkleTree.Tile), (int)(index - group)));
            }
            rest = last.Count == 0 ? null : MerkleTree.Root(last);
            if (full >> MerkleTree.TileBits == 0) return (rest ?? MerkleTree.Root([]), path);
        }
    }

    private static Task<IReadOnlyList<byte[]>> Row(Transaction tx, int level, long from, long until) => level == 0 ? Leaves(tx, from, until) : Nodes(tx, level, from, until);

    // A chunk never crosses a tile, and a range asked for never does either.
    private const string LeavesSql = "select c.first, c.leaves from money.seal_chunks c where c.first >= @start - @start % 256 and c.first < @until order by c.first";
}
