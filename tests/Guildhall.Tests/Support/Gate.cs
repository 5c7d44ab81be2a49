using Npgsql;

namespace Guildhall.Tests.Support;

/// <summary>Makes a race certain: holds a lock in a transaction of its own, waits until the racers wait for it, then lets all go at once.</summary>
public sealed class Gate : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly TestDatabase _database;

    private Gate(TestDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_database, _connection, _transaction) = (database, connection, transaction);

    /// <summary>Closes the gate: <c>select 1 from money.orders where … for update</c>, or <c>select pg_advisory_xact_lock(…)</c>.</summary>
    public static async Task<Gate> Close(TestDatabase database, string lockingSql, params object[] args)
    {
        var connection = await database.Superuser.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(lockingSql, connection, transaction);
        foreach (var arg in args) command.Parameters.Add(new NpgsqlParameter { Value = arg });
        await command.ExecuteNonQueryAsync();
        return new Gate(database, connection, transaction);
    }

    /// <summary>Returns once so many sessions wait at the gate, then opens it.</summary>
    public async Task OpenWhenWaiting(int waiters)
    {
        await Eventually.True(async () => await Waiting() >= waiters, async () => $"{waiters} sessions were expected at the gate, {await Waiting()} wait.");
        await Open();
    }

    /// <summary>Those that the gate holds up, one behind the other; who waits for something else does not count.</summary>
    public Task<long> Waiting() => _database.Value<long>(Queue, _connection.ProcessID);

    private const string Queue = """
        with recursive waiting(pid) as (
            select $1::int union select a.pid from waiting w, pg_stat_activity a where a.wait_event_type = 'Lock' and w.pid = any(pg_blocking_pids(a.pid)))
        select count(*) - 1 from waiting
        """;

    /// <summary>Opens the gate now.</summary>
    public Task Open() => _transaction.RollbackAsync();

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
