using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Guildhall.Foundation.Data;

/// <summary>Brings a database to the schema of this build: plain SQL files in order, each in its own transaction, under an advisory lock, with
/// a checksum that must not change after a file was applied. A database newer than the build is refused untouched.</summary>
public static class Migrator
{
    private const long LockKey = 0x6775696c64;

    /// <summary>One migration file.</summary>
    public sealed record Script(int Version, string Name, string Sql)
    {
        public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));
    }

    private sealed record Applied(int Version, string Name, string Checksum);

    /// <summary>The scripts compiled into this build, in order.</summary>
    public static IReadOnlyList<Script> Scripts { get; } = [.. Resources("migrations/").Select(Parse).OrderBy(s => s.Version)];

    /// <summary>Applies what is missing, then the grants of the app's role.</summary>
    /// <param name="owner">Connection string of the schema's owner.</param>
    /// <param name="appRole">Role that the product runs as; it gets no DDL and no update or delete on append-only tables.</param>
    /// <param name="told">Called with each applied name.</param>
    /// <returns>Null, or the sentence that says why nothing was done.</returns>
    public static async Task<string?> Migrate(string owner, string appRole, Action<string> told, CancellationToken stop = default)
    {
        await using var source = new NpgsqlDataSourceBuilder(owner).Build();
        await using var connection = await source.OpenConnectionAsync(stop);
        await Run(connection, $"select pg_advisory_lock({LockKey})", stop);
        await Run(connection, """
            create schema if not exists foundation;
            create table if not exists foundation.migrations (
                version int primary key, name text not null, checksum text not null, applied_at timestamptz not null default clock_timestamp())
            """, stop);
        var applied = await Known(connection, stop);
        if (Objection(applied) is { } objection) return objection;

        foreach (var script in Scripts.Skip(applied.Count))
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await Run(connection, script.Sql, stop);
            await using var note = new NpgsqlCommand("insert into foundation.migrations (version, name, checksum) values ($1, $2, $3)", connection, transaction)
            {
                Parameters = { new() { Value = script.Version }, new() { Value = script.Name }, new() { Value = script.Checksum } },
            };
            await note.ExecuteNonQueryAsync(stop);
            await transaction.CommitAsync(stop);
            told(script.Name);
        }
        await Run(connection, Grants.Replace(":app", new NpgsqlCommandBuilder().QuoteIdentifier(appRole), StringComparison.Ordinal), stop);
        await Run(connection, Home.Settle, stop);
        return null;
    }

    /// <summary>Null when the database has exactly the schema of this build and is no copy that is held, else the sentence that says what to do.</summary>
    /// <param name="mayBeNewer">For a node that runs already: the next version may have migrated, which only adds.</param>
    public static async Task<string?> Check(Database database, CancellationToken stop = default, bool mayBeNewer = false)
    {
        var applied = await database.List<Applied>("select version, name, checksum from foundation.migrations order by version limit 10000", stop: stop);
        return Objection(mayBeNewer ? [.. applied.Take(Scripts.Count)] : applied) ?? (applied.Count < Scripts.Count ? "The database is older than this build: run `guildhall migrate`." : await Home.Objection(database, stop));
    }

    private static string? Objection(IReadOnlyList<Applied> applied)
    {
        if (applied.Count > Scripts.Count)
            return $"The database has a newer schema ({applied[^1].Name}) than this build ({Scripts[^1].Name}). Start the newer build; nothing was changed.";
        for (var i = 0; i < applied.Count; i++)
            if (applied[i].Version != Scripts[i].Version || !string.Equals(applied[i].Checksum, Scripts[i].Checksum, StringComparison.Ordinal))
                return $"Migration {applied[i].Name} was changed after it had been applied. Restore the file or start with an empty database; nothing was changed.";
        return null;
    }

    private static async Task<IReadOnlyList<Applied>> Known(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select version, name, checksum from foundation.migrations order by version", connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = new List<Applied>();
        while (await reader.ReadAsync(stop)) rows.Add(new Applied(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        return rows;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(stop);
    }

    private static string Grants => Resources("grants.sql").Single().Sql;

    private static Script Parse((string Name, string Sql) file) => new(int.Parse(file.Name.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture), file.Name, file.Sql);

    private static IEnumerable<(string Name, string Sql)> Resources(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (Path.GetFileNameWithoutExtension(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]), reader.ReadToEnd());
        }
    }
}
