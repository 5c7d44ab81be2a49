using Guildhall.Foundation.Facts;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Foundation.Data;

/// <summary>The one way to PostgreSQL. Statements end after 10 s, a transaction idle for 15 s is ended by the server, a lock is waited for
/// at most 5 s.</summary>
public sealed class Database(NpgsqlDataSource source, FactBook facts, JobBook jobs, StreamHints hints, TimeProvider clock, ILogger<Database> log) : IAsyncDisposable
{
    private const int MaxRetries = 3;
    internal static readonly TimeSpan Statement = TimeSpan.FromSeconds(10), Idle = TimeSpan.FromSeconds(15), Lock = TimeSpan.FromSeconds(5);

    internal FactBook Facts => facts;
    internal JobBook Jobs => jobs;
    internal StreamHints Hints => hints;

    /// <summary>Told every statement of every transaction just before it is sent: the test of the lock order listens.</summary>
    internal Action<Transaction, string, object?>? Overheard { get; set; }

    /// <summary>Null in the product: a test stands on the line here.</summary>
    internal DatabaseTap? Tap { get; set; }

    /// <summary>Business time.</summary>
    public TimeProvider Clock => clock;

    internal NpgsqlDataSource Source => source;

    /// <summary>Runs the work in a transaction (READ COMMITTED) and commits it. A refused <see cref="Result{T}"/> rolls back. The whole work is
    /// run again, at most three times, when PostgreSQL says deadlock or serialization failure, and for nothing else.</summary>
    public async Task<T> InTransaction<T>(Func<Transaction, Task<T>> work, CancellationToken stop = default)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await OnConnection(async connection =>
                {
                    await using var transaction = await connection.BeginTransactionAsync(stop);
                    var tx = new Transaction(this, connection, transaction, stop);
                    var result = await work(tx);
                    if (result is IOutcome { Refusal: not null }) await transaction.RollbackAsync(CancellationToken.None);
                    else await tx.Commit();
                    return result;
                }, stop);
            }
            catch (PostgresException problem) when (attempt < MaxRetries && problem.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                log.LogInformation("transaction_retried {SqlState} {Attempt}", problem.SqlState, attempt + 1);
            }
        }
    }

    private async Task<T> OnConnection<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        var isOnlyHere = false;
        connection.Notice += (_, said) => isOnlyHere |= said.Notice.Routine is NotReplicated;
        try
        {
            var result = await work(connection);
            return isOnlyHere ? throw new NpgsqlException("The commit was made on the leader, and no replica was waited for to the end: whether it lasts is not known.") : result;
        }
        catch (Exception problem) when (problem is PostgresException || problem.InnerException is PostgresException)
        {
            ForgetPrepared(connection);
            // This server no longer leads. What else is in the pool leads there too: all of it is made anew.
            if (problem is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }) source.Clear();
            throw;
        }
    }

    // Where a commit waits for a replica and the wait is broken off, PostgreSQL answers success with a warning from this function.
    private const string NotReplicated = "SyncRepWaitForLSN";

    /// <summary>A statement that failed while it was being prepared leaves Npgsql and PostgreSQL of two minds about it, and its next use out of step (npgsql issue 6391):
    /// after a failure both forget what is prepared on this connection.</summary>
    internal static void ForgetPrepared(NpgsqlConnection connection)
    {
        if (connection.State is not System.Data.ConnectionState.Open) return;
        try { connection.UnprepareAll(); }
        catch (NpgsqlException) { } // it is broken: the pool drops it
    }

    /// <inheritdoc cref="InTransaction{T}"/>
    public Task InTransaction(Func<Transaction, Task> work, CancellationToken stop = default) =>
        InTransaction<Done>(async tx => { await work(tx); return default; }, stop);

    /// <summary>The one row of a read outside any transaction, or null.</summary>
    public async Task<T?> Find<T>(string sql, object? args = null, CancellationToken stop = default) => Rows.OneOrNone(await List<T>(sql, args, stop));

    /// <summary>All rows of a read outside any transaction. The statement must carry its own limit.</summary>
    public Task<IReadOnlyList<T>> List<T>(string sql, object? args = null, CancellationToken stop = default) => OnConnection(async connection =>
    {
        await using var command = new NpgsqlCommand(Tap?.Text(sql) ?? sql, connection);
        Parameters.Bind(command.Parameters, args);
        if (Tap is not null) await Tap.Before(sql);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = await Rows.Read<T>(reader, stop);
        if (Tap is not null) await Tap.After(sql);
        return rows;
    }, stop);

    /// <summary>One statement in a transaction of its own; answers the rows it touched.</summary>
    public Task<int> Change(string sql, object? args = null, CancellationToken stop = default) => OnConnection(async connection =>
    {
        await using var command = new NpgsqlCommand(Tap?.Text(sql) ?? sql, connection);
        Parameters.Bind(command.Parameters, args);
        if (Tap is not null) await Tap.Before(sql);
        var rows = await command.ExecuteNonQueryAsync(stop);
        if (Tap is not null) await Tap.After(sql);
        return rows;
    }, stop);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>The data source with the product's limits on top of the operator's connection string.</summary>
    public static NpgsqlDataSource Open(string connectionString, string applicationName)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = applicationName, Timezone = "UTC" };
        // What is asked often is prepared, with room so that no statement takes the place of another. A connection lives half an hour, which bounds what it holds.
        settings.MaxAutoPrepare = Math.Max(settings.MaxAutoPrepare, 2000);
        settings.AutoPrepareMinUsages = 5;
        settings.ConnectionLifetime = 1800;
        if (!connectionString.Contains("Maximum Pool Size", StringComparison.OrdinalIgnoreCase)) settings.MaxPoolSize = 40;
        // Nothing of ours outlives its transaction in a session (locks, settings, cursors), so none of it has to be reset for the next.
        settings.NoResetOnClose = true;
        // Compiling a statement takes longer than any of ours runs.
        settings.Options = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"-c jit=off -c statement_timeout={Statement.TotalMilliseconds} -c idle_in_transaction_session_timeout={Idle.TotalMilliseconds} -c lock_timeout={Lock.TotalMilliseconds} {settings.Options}");
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = applicationName }.Build(); // its figures bear the node's name
    }
}
