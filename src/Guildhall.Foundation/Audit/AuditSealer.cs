using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Data;

namespace Guildhall.Foundation.Audit;

/// <summary>Chains audit entries off the hot path. Entries are sealed in the order (transaction id, id) once every older transaction has ended,
/// so that an entry committed late is never skipped. Each link is SHA-256 over the link before it and the entry's own content.</summary>
public static class AuditSealer
{
    private const int BatchSize = 2000;

    private sealed record Entry(long Id, string Content);
    private sealed record Link(long Seq, byte[] Hash, string Tx, long AuditId);

    /// <summary>Seals one batch; answers how many entries it sealed. Two nodes may call it at once: one waits, then finds nothing to do.</summary>
    public static async Task<int> Seal(Transaction tx)
    {
        await tx.Change("select pg_advisory_xact_lock(7310867)");
        var last = await tx.Find<Link>("select seq, hash, audit_tx::text as tx, audit_id from foundation.audit_seals order by seq desc limit 1")
            ?? new Link(0, new byte[32], "0", 0);
        var entries = await tx.List<Entry>(Unsealed, new { tx = last.Tx, id = last.AuditId, limit = BatchSize });
        var (hash, hashes) = (last.Hash, new List<string>(entries.Count));
        foreach (var entry in entries)
        {
            hash = Next(hash, entry.Content);
            hashes.Add(Convert.ToHexStringLower(hash));
        }
        if (entries.Count > 0)
            await tx.Change("""
                insert into foundation.audit_seals (seq, audit_id, audit_tx, hash, sealed_at)
                select @first + e.n, e.id, a.tx, decode(e.hash, 'hex'), @now
                from unnest(@ids, @hashes) with ordinality as e(id, hash, n) join foundation.audit a on a.id = e.id
                """, new { first = last.Seq, ids = entries.Select(e => e.Id).ToArray(), hashes = hashes.ToArray(), now = tx.Now });
        return entries.Count;
    }

    /// <summary>Walks the whole chain. Null when it holds, else the sequence number of the first bad link.</summary>
    public static async Task<long?> FirstBadLink(Database database, CancellationToken stop)
    {
        var (hash, seq) = (new byte[32], 0L);
        while (true)
        {
            var page = await database.List<Sealed>(SealedPage, new { after = seq, limit = BatchSize }, stop);
            foreach (var row in page)
            {
                hash = Next(hash, row.Content ?? "");
                if (row.Seq != seq + 1 || row.Content is null || !hash.AsSpan().SequenceEqual(row.Hash)) return seq + 1;
                seq = row.Seq;
            }
            if (page.Count < BatchSize) return null;
        }
    }

    private sealed record Sealed(long Seq, byte[] Hash, string? Content);

    private static byte[] Next(byte[] previous, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        return SHA256.HashData([.. previous, .. bytes]);
    }

    // One canonical text of an entry: every column, null and empty told apart, JSON as PostgreSQL normalises it.
    private const string Content = """
        jsonb_build_array(a.id, extract(epoch from a.at)::text, a.actor_kind, a.actor_id, a.actor_name, a.session_id, a.request_id, a.action, a.subject_type,
            a.subject_id, a.why, a.before, a.after, a.person_id, encode(a.personal, 'hex'), encode(a.place, 'hex'), a.tx::text)::text
        """;

    private const string Unsealed = $"""
        select a.id, {Content} as content from foundation.audit a
        where (a.tx, a.id) > (@tx::text::xid8, @id) and a.tx < pg_snapshot_xmin(pg_current_snapshot()) order by a.tx, a.id limit @limit
        """;

    private const string SealedPage = $"""
        select s.seq, s.hash, {Content} as content from foundation.audit_seals s left join foundation.audit a on a.id = s.audit_id
        where s.seq > @after order by s.seq limit @limit
        """;
}
