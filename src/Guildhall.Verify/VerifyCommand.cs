using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;

namespace Guildhall.Verify;

/// <summary>Proves the books from raw SQL, without any code that writes them: <c>guildhall verify</c>.</summary>
public static class VerifyCommand
{
    private const string Help = """
        guildhall verify [--checkpoints FILE] [--key PUBLICKEY] [--database CONNECTION]
        guildhall verify --receipt FILE [--checkpoints FILE] [--key PUBLICKEY]

        Recomputes the books from their rows: sums, balances, periods, and the sealed log up to its signed checkpoints. Names the first bad record.
          --checkpoints FILE   the file of checkpoints that stands outside the database; without it a rewrite of everything cannot be seen
          --key PUBLICKEY      the only key to trust, as published at /api/v1/ledger/keys (base 64); otherwise the keys in the file
          --database CONN      otherwise GUILDHALL_DATABASE_OWNER or GUILDHALL_DATABASE
          --receipt FILE       checks a receipt; needs no database
        Exit code: 0 everything holds, 1 something does not, 2 it could not be looked at.
        """;

    /// <summary>Runs the command; answers its exit code. Writes one line for each finding.</summary>
    public static async Task<int> Run(IReadOnlyList<string> args, TextWriter output, CancellationToken stop = default)
    {
        if (args.Contains("--help", StringComparer.Ordinal) || args.Contains("-h", StringComparer.Ordinal)) return await Say(output, Help, 0);
        try
        {
            var (checkpoints, key) = (Option(args, "--checkpoints"), Option(args, "--key"));
            var file = checkpoints is null ? null : await CheckpointLog.Read(checkpoints, key, stop);
            if (Option(args, "--receipt") is { } receipt) return await Receipts.Check(receipt, file, key, output, stop);
            var connection = Option(args, "--database") ?? Environment.GetEnvironmentVariable("GUILDHALL_DATABASE_OWNER") ?? Environment.GetEnvironmentVariable("GUILDHALL_DATABASE");
            return connection is null ? await Say(output, "No database is given: set GUILDHALL_DATABASE or pass --database.", 2) : await Books(connection, file, key, output, stop);
        }
        catch (Exception problem) when (problem is NpgsqlException or IOException or UnauthorizedAccessException or JsonException or FormatException or CryptographicException or ArgumentException)
        {
            return await Say(output, $"It could not be verified: {problem.Message}", 2);
        }
    }

    private static async Task<int> Books(string connection, CheckpointLog? file, string? key, TextWriter output, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection) { ApplicationName = "guildhall-verify", Timezone = "UTC", CommandTimeout = 0, Pooling = false };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var books = await BookReader.Open(source, stop);
        var findings = new Findings();
        if (file is not null) findings.AddRange(file.Findings);
        var counted = await LogCheck.Run(books, file, key, findings, stop);
        await BookCheck.Run(books, findings, stop);
        foreach (var finding in findings.All) await output.WriteLineAsync($"BROKEN {finding.Law}: {finding.Says}");
        await output.WriteLineAsync($"{counted.Journals} journals, {counted.Sealed} sealed, {counted.Checkpoints} checkpoints in the database, {file?.Lines.Count ?? 0} in the file.");
        if (file is null) await output.WriteLineAsync("No file of checkpoints was given: a rewrite of the whole database could not be seen.");
        return await Say(output, findings.All.Count == 0 ? "Everything holds." : $"{findings.All.Count} laws are broken.", findings.All.Count == 0 ? 0 : 1);
    }

    private static string? Option(IReadOnlyList<string> args, string name)
    {
        for (var i = 0; i + 1 < args.Count; i++)
            if (string.Equals(args[i], name, StringComparison.Ordinal)) return args[i + 1];
        return null;
    }

    private static async Task<int> Say(TextWriter output, string text, int code)
    {
        await output.WriteLineAsync(text);
        return code;
    }
}
