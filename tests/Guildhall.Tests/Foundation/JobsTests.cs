using System.Collections.Concurrent;
using Guildhall.Foundation.Jobs;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Foundation;

public sealed class JobsTests(JobsTests.Setup world) : IClassFixture<JobsTests.Setup>
{
    internal sealed record Mark(string Name) : IJob { public static string Kind => "test_mark"; }
    internal sealed record MarkThenFail(string Name) : IJob { public static string Kind => "test_mark_then_fail"; }
    internal sealed record Slow(string Name) : IJob { public static string Kind => "test_slow"; }
    internal sealed record SlowOutside(string Name) : IJob { public static string Kind => "test_slow_outside"; }
    internal sealed record Fails(string Name) : IJob { public static string Kind => "test_fails"; }
    internal sealed record AsksAgain(string Name) : IJob { public static string Kind => "test_asks_again"; }
    internal sealed record Unknown(string Name) : IJob { public static string Kind => "test_unknown"; }

    private sealed class Completions : Guildhall.Foundation.Data.DatabaseTap
    {
        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ValueTask After(string what)
        {
            if (string.Equals(what, JobSql.CompleteUnlessAgain, StringComparison.Ordinal)) First.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }

    public sealed class Setup : NodesOnly
    {
        private const string Note = "insert into foundation.test_marks (name, node) values (@name, @node)";
        internal ConcurrentDictionary<string, TaskCompletionSource> Held { get; } = new(StringComparer.Ordinal);
        internal ConcurrentDictionary<string, int> Runs { get; } = new(StringComparer.Ordinal);

        protected override async Task Prepare()
        {
            await Database.Execute("create table foundation.test_marks (name text, node int)");
            await Database.Execute($"grant all on foundation.test_marks to {TestRun.AppRole}");
        }

        internal TaskCompletionSource Hold(string name) => Held.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        private readonly ConcurrentDictionary<string, TaskCompletionSource> _late = new(StringComparer.Ordinal);

        /// <summary>Ends when the worker that lost its lease has tried to write.</summary>
        internal TaskCompletionSource Late(string name) => _late.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        internal int Count(string name) => Runs.AddOrUpdate(name, 1, (_, n) => n + 1);

        protected override void Adjust(WebApplicationBuilder builder, int node)
        {
            var services = builder.Services;
            services.AddJob<Mark>((tx, job) => tx.ChangeOne(Note, new { name = job.Name, node }));
            services.AddJob<MarkThenFail>(async (tx, job) =>
            {
                await tx.ChangeNow(Note, new { name = job.Name, node });
                if (Count(job.Name) == 1) throw new InvalidOperationException("after the mark");
            });
            services.AddJob<Slow>(async (tx, job) =>
            {
                var loses = Count(job.Name) == 1;
                if (loses) await Hold(job.Name).Task;
                try { await tx.ChangeNow(Note, new { name = job.Name, node }); }
                finally { if (loses) Late(job.Name).SetResult(); }
            });
            services.AddOutsideJob<SlowOutside>(async (context, job) => { if (Count(job.Name) == 1) await Hold(job.Name).Task; });
            services.AddOutsideJob<Fails>((_, job) => { Count(job.Name); throw new InvalidOperationException("always"); }, maxAttempts: 3);
            services.AddOutsideJob<AsksAgain>((_, job) => Count(job.Name) < 3 ? throw new RunAgainException(TimeSpan.Zero) : Task.CompletedTask, maxAttempts: 2);
        }
    }

    private readonly string _name = Guid.NewGuid().ToString("n");

    [Fact]
    [Covers("O-6")]
    public async Task What_a_dead_worker_had_begun_is_done_by_another_at_once_and_what_a_living_one_does_is_left_to_it()
    {
        const string begun = """
            insert into foundation.jobs (kind, payload, state, run_at, lease_until, fence, attempts, worker, created_at, max_attempts)
            values ($1, jsonb_build_object('name', $2), 'running', now(), now() + interval '1 hour', 1, 1, $3, now(), 5)
            """;
        const int dead = 7, living = 8;
        await using var session = await world.Database.Superuser.OpenConnectionAsync();
        await using (var lives = new Npgsql.NpgsqlCommand($"select pg_advisory_lock({JobWorker.LockFamily}, {living})", session)) await lives.ExecuteNonQueryAsync();
        await world.Database.Execute(begun, Mark.Kind, _name + "-living", living);
        await world.Database.Execute(begun, AsksAgain.Kind, _name + "-outside", dead); // somebody may still hear of what it did there
        await world.Database.Execute(begun, Mark.Kind, _name + "-dead", dead);

        await world.EventuallyOr("the dead one's is not done", async () => await world.Database.Count("foundation.test_marks where name = $1", _name + "-dead") == 1);
        (await world.Database.Column<string>("select payload->>'name' from foundation.jobs where payload->>'name' like $1 and state = 'running' order by 1", _name + "%")).ShouldBe([_name + "-living", _name + "-outside"]);
        (await world.Database.Count("foundation.test_marks where name like $1", _name + "%")).ShouldBe(1);
    }

    [Fact]
    [Covers("O-3")]
    public async Task Two_nodes_run_every_job_exactly_once()
    {
        const int count = 300;
        await world.Data().InTransaction(async tx => { for (var i = 0; i < count; i++) await tx.Enqueue(new Mark($"{_name}-{i}")); });
        await world.EventuallyOr("jobs are left", async () => await world.Database.Count("foundation.jobs where payload->>'name' like $1", _name + "%") == 0);
        (await world.Database.Count("foundation.test_marks where name like $1", _name + "%")).ShouldBe(count);
        (await world.Database.Count("(select distinct name from foundation.test_marks where name like $1) x", _name + "%")).ShouldBe(count);
    }

    [Fact]
    public async Task A_job_of_a_transaction_that_is_undone_does_not_exist()
    {
        await world.Data().InTransaction<Result<Done>>(async tx => { await tx.Enqueue(new Mark(_name)); return FoundationRefusals.NotFound; });
        (await world.Database.Count("foundation.jobs where payload->>'name' = $1", _name)).ShouldBe(0);
    }

    [Fact]
    public async Task The_work_and_its_completion_are_one_transaction()
    {
        await Enqueue(new MarkThenFail(_name));
        await world.EventuallyOr("the first run did not fail", async () => await Attempts() == 1 && await State() == "ready");
        (await world.Database.Count("foundation.test_marks where name = $1", _name)).ShouldBe(0);
        await world.Clock.Passes(1.Minutes());
        await world.EventuallyOr("the second run did not finish", async () => await State() is null);
        (await world.Database.Count("foundation.test_marks where name = $1", _name)).ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_cannot_complete_the_job()
    {
        await Enqueue(new Slow(_name));
        await world.EventuallyOr("nobody runs it", async () => await State() == "running" && world.Runs.ContainsKey(_name));
        await LeaseRunsOut();
        await world.EventuallyOr("nobody took it over", async () => await State() is null);
        (await world.Database.Count("foundation.test_marks where name = $1", _name)).ShouldBe(1);

        world.Hold(_name).SetResult();
        await world.Late(_name).Task.WaitAsync(TimeSpan.FromSeconds(20)); // the loser has been told that it lost; its mark must not appear
        (await world.Database.Count("foundation.test_marks where name = $1", _name)).ShouldBe(1);
    }

    [Fact]
    public async Task A_slow_worker_outside_the_database_cannot_remove_the_job_of_its_successor()
    {
        await Enqueue(new SlowOutside(_name));
        await world.EventuallyOr("nobody runs it", async () => await State() == "running" && world.Runs.ContainsKey(_name));
        await world.Database.Execute("update foundation.jobs set fence = fence + 1, lease_until = now() + interval '1 hour' where payload->>'name' = $1", _name);
        var told = new Completions();
        foreach (var database in world.Everywhere<Guildhall.Foundation.Data.Database>()) database.Tap = told;
        world.Hold(_name).SetResult();
        await told.First.Task.WaitAsync(TimeSpan.FromSeconds(20)); // the loser has completed what is no longer its job; the successor's row must stay
        foreach (var database in world.Everywhere<Guildhall.Foundation.Data.Database>()) database.Tap = null;
        (await State()).ShouldBe("running");
        await world.Database.Execute("delete from foundation.jobs where payload->>'name' = $1", _name);
    }

    [Fact]
    public async Task A_job_that_keeps_failing_is_tried_with_growing_pauses_and_then_buried()
    {
        await Enqueue(new Fails(_name));
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var n = attempt;
            await world.EventuallyOr($"attempt {n} was not made", async () => await Attempts() == n && await State() == "ready");
            var pause = await world.Database.Value<double>("select extract(epoch from run_at - $2)::float8 from foundation.jobs where payload->>'name' = $1", _name, world.Clock.Now);
            pause.ShouldBeInRange(-1, Math.Pow(2, n - 1) * 1.25);
            await world.Clock.Passes(TimeSpan.FromSeconds(10));
        }
        await world.EventuallyOr("it was not buried", async () => await State() == "dead");
        (await world.Database.Value<string>("select last_error from foundation.jobs where payload->>'name' = $1", _name)).ShouldBe("InvalidOperationException: always");
        world.Runs[_name].ShouldBe(3);
    }

    [Fact]
    public async Task A_job_may_ask_to_run_again_as_often_as_it_needs()
    {
        await Enqueue(new AsksAgain(_name));
        await world.EventuallyOr("it did not finish", async () => await State() is null);
        world.Runs[_name].ShouldBe(3);
    }

    [Fact]
    public async Task Who_wishes_for_it_while_it_runs_has_it_run_once_more()
    {
        await world.Data().InTransaction(tx => tx.EnqueueNow(new SlowOutside(_name), _name));
        await world.EventuallyOr("nobody runs it", async () => await State() == "running" && world.Runs.ContainsKey(_name));
        for (var wish = 0; wish < 3; wish++) await world.Data(wish % 2).InTransaction(tx => tx.EnqueueNow(new SlowOutside(_name), _name));
        world.Hold(_name).SetResult();
        await world.EventuallyOr("it did not finish", async () => await State() is null);
        world.Runs[_name].ShouldBe(2);
    }

    [Fact]
    public async Task A_kind_that_no_node_knows_is_left_to_one_that_does()
    {
        await Enqueue(new Unknown(_name));
        await Enqueue(new Mark(_name + "-after"));
        await world.EventuallyOr("the job behind it did not run", async () => await world.Database.Count("foundation.test_marks where name = $1", _name + "-after") == 1);
        (await State()).ShouldBe("ready");
        (await Attempts()).ShouldBe(0);
    }

    [Fact]
    public async Task Work_on_the_database_does_not_wait_behind_slow_work_outside()
    {
        var slow = Enumerable.Range(0, 60).Select(i => $"{_name}-slow-{i}").ToArray();
        foreach (var name in slow) await Enqueue(new SlowOutside(name));
        await world.EventuallyOr("the slow ones do not fill every place", () => Task.FromResult(slow.Count(world.Runs.ContainsKey) >= 16));
        await Enqueue(new Mark(_name));
        await world.EventuallyOr("it waits behind them", async () => await world.Database.Count("foundation.test_marks where name = $1", _name) == 1);
        foreach (var name in slow) world.Hold(name).SetResult();
        await world.EventuallyOr("slow jobs are left", async () => await Left(SlowOutside.Kind) == 0);
    }

    [Fact]
    public async Task While_one_with_the_same_key_waits_another_is_not_added()
    {
        var later = world.Clock.Now.AddDays(400);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => world.Data(i % 2).InTransaction(tx => tx.Enqueue(new Mark(_name), later, uniqueKey: _name))));
        (await world.Database.Count("foundation.jobs where unique_key = $1", _name)).ShouldBe(1);
        await world.Database.Execute("update foundation.jobs set run_at = $2 where unique_key = $1", _name, world.Clock.Now);
        await world.EventuallyOr("it did not run", async () => await State() is null);
        await world.Data().InTransaction(tx => tx.Enqueue(new Mark(_name), later, uniqueKey: _name));
        (await world.Database.Count("foundation.jobs where unique_key = $1", _name)).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_of_the_future_runs_when_business_time_gets_there()
    {
        await world.Data().InTransaction(tx => tx.Enqueue(new Mark(_name), tx.Now.AddDays(3)));
        await world.Clock.Passes(2.Days());
        (await State()).ShouldBe("ready");
        await world.Clock.Passes(1.Days() + 1.Minutes());
        await world.EventuallyOr("it did not run", async () => await State() is null);
    }

    private Task Enqueue<TJob>(TJob job) where TJob : IJob => world.Data().InTransaction(tx => tx.Enqueue(job));
    private Task<string?> State() => world.Database.Value<string?>("select state from foundation.jobs where payload->>'name' = $1", _name);
    private Task<int> Attempts() => world.Database.Value<int>("select attempts from foundation.jobs where payload->>'name' = $1", _name);
    private Task<long> Left(string kind) => world.Database.Count("foundation.jobs where kind = $1", kind);
    private Task LeaseRunsOut() => world.Database.Execute("update foundation.jobs set lease_until = now() - interval '1 second' where payload->>'name' = $1", _name);
}
