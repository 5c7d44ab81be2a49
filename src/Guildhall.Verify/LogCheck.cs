using System.Globalization;
using System.Text;

namespace Guildhall.Verify;

/// <summary>Holds the journals against what was sealed: leaf by leaf, root by root, checkpoint by checkpoint.</summary>
internal static class LogCheck
{
    public sealed record Counted(long Journals, long Sealed, int Checkpoints);

    private sealed record SealedLog(List<long> Ids, List<byte[]> Leaves);

    public static async Task<Counted> Run(BookReader books, CheckpointLog? file, string? pinned, Findings findings, CancellationToken stop)
    {
        var log = await ReadChunks(books, findings, stop);
        var checkpoints = await Checkpoints(books, log, file, pinned, findings, stop);
        var journals = await Journals(books, log, file, findings, stop);
        return new Counted(journals, log.Leaves.Count, checkpoints);
    }

    private static async Task<SealedLog> ReadChunks(BookReader books, Findings findings, CancellationToken stop)
    {
        var log = new SealedLog([], []);
        await foreach (var row in books.Rows("select first, journals, leaves from money.seal_chunks order by first", stop))
        {
            var (first, ids, leaves) = ((long)row[0]!, (long[])row[1]!, (byte[])row[2]!);
            if (first != log.Ids.Count || leaves.Length != 32 * ids.Length)
            {
                findings.Add("seal", $"the sealed log breaks at position {log.Ids.Count}: the next chunk begins at {first}");
                break;
            }
            log.Ids.AddRange(ids);
            for (var i = 0; i < leaves.Length; i += 32) log.Leaves.Add(leaves[i..(i + 32)]);
        }
        await foreach (var row in books.Rows("select level, no, hash from money.seal_nodes order by level, no", stop))
        {
            var (level, no) = ((short)row[0]!, (long)row[1]!);
            if (((no + 1) << level) > log.Leaves.Count)
            {
                findings.Add("seal nodes", $"node {no} of level {level} stands for leaves that are not there");
                break;
            }
            var tree = new Tree();
            for (var at = no << level; at < (no + 1) << level; at++) tree.Add(log.Leaves[(int)at]);
            if (!tree.Root().AsSpan().SequenceEqual((byte[])row[2]!)) findings.Add("seal nodes", $"node {no} of level {level} is not the root of its leaves");
        }
        return log;
    }

    // Every checkpoint of the database: signed, in order, its root the root of the leaves, and the same as in the file.
    private static async Task<int> Checkpoints(BookReader books, SealedLog log, CheckpointLog? file, string? pinned, Findings findings, CancellationToken stop)
    {
        var inFile = file?.Lines.ToDictionary(l => l.Id) ?? [];
        var (tree, last, count) = (new Tree(), (Checkpoint?)null, 0);
        await foreach (var row in books.Rows("""
            select c.id, c.size, c.root, c.epoch, (extract(epoch from c.signed_at) * 1000000)::bigint, c.kid, c.signature, k.public_key
            from money.seal_checkpoints c left join money.seal_keys k on k.kid = c.kid order by c.id
            """, stop))
        {
            var own = new Checkpoint((long)row[0]!, (long)row[1]!, (byte[])row[2]!, (int)row[3]!, (long)row[4]!, (string)row[5]!, (byte[])row[6]!);
            count++;
            if (own.Id != (last?.Id ?? 0) + 1 || own.Size <= (last?.Size ?? 0)) findings.Add("checkpoints", $"checkpoint {own.Id} of size {own.Size} follows checkpoint {last?.Id ?? 0} of size {last?.Size ?? 0}");
            last = own;
            var trusted = pinned is not null ? Convert.FromBase64String(pinned) : file?.Keys.GetValueOrDefault(own.Kid) ?? (byte[]?)row[7];
            if (trusted is null || !own.IsSignedBy(trusted)) findings.Add("signatures", $"the signature of checkpoint {own.Id} in the database is not that of the ledger's key");
            if (own.Size > log.Leaves.Count)
            {
                findings.Add("checkpoints", $"checkpoint {own.Id} is of {own.Size} journals, {log.Leaves.Count} are sealed: those from position {log.Leaves.Count} on are missing");
                continue;
            }
            while (tree.Size < own.Size) tree.Add(log.Leaves[(int)tree.Size]);
            if (tree.Size == own.Size && !tree.Root().AsSpan().SequenceEqual(own.Root)) findings.Add("roots", $"the sealed leaves do not lead to the root of checkpoint {own.Id}");
            if (inFile.TryGetValue(own.Id, out var line) && (line.Size != own.Size || !line.Root.AsSpan().SequenceEqual(own.Root)))
                findings.Add("checkpoint file", $"checkpoint {own.Id} of the database (size {own.Size}) is not the one in the file (size {line.Size})");
        }
        if (file?.Lines is [.., var newest] && newest.Id > (last?.Id ?? 0))
            findings.Add("checkpoint file", $"checkpoint {newest.Id} of {newest.Size} journals stands in the file and not in the database, whose last is {last?.Id ?? 0}");
        return count;
    }

    private static async Task<long> Journals(BookReader books, SealedLog log, CheckpointLog? file, Findings findings, CancellationToken stop)
    {
        var (count, position, broken) = (0L, 0, (Journal?)null);
        var truth = file is { Leaves.Count: > 0 } ? file.Leaves : log.Leaves;
        var known = Math.Max(truth.Count, log.Leaves.Count);
        await foreach (var journal in books.Journals(stop))
        {
            count++;
            BookCheck.Journal(journal, findings);
            if (broken is not null || position >= known) continue;
            var expected = position < truth.Count ? truth[position] : log.Leaves[position];
            if (Tree.Leaf(Encoding.UTF8.GetBytes(Text(journal))).AsSpan().SequenceEqual(expected)) position++;
            else broken = journal;
        }
        if (broken is not null || position < known) findings.Add("sealed journals", await Name(books, log, truth, position, broken, stop));
        return count;
    }

    // What happened at the first position that does not hold.
    private static async Task<string> Name(BookReader books, SealedLog log, List<byte[]> truth, int position, Journal? found, CancellationToken stop)
    {
        var sealedId = position < log.Ids.Count ? log.Ids[position] : (long?)null;
        var sealedIsThere = sealedId is { } id && await books.Any("select 1 from money.journals where id = $1", stop, id);
        if (found is null) return sealedId is { } gone ? $"journal {gone} at position {position} was deleted"
            : $"the journals from position {position} on are missing: the file of checkpoints has {truth.Count}";
        if (found.Id == sealedId)
        {
            var rewritten = Tree.Leaf(Encoding.UTF8.GetBytes(Text(found))).AsSpan().SequenceEqual(log.Leaves[position]);
            return rewritten ? $"{found.Named} at position {position} was rewritten together with the seal: the file of checkpoints has another"
                : $"{found.Named} at position {position}, or one of its entries, was changed after it was sealed";
        }
        if (sealedId is null) return $"{found.Named} at position {position} is not the one in the file of checkpoints";
        if (!log.Ids.Contains(found.Id)) return sealedIsThere ? $"{found.Named} was inserted at position {position}" : $"journal {sealedId} at position {position} was deleted";
        return sealedIsThere ? $"journal {sealedId} at position {position} was moved: {found.Named} stands in its place" : $"journal {sealedId} at position {position} was deleted";
    }

    /// <summary>The canonical text of a journal, made here a second time from its description.</summary>
    internal static string Text(Journal journal)
    {
        var lines = new List<string>
        {
            "guildhall.journal.v1", Number(journal.Epoch), journal.Tx, Number(journal.Id), Counted(journal.Reference), Counted(journal.Kind), journal.Order?.ToString("D") ?? "-",
            Number(Micros(journal.Effective)), journal.Counted is { } counted ? Number(Micros(counted)) : "-", Number(Micros(journal.Posted)), Number(journal.Entries.Count),
        };
        lines.AddRange(journal.Entries.Select(e => string.Join(' ', Number(e.No), Number(e.Account), e.Kind ?? "-", e.Owner?.ToString("D") ?? "-", e.Currency ?? "-", Number(e.Minor))));
        return string.Concat(lines.Select(line => line + "\n"));

        static string Counted(string text) => $"{Encoding.UTF8.GetByteCount(text)}:{text}";
        static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
        static long Micros(DateTime at) => (at.Ticks - DateTime.UnixEpoch.Ticks) / 10;
    }
}
