using System.Data.Common;
using Guildhall.Foundation.Facts;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Telemetry;
using Npgsql;

namespace Guildhall.Foundation.Data;

/// <summary>One database transaction. Reads run at once; changes are collected and sent as one batch before the next read and before the
/// commit, so that locks are held for few round trips. No network call may be awaited while one is open.</summary>
public sealed class Transaction
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly List<Pending> _pending = [];
    private readonly List<Action> _afterCommit = [];
    private readonly Database _database;

    private sealed record Pending(string Sql, object? Args, int? ExpectedRows)
    {
        public bool NeedsLook => ExpectedRows is not null && !IsInsertOfValues(Sql);

        // Such a statement inserts them or fails.
        private static bool IsInsertOfValues(string sql)
        {
            var values = sql.IndexOf(" values (", StringComparison.Ordinal);
            return values > 0 && sql.AsSpan().TrimStart().StartsWith("insert") && !sql.AsSpan(0, values).Contains("select", StringComparison.Ordinal) && !sql.Contains("on conflict", StringComparison.Ordinal);
        }
    }

    internal Transaction(Database database, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken stop)
    {
        (_database, _connection, _transaction, Stop) = (database, connection, transaction, stop);
        Now = database.Clock.GetUtcNow();
    }

    /// <summary>Business time of this transaction: the same for all its rows. SQL gets it as <c>@now</c>.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Cancelled when the caller has gone or the time limit has passed.</summary>
    public CancellationToken Stop { get; }

    /// <summary>A new id in the order of this transaction's time.</summary>
    public TId NewId<TId>() where TId : struct, IId<TId> => Id.New<TId>(Now);

    /// <summary>The one row, or null; more than one row is a bug and throws.</summary>
    public async Task<T?> Find<T>(string sql, object? args = null) => Rows.OneOrNone(await List<T>(sql, args));

    /// <summary>The one row; none or several throws.</summary>
    public async Task<T> Get<T>(string sql, object? args = null) => (await List<T>(sql, args)).Single();

    /// <summary>All rows, in the order of the statement. The statement must carry its own limit.</summary>
    public async Task<IReadOnlyList<T>> List<T>(string sql, object? args = null)
    {
        await using var batch = NewBatch();
        batch.BatchCommands.Add(Command(sql, args));
        if (_database.Tap is not null) await _database.Tap.Before(sql);
        await using var reader = await batch.ExecuteReaderAsync(Stop);
        await SkipPending(reader);
        var rows = await Rows.Read<T>(reader, Stop);
        CheckPending(batch);
        if (_database.Tap is not null) await _database.Tap.After(sql);
        return rows;
    }

    /// <summary>A change whose number of rows does not matter.</summary>
    public Task Change(string sql, object? args = null) => Add(sql, args, null);

    /// <summary>A change that must touch exactly one row; any other number throws <see cref="ChangedElsewhereException"/> and rolls back.</summary>
    public Task ChangeOne(string sql, object? args = null) => Add(sql, args, 1);

    /// <summary>Sends a change at once and answers how many rows it touched.</summary>
    public async Task<int> ChangeNow(string sql, object? args = null)
    {
        await using var batch = NewBatch();
        var command = Command(sql, args);
        batch.BatchCommands.Add(command);
        await Send(batch, sql);
        return command.RecordsAffected;
    }

    /// <summary>Begins a binary COPY into a table; the caller writes the rows and completes it before anything else is asked of the transaction.</summary>
    public async Task<NpgsqlBinaryImporter> Copy(string into)
    {
        await Flush();
        return await _connection.BeginBinaryImportAsync(into, Stop);
    }

    /// <summary>Runs every reaction to the fact now, in this transaction.</summary>
    public Task Publish<TFact>(TFact fact) where TFact : IFact => _database.Facts.React(this, fact);

    /// <summary>Writes a job in this transaction; workers are woken after the commit.</summary>
    /// <param name="job">What to do.</param>
    /// <param name="runAt">Business time before which it does not run; now when null.</param>
    /// <param name="uniqueKey">While a waiting or running job of this kind has this key, another is not added.</param>
    public Task Enqueue<TJob>(TJob job, DateTimeOffset? runAt = null, string? uniqueKey = null) where TJob : IJob => Enqueue(JobSql.Enqueue, job, runAt, uniqueKey);

    /// <summary>Queues a job for now, or for <paramref name="runAt"/>; one with the same key that waits for a later time is brought forward, one that is running runs once more.</summary>
    public Task EnqueueNow<TJob>(TJob job, string uniqueKey, DateTimeOffset? runAt = null) where TJob : IJob => Enqueue(JobSql.EnqueueNow, job, runAt, uniqueKey);

    private Task Enqueue<TJob>(string sql, TJob job, DateTimeOffset? runAt, string? uniqueKey) where TJob : IJob
    {
        WakeWorkers();
        return Change(sql, new { kind = TJob.Kind, payload = new Jsonb(job), runAt = runAt ?? Now, uniqueKey, now = Now, maxAttempts = _database.Jobs.MaxAttempts(TJob.Kind), trace = Tracing.Parent });
    }

    /// <summary>Workers look for due jobs after the commit.</summary>
    internal void WakeWorkers() => AfterCommit(_database.Jobs.Wake);

    /// <summary>Runs after the commit, in order, on this node only. It must not throw and must not be needed for correctness.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Tells those who follow this topic, on every node, to look again after the commit. A hint may be lost; the poll finds it.</summary>
    public void Hint(string topic) => AfterCommit(() => _database.Hints.Raise(topic));

    /// <summary>Runs the work in a savepoint. When the named constraint or SQL state stops it, its changes are undone and false is answered.</summary>
    public async Task<bool> Attempt(Func<Task> work, params string[] tolerated)
    {
        await Flush();
        await _transaction.SaveAsync("attempt", Stop);
        try
        {
            await work();
            await Flush();
            await _transaction.ReleaseAsync("attempt", Stop);
            return true;
        }
        catch (PostgresException problem) when (tolerated.Contains(problem.SqlState) || tolerated.Contains(problem.ConstraintName))
        {
            _pending.Clear();
            await _transaction.RollbackAsync("attempt", Stop);
            Database.ForgetPrepared(_connection);
            return false;
        }
    }

    /// <summary>Sends the collected changes now.</summary>
    public async Task Flush()
    {
        if (_pending.Count == 0) return;
        await using var batch = NewBatch();
        await Send(batch, _pending[^1].Sql);
    }

    // Once it is sent nobody breaks it off: a commit that waits for a replica would then be made on the leader alone.
    internal async Task Commit()
    {
        Stop.ThrowIfCancellationRequested();
        // Changes whose number of rows matters are looked at before they are committed; others go in one round trip with the commit.
        if (_pending.Exists(change => change.NeedsLook)) await Flush();
        if (_database.Tap is not null) await _database.Tap.Before("commit");
        if (_pending.Count == 0) await _transaction.CommitAsync(CancellationToken.None);
        else await FlushAndCommit();
        if (_database.Tap is not null) await _database.Tap.After("commit");
        foreach (var action in _afterCommit) action();
    }

    private async Task FlushAndCommit()
    {
        await using var batch = NewBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        _pending.Clear();
    }

    private async Task Send(NpgsqlBatch batch, string what)
    {
        if (_database.Tap is not null) await _database.Tap.Before(what);
        await batch.ExecuteNonQueryAsync(Stop);
        CheckPending(batch);
        if (_database.Tap is not null) await _database.Tap.After(what);
    }

    private Task Add(string sql, object? args, int? expectedRows)
    {
        _pending.Add(new Pending(sql, args, expectedRows));
        return Task.CompletedTask;
    }

    private NpgsqlBatch NewBatch()
    {
        var batch = new NpgsqlBatch(_connection, _transaction);
        foreach (var change in _pending) batch.BatchCommands.Add(Command(change.Sql, change.Args));
        return batch;
    }

    private NpgsqlBatchCommand Command(string sql, object? args)
    {
        _database.Overheard?.Invoke(this, sql, args);
        var command = new NpgsqlBatchCommand(_database.Tap?.Text(sql) ?? sql);
        Parameters.Bind(command.Parameters, args);
        return command;
    }

    // A change that returns rows (a function call) stands before the wanted result: step over it.
    private async Task SkipPending(DbDataReader reader)
    {
        foreach (var change in _pending)
            if (ReturnsRows(change.Sql)) await reader.NextResultAsync(Stop);
    }

    // What stands in parentheses (a "with", a subquery) says nothing of what the statement itself returns.
    private static bool ReturnsRows(string sql)
    {
        var (own, depth) = (new System.Text.StringBuilder(), 0);
        foreach (var c in sql)
        {
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0) own.Append(char.IsWhiteSpace(c) ? ' ' : c);
        }
        var words = own.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Contains("returning", StringComparer.Ordinal) || words.FirstOrDefault(w => w is "select" or "insert" or "update" or "delete") is "select";
    }

    private void CheckPending(NpgsqlBatch batch)
    {
        for (var i = 0; i < _pending.Count; i++)
            if (_pending[i].ExpectedRows is { } expected && batch.BatchCommands[i].RecordsAffected != expected)
                throw new ChangedElsewhereException(_pending[i].Sql, batch.BatchCommands[i].RecordsAffected);
        _pending.Clear();
    }
}

/// <summary>A compare-and-set did not find the row in the expected state. The transaction is rolled back.</summary>
public sealed class ChangedElsewhereException(string sql, long rows) : Exception($"Expected to change one row, changed {rows}: {sql.Trim()}");
