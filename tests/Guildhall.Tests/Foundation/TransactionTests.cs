using Guildhall.Foundation.Data;
using Guildhall.Foundation.Facts;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Guildhall.Tests.Foundation;

public sealed class TransactionTests(TransactionTests.Setup world) : IClassFixture<TransactionTests.Setup>, IAsyncLifetime
{
    private const string Read = "select value::text from foundation.settings where key = @key";
    private const string Write = "update foundation.settings set value = to_jsonb(@value), version = version + 1 where key = @key";
    private const string Put = "insert into foundation.settings (key, value, version, changed_at)";
    private readonly string _a = $"a-{Guid.NewGuid():n}";
    private readonly string _b = $"b-{Guid.NewGuid():n}";

    public sealed class Setup : NodesOnly
    {
        protected override int NodeCount => 1;
        public int Reactions;

        protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddReaction<Happened>(async (tx, fact) =>
        {
            Reactions++;
            await tx.ChangeOne(Write, new { key = fact.Key, value = fact.Value });
        });
    }

    public sealed record Happened(string Key, string Value) : IFact;

    private Database Database => world.Data();

    public async ValueTask InitializeAsync()
    {
        foreach (var key in new[] { _a, _b })
            await world.Database.Execute("insert into foundation.settings (key, value, version, changed_at) values ($1, '\"old\"', 1, now())", key);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_change_that_must_touch_one_row_and_touches_none_throws_and_undoes_all()
    {
        await Should.ThrowAsync<ChangedElsewhereException>(() => Database.InTransaction(async tx =>
        {
            await tx.ChangeOne(Write, new { key = _a, value = "new" });
            await tx.ChangeOne(Write, new { key = "nobody", value = "new" });
        }));
        (await Value(_a)).ShouldBe("\"old\"");
    }

    [Fact]
    public async Task A_change_that_must_touch_one_row_and_touches_two_throws_and_undoes_all()
    {
        await Should.ThrowAsync<ChangedElsewhereException>(() => Database.InTransaction(tx =>
            tx.ChangeOne("update foundation.settings set version = version + 1 where key = any (@keys)", new { keys = new[] { _a, _b } })));
        (await world.Database.Value<int>("select version from foundation.settings where key = $1", _a)).ShouldBe(1);
    }

    [Fact]
    public async Task Changes_are_sent_in_order_before_the_next_read()
    {
        await Database.InTransaction(async tx =>
        {
            await tx.Change(Write, new { key = _a, value = "first" });
            await tx.ChangeOne(Write, new { key = _a, value = "second" });
            (await tx.Get<string>(Read, new { key = _a })).ShouldBe("\"second\"");
        });
        (await world.Database.Value<int>("select version from foundation.settings where key = $1", _a)).ShouldBe(3);
    }

    [Fact]
    public async Task A_function_call_among_the_changes_does_not_stand_in_for_the_answer()
    {
        await Database.InTransaction(async tx =>
        {
            await tx.Change("select pg_advisory_xact_lock(42)");
            await tx.Change("\n    select 1 as one, 'x' as other");
            await tx.ChangeOne("update foundation.settings set version = 9 where key = @key returning key", new { key = _a });
            (await tx.Get<int>("select version from foundation.settings where key = @key", new { key = _a })).ShouldBe(9);
        });
    }

    [Theory]
    [InlineData($"with a as ({Put} values (@key, '1', 1, now()) returning key) {Put} select key || '2', '2', 1, now() from a")]
    [InlineData($"with a as ({Put} values (@key, '1', 1, now()) returning key)\nselect key from a")]
    [InlineData($"{Put} values (@key, '1', 1, now())\nreturning key")]
    public async Task Whatever_a_change_returns_does_not_stand_in_for_the_answer(string change)
    {
        var answer = await world.Data().InTransaction(async tx =>
        {
            await tx.Change(change, new { key = Guid.NewGuid().ToString() });
            return await tx.Get<int>("select 42");
        });
        answer.ShouldBe(42);
    }

    [Fact]
    public async Task A_refused_result_undoes_what_was_written()
    {
        var result = await Database.InTransaction<Result<Done>>(async tx =>
        {
            await tx.ChangeNow(Write, new { key = _a, value = "new" });
            return FoundationRefusals.NotFound;
        });
        result.Refusal.ShouldBe(FoundationRefusals.NotFound);
        (await Value(_a)).ShouldBe("\"old\"");
    }

    [Fact]
    public async Task What_stops_an_attempt_undoes_the_attempt_only()
    {
        await Database.InTransaction(async tx =>
        {
            await tx.ChangeOne(Write, new { key = _a, value = "kept" });
            (await tx.Attempt(() => tx.Change(Insert, new { key = _b }), PostgresErrorCodes.UniqueViolation)).ShouldBeFalse();
            (await tx.Attempt(() => tx.ChangeOne(Write, new { key = _b, value = "also" }), PostgresErrorCodes.UniqueViolation)).ShouldBeTrue();
        });
        (await Value(_a)).ShouldBe("\"kept\"");
        (await Value(_b)).ShouldBe("\"also\"");
    }

    [Fact]
    public async Task What_an_attempt_does_not_tolerate_is_thrown()
    {
        await Should.ThrowAsync<PostgresException>(() => Database.InTransaction(tx => tx.Attempt(() => tx.Change(Insert, new { key = _b }), PostgresErrorCodes.ExclusionViolation)));
    }

    [Fact]
    public async Task A_real_deadlock_is_run_again_and_both_are_done()
    {
        var (runs, bothHoldOne) = (0, new Barrier(2));
        await Task.WhenAll(Cross(_a, _b, "one"), Cross(_b, _a, "two"));
        runs.ShouldBeGreaterThan(2, "there was no deadlock");
        (await world.Database.Value<int>("select version from foundation.settings where key = $1", _a)).ShouldBe(3);
        (await world.Database.Value<int>("select version from foundation.settings where key = $1", _b)).ShouldBe(3);

        Task Cross(string first, string second, string value) => Task.Run(() => Database.InTransaction(async tx =>
        {
            var run = Interlocked.Increment(ref runs);
            await tx.ChangeNow(Write, new { key = first, value });
            if (run <= 2) bothHoldOne.SignalAndWait(TimeSpan.FromSeconds(10));
            await tx.ChangeNow(Write, new { key = second, value });
        }));
    }

    [Fact]
    public async Task Nothing_else_is_run_again()
    {
        var runs = 0;
        await Should.ThrowAsync<PostgresException>(() => Database.InTransaction(async tx =>
        {
            runs++;
            await tx.ChangeNow(Insert, new { key = _a });
        }));
        runs.ShouldBe(1);
    }

    [Fact]
    public async Task A_fact_is_reacted_to_in_the_same_transaction()
    {
        var before = world.Reactions;
        await Database.InTransaction(tx => tx.Publish(new Happened(_a, "reacted")));
        world.Reactions.ShouldBe(before + 1);
        (await Value(_a)).ShouldBe("\"reacted\"");
    }

    [Fact]
    [Covers("M-7")]
    public async Task A_reaction_that_fails_undoes_what_published_the_fact()
    {
        await Should.ThrowAsync<ChangedElsewhereException>(() => Database.InTransaction(async tx =>
        {
            await tx.ChangeOne(Write, new { key = _a, value = "new" });
            await tx.Publish(new Happened("nobody", "x"));
        }));
        (await Value(_a)).ShouldBe("\"old\"");
    }

    [Fact]
    public async Task After_the_commit_comes_after_the_commit_and_not_at_all_when_there_is_none()
    {
        var told = new List<string>();
        await Database.InTransaction(async tx =>
        {
            tx.AfterCommit(() => told.Add("first"));
            tx.AfterCommit(() => told.Add("second"));
            await tx.ChangeOne(Write, new { key = _a, value = "x" });
            told.ShouldBeEmpty();
        });
        await Database.InTransaction<Result<Done>>(tx => { tx.AfterCommit(() => told.Add("never")); return Task.FromResult<Result<Done>>(FoundationRefusals.NotFound); });
        told.ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_statement_that_waits_for_a_lock_gives_up_after_five_seconds()
    {
        await using var gate = await Gate.Close(world.Database, "select 1 from foundation.settings where key = $1 for update", _a);
        await using var source = Guildhall.Foundation.Data.Database.Open(new NpgsqlConnectionStringBuilder(world.Database.App) { Options = null }.ConnectionString, "test");
        await using var limit = source.CreateCommand("show lock_timeout");
        (await limit.ExecuteScalarAsync()).ShouldBe("5s");
        await using var write = source.CreateCommand("update foundation.settings set version = version + 1 where key = $1");
        write.Parameters.Add(new NpgsqlParameter { Value = _a });
        (await Should.ThrowAsync<PostgresException>(() => write.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
    }

    private const string Insert = "insert into foundation.settings (key, value, version, changed_at) values (@key, '1', 1, '2026-01-01')";

    private Task<string> Value(string key) => world.Database.Value<string>("select value::text from foundation.settings where key = $1", key);
}
