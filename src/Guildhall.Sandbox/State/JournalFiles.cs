using System.Text;
using System.Text.Json;

namespace Guildhall.Sandbox.State;

/// <summary>
/// The data folder: <c>snapshot-N</c> is the state when <c>journal-N</c> began. Reading takes the newest whole snapshot and every
/// journal from there on; a torn last line, left by a kill, is dropped.
/// </summary>
internal sealed class JournalFiles(string folder) : IDisposable
{
    private FileStream? ownership;
    private int number;

    /// <exception cref="IOException">Another sandbox owns the folder, or it cannot be written.</exception>
    public void Own()
    {
        Directory.CreateDirectory(folder);
        try
        {
            ownership = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"another sandbox already uses the folder {Path.GetFullPath(folder)}; set SANDBOX_DATA", taken);
        }
    }

    public void Read(Action<JsonElement> apply)
    {
        var snapshots = Numbers("snapshot-");
        var first = snapshots.Count == 0 ? 0 : snapshots[^1];
        if (snapshots.Count > 0) ReadLines(PathOf("snapshot-", first), apply);

        foreach (var journal in Numbers("journal-").Where(n => n >= first))
        {
            ReadLines(PathOf("journal-", journal), apply);
            number = journal;
        }
    }

    public FileStream StartNext()
    {
        number++;
        return new FileStream(PathOf("journal-", number), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Writes the snapshot that belongs to the journal last started, then removes what it replaces.</summary>
    public async Task WriteSnapshot(IEnumerable<(string Table, object Item)> rows)
    {
        var mine = number;
        var unfinished = Path.Combine(folder, "snapshot.unfinished");
        await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            foreach (var (table, item) in rows)
            {
                var log = new ChangeLog();
                log.Put(table, item);
                await file.WriteAsync(log.Take());
            }
        }

        File.Move(unfinished, PathOf("snapshot-", mine), overwrite: true);
        foreach (var old in Numbers("snapshot-").Where(n => n < mine)) File.Delete(PathOf("snapshot-", old));
        foreach (var old in Numbers("journal-").Where(n => n < mine)) File.Delete(PathOf("journal-", old));
    }

    public void Dispose() => ownership?.Dispose();

    private static void ReadLines(string path, Action<JsonElement> apply)
    {
        foreach (var line in File.ReadLines(path, Encoding.UTF8))
        {
            JsonDocument change;
            try
            {
                change = JsonDocument.Parse(line);
            }
            catch (JsonException)
            {
                return;
            }

            using (change) apply(change.RootElement);
        }
    }

    private string PathOf(string prefix, int n) => Path.Combine(folder, $"{prefix}{n:D6}.jsonl");

    private List<int> Numbers(string prefix) =>
        [.. Directory.EnumerateFiles(folder, prefix + "*.jsonl")
            .Select(path => int.Parse(Path.GetFileNameWithoutExtension(path)[prefix.Length..]))
            .Order()];
}
