using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guildhall.Foundation.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>Where this node writes checkpoints outside the database; null: nowhere, and health says so.</summary>
public sealed record LedgerOptions(string? CheckpointFile);

/// <summary>Appends every signed checkpoint, with the leaf hashes since the one before, to a file that whoever owns the database does not own: one
/// JSON object a line. Before it goes on it compares its last line with the database, and writes nothing when they disagree.</summary>
public sealed class CheckpointFile(Database database, LedgerOptions options, ILogger<CheckpointFile> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>A public key, before the first checkpoint it signed.</summary>
    public sealed record KeyLine(string Key, string PublicKey);

    /// <summary>A checkpoint. <c>Leaves</c> are the hashes from the size of the line before to <c>Size</c>.</summary>
    public sealed record Line(long Id, long Size, string Root, int Epoch, long At, string Kid, string Signature, string Leaves);

    public string? Path => options.CheckpointFile;

    /// <summary>Why the file is not up to date; null when it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The last checkpoint in the file.</summary>
    public long WrittenId { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Path is null) return;
        using var timer = new PeriodicTimer(Every);
        do
        {
            try { await Append(stoppingToken); }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (NpgsqlException problem) { Failed(problem.Message); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Brings the file up to date.</summary>
    public async Task Append(CancellationToken stop)
    {
        if (Path is null) return;
        await _one.WaitAsync(stop);
        try
        {
            await using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            var (last, keys) = await ReadBack(file, stop);
            if (last is not null && !await Agrees(last, stop)) throw new InvalidDataException($"Checkpoint {last.Id} in the file is not the one in the database. Run `guildhall verify`; nothing more is written.");
            (WrittenId, var size) = (last?.Id ?? 0, last?.Size ?? 0);
            file.Seek(0, SeekOrigin.End);
            while (await database.List<SignCheckpoint.Row>(NextSql, new { after = WrittenId }, stop) is { Count: > 0 } rows)
                foreach (var row in rows)
                {
                    var lines = new StringBuilder();
                    if (keys.Add(row.Kid)) lines.Append(JsonSerializer.Serialize(new KeyLine(row.Kid, await PublicKey(row.Kid, stop)), Json)).Append('\n');
                    lines.Append(JsonSerializer.Serialize(await ToLine(row, size, stop), Json)).Append('\n');
                    await file.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), stop);
                    file.Flush(flushToDisk: true);
                    (WrittenId, size) = (row.Id, row.Size);
                }
            Problem = null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException or JsonException) { Failed(problem.Message); }
        finally { _one.Release(); }
    }

    private void Failed(string problem)
    {
        if (!string.Equals(Problem, problem, StringComparison.Ordinal)) log.LogError("ledger_checkpoint_file_not_written {Reason}", problem);
        Problem = problem;
    }

    // A line that a crash cut short is cut off; every complete one is kept as it is.
    private static async Task<(Line? Last, HashSet<string> Keys)> ReadBack(FileStream file, CancellationToken stop)
    {
        var (last, keys, complete) = ((string?)null, new HashSet<string>(StringComparer.Ordinal), 0L);
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (complete + Encoding.UTF8.GetByteCount(line) >= file.Length) break;
            complete += Encoding.UTF8.GetByteCount(line) + 1;
            if (line.StartsWith("{\"key\"", StringComparison.Ordinal)) keys.Add(JsonSerializer.Deserialize<KeyLine>(line, Json)!.Key);
            else last = line;
        }
        if (complete < file.Length) file.SetLength(complete);
        return (last is null ? null : JsonSerializer.Deserialize<Line>(last, Json), keys);
    }

    private async Task<bool> Agrees(Line last, CancellationToken stop) =>
        await database.Find<SignCheckpoint.Row>($"select {SignCheckpoint.Columns} from money.seal_checkpoints c where c.id = @id", new { last.Id }, stop) is { } row
        && string.Equals(Convert.ToBase64String(row.Signature), last.Signature, StringComparison.Ordinal) && row.Size == last.Size;

    private async Task<string> PublicKey(string kid, CancellationToken stop) =>
        Convert.ToBase64String((await database.Find<byte[]>("select public_key from money.seal_keys where kid = @kid", new { kid }, stop))!);

    private async Task<Line> ToLine(SignCheckpoint.Row row, long from, CancellationToken stop)
    {
        var leaves = await database.InTransaction(tx => SealStore.Range(tx, from, row.Size), stop);
        return new Line(row.Id, row.Size, Convert.ToBase64String(row.Root), row.Epoch, long.Parse(LeafBytes.Micros(row.SignedAt), System.Globalization.CultureInfo.InvariantCulture),
            row.Kid, Convert.ToBase64String(row.Signature), Convert.ToBase64String(leaves));
    }

    private const string NextSql = $"select {SignCheckpoint.Columns} from money.seal_checkpoints c where c.id > @after order by c.id limit 100";
}
