using System.Text;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>Appends journals to the Merkle log, off the path of postings, in the order (epoch, transaction id, id) and only once every older
/// transaction has ended: one that commits late is sealed in its place, never skipped. Two nodes may try at once: one waits, then goes on.</summary>
internal static class SealLedger
{
    internal const int BatchSize = 4096;

    private sealed record Last(long First, int Count, int Epoch, string Tx, long JournalId);
    private sealed record Entry(long JournalId, short No, long AccountId, long Minor);
    private sealed record Account(long Id, string Kind, Guid? OwnerId, string Currency);
    private sealed record Floor(long FloorId, int Epoch, string Horizon);

    /// <summary>Seals one batch; answers how many journals.</summary>
    public static async Task<int> Run(Transaction tx)
    {
        await tx.Change("select pg_advisory_xact_lock(7310871)");
        var last = await tx.Find<Last>(LastSql) ?? new Last(0, 0, 0, "0", 0);
        var floor = await tx.Get<Floor>(FloorSql, new { last.Epoch, last.Tx });
        var journals = await tx.List<SealedJournal>(UnsealedSql, new { floor = floor.FloorId, last.Epoch, last.Tx, id = last.JournalId, nowEpoch = floor.Epoch, floor.Horizon, limit = BatchSize });
        if (journals.Count == 0) return 0;
        var entries = (await Entries(tx, journals)).ToLookup(e => e.JournalId);
        await Append(tx, last.First + last.Count, [.. journals.Select(j => (j, MerkleTree.Leaf(Encoding.UTF8.GetBytes(LeafBytes.Text(j, [.. entries[j.Id]])))))]);
        return journals.Count;
    }

    // Joined here: the server would look for the account of each entry anew, and send it as often.
    private static async Task<IEnumerable<SealedEntry>> Entries(Transaction tx, IReadOnlyList<SealedJournal> journals)
    {
        var entries = await tx.List<Entry>(EntriesSql, new { ids = journals.Select(j => j.Id).ToArray() });
        var accounts = (await tx.List<Account>(AccountsSql, new { ids = entries.Select(e => e.AccountId).Distinct().ToArray() })).ToDictionary(a => a.Id);
        return entries.Select(e =>
        {
            var account = accounts[e.AccountId];
            return new SealedEntry(e.JournalId, e.No, e.AccountId, account.Kind, account.OwnerId, account.Currency, e.Minor);
        });
    }

    // Chunks end where a tile of 256 ends; a full tile's root is kept, and the root of 256 of those.
    private static async Task Append(Transaction tx, long size, IReadOnlyList<(SealedJournal Journal, byte[] Leaf)> fresh)
    {
        var tile = new List<byte[]>(await SealStore.Leaves(tx, size - (size % MerkleTree.Tile), size));
        for (var at = 0; at < fresh.Count;)
        {
            var count = Math.Min(MerkleTree.Tile - tile.Count, fresh.Count - at);
            var part = fresh.Skip(at).Take(count).ToList();
            var newest = part[^1].Journal;
            await tx.ChangeOne(InsertChunk, new
            {
                first = size, newest.Epoch, newest.Tx, newest.Id, journals = part.Select(p => p.Journal.Id).ToArray(), leaves = part.SelectMany(p => p.Leaf).ToArray(), now = tx.Now,
            });
            tile.AddRange(part.Select(p => p.Leaf));
            (size, at) = (size + count, at + count);
            if (tile.Count < MerkleTree.Tile) continue;
            await Grow(tx, MerkleTree.TileBits, (size / MerkleTree.Tile) - 1, MerkleTree.Root(tile));
            tile.Clear();
        }
    }

    private static async Task Grow(Transaction tx, int level, long no, byte[] hash)
    {
        await tx.ChangeOne("insert into money.seal_nodes (level, no, hash) values (@level, @no, @hash)", new { level = (short)level, no, hash });
        if ((no + 1) % MerkleTree.Tile != 0) return;
        var row = await SealStore.Nodes(tx, level, no + 1 - MerkleTree.Tile, no + 1);
        await Grow(tx, level + MerkleTree.TileBits, no / MerkleTree.Tile, MerkleTree.Root(row));
    }

    private const string LastSql = """
        select c.first, cardinality(c.journals) as count, c.epoch, c.tx::text as tx, c.journal_id from money.seal_chunks c order by c.first desc limit 1
        """;

    // Everything unsealed comes after the last sealed journal: its id is above that of any moment before it.
    private const string FloorSql = """
        select coalesce((select m.floor_id from money.moments m where (m.epoch, m.xid) <= (@epoch, @tx::text::xid8) order by m.epoch desc, m.xid desc limit 1), 0) as floor_id,
            b.epoch, money.horizon()::text as horizon from money.books b
        """;

    private const string UnsealedSql = """
        select j.id, j.epoch, j.tx::text as tx, j.reference, j.kind, j.order_id, j.effective_at, j.counted_at, j.posted_at from money.journals j
        where j.id > @floor and (j.epoch, j.tx, j.id) > (@epoch, @tx::text::xid8, @id) and (j.epoch < @nowEpoch or j.tx < @horizon::text::xid8)
        order by j.epoch, j.tx, j.id limit @limit
        """;

    private const string EntriesSql = "select e.journal_id, e.no, e.account_id, e.minor from money.entries e where e.journal_id = any (@ids) order by e.journal_id, e.no";

    private const string AccountsSql = "select a.id, a.kind, a.owner_id, a.currency from money.accounts a where a.id = any (@ids)";

    private const string InsertChunk = """
        insert into money.seal_chunks (first, epoch, tx, journal_id, journals, leaves, sealed_at) values (@first, @epoch, @tx::text::xid8, @id, @journals, @leaves, @now)
        """;
}
