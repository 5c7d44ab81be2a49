using System.Globalization;
using System.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>Signs how large the log is and what its root is.</summary>
internal static class SignCheckpoint
{
    private sealed record State(long Size, int Epoch, long LastId, long LastSize, DateTimeOffset? SignedAt);

    /// <summary>One checkpoint as it is kept.</summary>
    public sealed record Row(long Id, long Size, byte[] Root, int Epoch, string Kid, byte[] Signature, DateTimeOffset SignedAt);

    /// <summary>Signs when something was sealed since the last checkpoint and that one is older than this; answers whether it did.</summary>
    public static async Task<bool> Run(Transaction tx, MasterKey master, TimeSpan olderThan)
    {
        await tx.Change("select pg_advisory_xact_lock(7310871)");
        var state = await tx.Get<State>(StateSql);
        if (state.Size == state.LastSize || state.SignedAt > tx.Now - olderThan) return false;
        var (id, root) = (state.LastId + 1, await SealStore.Root(tx, state.Size));
        var signedAt = new DateTimeOffset(tx.Now.UtcTicks - (tx.Now.UtcTicks % 10), TimeSpan.Zero);
        var (kid, signature) = await SealKeys.Sign(tx, master, Encoding.UTF8.GetBytes(Text(id, state.Size, root, state.Epoch, signedAt)));
        await tx.ChangeOne("""
            insert into money.seal_checkpoints (id, size, root, epoch, kid, signature, signed_at) values (@id, @size, @root, @epoch, @kid, @signature, @signedAt)
            """, new { id, state.Size, root, state.Epoch, kid, signature, signedAt });
        return true;
    }

    /// <summary>What is signed: five lines and a name.</summary>
    public static string Text(long id, long size, byte[] root, int epoch, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture,
        $"guildhall.ledger.v1\n{id}\n{size}\n{Convert.ToBase64String(root)}\n{epoch}\n{LeafBytes.Micros(at)}\n");

    public const string Columns = "c.id, c.size, c.root, c.epoch, c.kid, c.signature, c.signed_at";

    private const string StateSql = """
        select coalesce(s.first + cardinality(s.journals), 0)::bigint as size, coalesce(s.epoch, 1) as epoch, coalesce(c.id, 0) as last_id, coalesce(c.size, 0) as last_size, c.signed_at
        from (select 1) one
            left join (select first, epoch, journals from money.seal_chunks order by first desc limit 1) s on true
            left join (select id, size, signed_at from money.seal_checkpoints order by id desc limit 1) c on true
        """;
}
