using System.Globalization;
using Npgsql;

namespace Guildhall.Tests.Support;

/// <summary>Writes down what the server and this process were doing when a statement has taken longer than any should: who ran what, who waited for whom, how many
/// threads were left. A test that fails of a timeout says nothing of it itself.</summary>
internal sealed class Standstill : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watch;

    private Standstill(string superuser, string stamp) => _watch = Task.Factory.StartNew(() => Watch(superuser, stamp, _over.Token), CancellationToken.None,
        TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Standstill WatchFor(string superuser, string stamp) => new(superuser, stamp);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watch;
        _over.Dispose();
    }

    // On a thread of its own and without waiting for the pool: that may be what stands still.
    private static void Watch(string superuser, string stamp, CancellationToken over)
    {
        while (!over.WaitHandle.WaitOne(Every))
        {
            try { Look(superuser, stamp); }
            catch (NpgsqlException problem) { Write($"the server did not answer the watch: {problem.Message}"); }
        }
    }

    private static void Look(string superuser, string stamp)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(superuser) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = $"test_{stamp}_%" });
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetString(0));
        if (lines.Count > 0) Write(string.Join("\n  ", lines));
    }

    private static void Write(string what)
    {
        ThreadPool.GetAvailableThreads(out var free, out _);
        ThreadPool.GetMaxThreads(out var most, out _);
        var folder = Directory.CreateDirectory(Path.Combine(Tree.Root, "artifacts", "tests")).FullName;
        File.AppendAllText(Path.Combine(folder, "standstill.log"), string.Create(CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow:O} {most - free} threads at work, {ThreadPool.PendingWorkItemCount} pieces of work wait\n  {what}\n"));
    }

    // Everybody in a database in which one statement has run for 15 seconds.
    private const string Sql = """
        select concat_ws(' ', a.datname, a.usename, a.pid, a.state, date_trunc('milliseconds', clock_timestamp() - a.query_start), coalesce(a.wait_event_type || ':' || a.wait_event, 'runs'),
            'behind', pg_blocking_pids(a.pid), '|', left(regexp_replace(a.query, '\s+', ' ', 'g'), 300))
        from pg_stat_activity a
        where a.datname like $1 and a.backend_type = 'client backend' and exists (select 1 from pg_stat_activity s
            where s.datname = a.datname and s.backend_type = 'client backend' and s.state = 'active' and clock_timestamp() - s.query_start > interval '15 seconds')
        order by a.datname, a.query_start
        """;
}
