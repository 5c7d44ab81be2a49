using System.Security.Cryptography;
using Guildhall.Foundation.Data;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace Guildhall.Tests.Support;

/// <summary>What all tests of one run share: two roles like the product's, and a database migrated once that every test class clones.</summary>
public sealed class TestRun : IAsyncLifetime
{
    private const string Variable = "GUILDHALL_TEST_POSTGRES";
    private static readonly string Stamp = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private static readonly SemaphoreSlim CloneOneAtATime = new(1);
    private static readonly Lazy<Task> TemplateReady = new(MakeTemplate);

    internal static string OwnerRole { get; } = $"test_owner_{Stamp}";
    internal static string AppRole { get; } = $"test_app_{Stamp}";
    internal static string Password { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    internal static string Template { get; } = $"test_{Stamp}_template";

    /// <summary>Connection string of a PostgreSQL superuser; the tests make and drop databases and roles there.</summary>
    internal static string Superuser => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{Variable} is not set: run ./test, or set it to the connection string of a PostgreSQL superuser.");

    private Standstill? _watch;

    public ValueTask InitializeAsync()
    {
        _watch = Standstill.WatchFor(Superuser, Stamp);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.DisposeAsync();
        if (!TemplateReady.IsValueCreated || !TemplateReady.Value.IsCompletedSuccessfully) return;
        NpgsqlConnection.ClearAllPools();
        var left = await Ask($"select datname from pg_database where datname like 'test_{Stamp}%'");
        foreach (var name in left) await Tell($"drop database if exists {name} with (force)");
        await Tell($"drop role if exists {OwnerRole}");
        await Tell($"drop role if exists {AppRole}");
    }

    /// <summary>A database of its own for a test class, cloned from the template (or empty, for tests of the migrator).</summary>
    internal static async Task<string> NewDatabase(bool empty = false)
    {
        await TemplateReady.Value;
        var name = $"test_{Stamp}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        await CloneOneAtATime.WaitAsync();
        try { await Tell($"create database {name} owner {OwnerRole} template {(empty ? "template0" : Template)}"); }
        finally { CloneOneAtATime.Release(); }
        return name;
    }

    internal static Task Drop(string name) => Tell($"drop database if exists {name} with (force)");

    /// <summary>Longer timeouts than the product's own: a race at a gate waits as long as the slowest racer takes to come, and both cores are taken.</summary>
    internal static string As(string role, string database, int pool) => new NpgsqlConnectionStringBuilder(Superuser)
    {
        Username = role, Password = Password, Database = database, MaxPoolSize = pool, IncludeErrorDetail = true,
        Options = "-c lock_timeout=30s -c statement_timeout=60s -c idle_in_transaction_session_timeout=2min",
    }.ConnectionString;

    internal static string AsSuperuser(string database) =>
        new NpgsqlConnectionStringBuilder(Superuser) { Database = database, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;

    private static async Task MakeTemplate()
    {
        await Tell($"create role {OwnerRole} login password '{Password}'");
        await Tell($"create role {AppRole} login password '{Password}'");
        await Tell($"create database {Template} owner {OwnerRole} template template0");
        var owner = new NpgsqlConnectionStringBuilder(As(OwnerRole, Template, 2)) { Pooling = false }.ConnectionString;
        if (await Migrator.Migrate(owner, AppRole, _ => { }) is { } objection) throw new InvalidOperationException(objection);
    }

    private static async Task Tell(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Superuser) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<IReadOnlyList<string>> Ask(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Superuser);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
}
