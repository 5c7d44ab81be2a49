using System.Globalization;
using Npgsql;

namespace Guildhall.Tests.Support;

/// <summary>One database with every migration, for one test class. As a class fixture, or inside a <see cref="World"/>. The queries here are
/// the oracle: they run as superuser and see what no role of the product may hide.</summary>
public class TestDatabase : IAsyncLifetime
{
    private NpgsqlDataSource? _superuser;

    public string Name { get; private set; } = "";

    /// <summary>Without migrations, for tests of the migrator.</summary>
    protected virtual bool Empty => false;

    internal string App => TestRun.As(TestRun.AppRole, Name, pool: 15);
    internal string Owner => TestRun.As(TestRun.OwnerRole, Name, pool: 5);
    internal string SuperuserString => TestRun.AsSuperuser(Name);
    internal NpgsqlDataSource Superuser => _superuser ?? throw new InvalidOperationException("The database is not open yet.");

    public async ValueTask InitializeAsync()
    {
        Name = await TestRun.NewDatabase(Empty);
        _superuser = NpgsqlDataSource.Create(SuperuserString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_superuser is not null) await _superuser.DisposeAsync();
        if (Name.Length > 0) await TestRun.Drop(Name);
        GC.SuppressFinalize(this);
    }

    /// <summary>One value, for example <c>Value&lt;long&gt;("select count(*) from …")</c>. Arguments are $1, $2, ….</summary>
    public async Task<T> Value<T>(string sql, params object[] args)
    {
        await using var command = Command(Superuser, sql, args);
        return await command.ExecuteScalarAsync() switch
        {
            null or DBNull => default!,
            T value => value,
            var other => (T)Convert.ChangeType(other, typeof(T), CultureInfo.InvariantCulture),
        };
    }

    public Task<long> Count(string fromWhere, params object[] args) => Value<long>($"select count(*) from {fromWhere}", args);

    /// <summary>Every row as an array of its columns.</summary>
    public async Task<IReadOnlyList<object?[]>> Rows(string sql, params object[] args)
    {
        await using var command = Command(Superuser, sql, args);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    }

    public async Task<IReadOnlyList<T>> Column<T>(string sql, params object[] args) => [.. (await Rows(sql, args)).Select(row => (T)row[0]!)];

    /// <summary>Changes data behind the product's back.</summary>
    public async Task<int> Execute(string sql, params object[] args)
    {
        await using var command = Command(Superuser, sql, args);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The statement as the product's own role; answers the SQL state of its refusal, or null when it was allowed.</summary>
    public async Task<string?> RefusedToApp(string sql)
    {
        await using var connection = new NpgsqlConnection(App);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException problem) { return problem.SqlState; }
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, object[] args)
    {
        var command = source.CreateCommand(sql);
        foreach (var arg in args) command.Parameters.Add(new NpgsqlParameter { Value = arg });
        return command;
    }
}

/// <summary>A database without migrations.</summary>
public sealed class EmptyDatabase : TestDatabase
{
    protected override bool Empty => true;
}
