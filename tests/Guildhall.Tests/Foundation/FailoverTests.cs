using System.Text.RegularExpressions;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Facts;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guildhall.Tests.Foundation;

/// <summary>What becomes of statements when another PostgreSQL leads, or when no replica answers the one that does.</summary>
public sealed partial class FailoverTests
{
    private const string Insert = "insert into foundation.jobs (kind, payload, run_at, created_at, max_attempts) values ('kept', '{}', @now, @now, 1)";

    [Fact]
    public async Task A_server_that_no_longer_leads_is_left_and_the_next_write_finds_the_one_that_does()
    {
        await using var copy = new TestDatabase();
        await copy.InitializeAsync();
        await copy.Execute($"alter database {copy.Name} set default_transaction_read_only = on"); // as sessions of a replica are
        await using var database = Open(copy.App);
        var now = DateTimeOffset.UnixEpoch;
        var refused = await Should.ThrowAsync<PostgresException>(() => database.Change(Insert, new { now }));
        (Problems.Of(refused).Status, Problems.Of(refused).RetryAfterSeconds).ShouldBe((503, 5));
        await copy.Execute($"alter database {copy.Name} reset default_transaction_read_only");
        (await database.Change(Insert, new { now })).ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_that_no_replica_has_confirmed_is_not_called_done_and_nobody_breaks_off_its_wait()
    {
        var started = await Shell.Bash("scripts/postgres.sh start");
        try
        {
            var connection = Quoted().Match(started).Groups[1].Value;
            await using var superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Options = "-c synchronous_commit=local" }.ConnectionString);
            await Run(superuser, "create table numbers (n int primary key)");
            await Run(superuser, "alter system set synchronous_standby_names = 'nobody'");
            await Run(superuser, "select pg_reload_conf()");
            await using var database = Open(new NpgsqlConnectionStringBuilder(connection) { Options = "-c synchronous_commit=on" }.ConnectionString);
            await Eventually.True(async () => await database.Find<string>("show synchronous_standby_names") is "nobody", "The setting did not come");

            Func<CancellationToken, Task>[] ways =
            [
                stop => database.InTransaction(tx => tx.Change("insert into numbers values (1)"), stop), // with the commit
                stop => database.InTransaction(tx => tx.ChangeOne("update numbers set n = 2 where n = 1"), stop), // looked at before it
                _ => database.Change("update numbers set n = 3 where n = 2", stop: CancellationToken.None),
            ];
            foreach (var way in ways)
            {
                using var gone = new CancellationTokenSource();
                var doing = way(gone.Token);
                await Eventually.True(() => Waits(superuser), "It does not wait for a replica");
                await gone.CancelAsync();
                for (var look = 0; look < 100; look++) (await Waits(superuser)).ShouldBeTrue("Who has gone has broken the wait off");
                await Run(superuser, "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
                Problems.Of(await Should.ThrowAsync<NpgsqlException>(() => doing)).Code.ShouldBe("unavailable");
            }
            (await database.Find<int>("select n from numbers")).ShouldBe(3); // made on the leader all the same
        }
        finally { await Shell.Bash($"scripts/postgres.sh stop '{Folder().Match(started).Groups[1].Value}'"); }
    }

    private static async Task<bool> Waits(NpgsqlDataSource superuser)
    {
        await using var command = superuser.CreateCommand("select exists (select 1 from pg_stat_activity where wait_event = 'SyncRep')");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task Run(NpgsqlDataSource superuser, string sql)
    {
        await using var command = superuser.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Database Open(string connection) =>
        new(Database.Open(connection, "failover"), new FactBook([]), new JobBook([]), new StreamHints(), TimeProvider.System, NullLogger<Database>.Instance);

    [GeneratedRegex("GUILDHALL_TEST_POSTGRES='([^']*)'", RegexOptions.None, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("SCRATCH='([^']*)'", RegexOptions.None, 1000)]
    private static partial Regex Folder();
}
