using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>The proof that a journal is in the sealed log: its leaf, the path to the root of a signed checkpoint, the signature. It can be checked
/// without the database: <c>guildhall verify --receipt FILE</c>.</summary>
public static class ReadReceipt
{
    /// <param name="Data">The canonical bytes of the journal as text; null for a provider when somebody else's money is in it as well.</param>
    /// <param name="Path">Siblings from the leaf to the root, base 64.</param>
    public sealed record Receipt(string Version, long Journal, string Reference, string? Data, string Leaf, long Position, IReadOnlyList<string> Path, Checkpoint Checkpoint);

    /// <summary>A signed checkpoint; <c>At</c> in microseconds since 1970.</summary>
    public sealed record Checkpoint(long Id, long Size, string Root, int Epoch, long At, string Kid, string PublicKey, string Signature);

    private sealed record ChunkRow(long First, long[] Journals, byte[] Leaves);
    private sealed record CheckpointRow(long Id, long Size, byte[] Root, int Epoch, string Kid, byte[] Signature, DateTimeOffset SignedAt, byte[] PublicKey);

    internal static void Map(IEndpointRouteBuilder ledger) => ledger
        .MapGet("/journals/{id:long}/receipt", async (long id, Database database, CancellationToken stop) => (await Run(database, id, null, stop)).ToHttp())
        .WithName(nameof(ReadReceipt)).Requires(MoneyPermissions.LedgerView).Produces<Receipt>();

    internal static void MapOwn(IEndpointRouteBuilder providers) => providers
        .MapGet("/me/ledger/journals/{id:long}/receipt", async (long id, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, id, caller.AccountId!.Value, stop)).ToHttp()).WithName("ReadOwnReceipt").RequiresSignIn().ChecksSessionRow().Produces<Receipt>();

    /// <summary>For staff, or for a provider whose money the journal moves.</summary>
    public static Task<Result<Receipt>> Run(Database database, long journal, Guid? provider, CancellationToken stop) =>
        database.InTransaction<Result<Receipt>>(tx => Make(tx, journal, provider), stop);

    internal static async Task<Result<Receipt>> Make(Transaction tx, long id, Guid? provider)
    {
        var journal = await tx.Find<SealedJournal>(JournalSql, new { id });
        var entries = await tx.List<SealedEntry>(EntriesSql, new { id });
        if (journal is null || (provider is { } asker && !entries.Any(e => e.OwnerId == asker))) return MoneyRefusals.JournalNotFound;
        var checkpoint = await tx.Find<CheckpointRow>(CheckpointSql);
        var chunk = await tx.Find<ChunkRow>(ChunkSql, new { journal.Epoch, journal.Tx, id });
        var index = chunk is null ? -1 : Array.IndexOf(chunk.Journals, id);
        if (checkpoint is null || chunk is null || index < 0 || chunk.First + index >= checkpoint.Size) return MoneyRefusals.JournalNotSealed;

        var position = chunk.First + index;
        var path = await SealStore.Path(tx, position, checkpoint.Size);
        var leaf = chunk.Leaves[(32 * index)..((32 * index) + 32)];
        var text = LeafBytes.Text(journal, entries);
        if (!MerkleTree.Leaf(Encoding.UTF8.GetBytes(text)).AsSpan().SequenceEqual(leaf)) return MoneyRefusals.JournalNotAsSealed;
        var mixed = provider is not null && entries.Any(e => e.OwnerId is { } owner && owner != provider);
        return new Receipt("guildhall.receipt.v1", id, journal.Reference, mixed ? null : text, Convert.ToBase64String(leaf), position, [.. path.Select(Convert.ToBase64String)],
            new Checkpoint(checkpoint.Id, checkpoint.Size, Convert.ToBase64String(checkpoint.Root), checkpoint.Epoch, long.Parse(LeafBytes.Micros(checkpoint.SignedAt), System.Globalization.CultureInfo.InvariantCulture),
                checkpoint.Kid, Convert.ToBase64String(checkpoint.PublicKey), Convert.ToBase64String(checkpoint.Signature)));
    }

    private const string JournalSql = """
        select j.id, j.epoch, j.tx::text as tx, j.reference, j.kind, j.order_id, j.effective_at, j.counted_at, j.posted_at from money.journals j where j.id = @id
        """;

    private const string EntriesSql = """
        select e.journal_id, e.no, e.account_id, a.kind, a.owner_id, a.currency, e.minor from money.entries e join money.accounts a on a.id = e.account_id
        where e.journal_id = @id order by e.no
        """;

    private const string ChunkSql = """
        select c.first, c.journals, c.leaves from money.seal_chunks c where (c.epoch, c.tx, c.journal_id) >= (@epoch, @tx::text::xid8, @id)
        order by c.epoch, c.tx, c.journal_id limit 1
        """;

    private const string CheckpointSql = $"""
        select {SignCheckpoint.Columns}, k.public_key from money.seal_checkpoints c join money.seal_keys k on k.kid = c.kid order by c.id desc limit 1
        """;
}
