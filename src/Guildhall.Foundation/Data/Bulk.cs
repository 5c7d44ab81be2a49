namespace Guildhall.Foundation.Data;

/// <summary>What became of one row of a bulk act, or would become of it.</summary>
/// <param name="Done">It was done; in a dry run: it would be, as things are now.</param>
/// <param name="Code">Why not, as the single act says it; null when it was done.</param>
/// <param name="Says">The sentence of the code.</param>
public sealed record BulkRow(string Id, bool Done, string? Code, string? Says);

/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Rows">In the order they were given.</param>
public sealed record BulkAnswer(bool DryRun, IReadOnlyList<BulkRow> Rows);

/// <summary>One act on many rows, each in a transaction of its own by the use case of the single act: one that is refused leaves the others alone. A dry run does the same and undoes each,
/// so it cannot say anything else than what would happen now.</summary>
public static class Bulk
{
    public const int Most = 100;

    private static readonly Refusal Undo = new("dry_run", 500, "A dry run is always undone.");

    /// <summary>Whether there are 1 to <see cref="Most"/> rows, none of them twice.</summary>
    public static bool Fits<TRow, TKey>(IReadOnlyList<TRow>? rows, Func<TRow, TKey> keyOf) => rows is { Count: >= 1 and <= Most } && rows.DistinctBy(keyOf).Count() == rows.Count;

    /// <param name="act">The single act, which compares what the row was when it was shown.</param>
    public static async Task<BulkAnswer> Run<TRow>(Database database, bool dryRun, IReadOnlyList<TRow> rows, Func<TRow, string> idOf, Func<Transaction, TRow, Task<Refusal?>> act, CancellationToken stop)
    {
        var done = new List<BulkRow>(rows.Count);
        foreach (var row in rows)
        {
            Refusal? refused = null;
            await database.InTransaction<Result<Done>>(async tx =>
            {
                refused = await act(tx, row);
                if (refused is not null) return refused;
                if (!dryRun) return default(Done);
                await tx.Flush(); // the database has its say in a dry run too
                return Undo;
            }, stop);
            done.Add(new BulkRow(idOf(row), refused is null, refused?.Code, refused?.Sentence));
        }
        return new BulkAnswer(dryRun, done);
    }
}
