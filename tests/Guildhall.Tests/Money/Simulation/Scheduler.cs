using Guildhall.Foundation.Data;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>One piece of work that runs beside others: a request, a job. It stops where it meets the outside, and goes on when the scheduler says so.</summary>
internal sealed class Actor(int no, string name, int seed)
{
    /// <summary>Whose work this is; follows the code into the product, and by a header over HTTP.</summary>
    public static readonly AsyncLocal<Actor?> Current = new();

    public int No => no;
    public string Name => name;
    public Random Dice { get; } = new(seed);
    public string At { get; set; } = "begin";
    public bool Done { get; set; }
    public bool Blocked { get; set; }

    /// <summary>Its node was killed: whatever it still wants of the outside fails.</summary>
    public bool Killed { get; set; }

    public Exception? Problem { get; set; }
    public TaskCompletionSource? Gate { get; set; }
    public bool IsParked => Gate is not null;
}

/// <summary>The node that did this work is no more.</summary>
public sealed class NodeKilledException() : Exception("The node was killed.");

/// <summary>Lets one actor move at a time, from one round trip to PostgreSQL or the gateway to another, so that the same seed gives the same
/// interleaving. An actor that waits for a lock is left waiting until whoever holds it has moved on.</summary>
internal sealed class Scheduler(TestDatabase database)
{
    private readonly Lock _lock = new();
    private readonly List<Actor> _actors = [];
    private readonly SemaphoreSlim _moved = new(0);

    /// <summary>How often an actor is stopped at a boundary.</summary>
    public double Switching { get; set; }

    public int Switches { get; private set; }

    public IReadOnlyList<Actor> Living { get { lock (_lock) return [.. _actors.Where(a => !a.Done)]; } }

    public IReadOnlyList<Actor> Parked { get { lock (_lock) return [.. _actors.Where(a => a.IsParked)]; } }

    /// <summary>Called by the actor itself at every boundary.</summary>
    public ValueTask Reach(string where)
    {
        if (Actor.Current.Value is not { } actor) return ValueTask.CompletedTask;
        actor.At = where;
        if (actor.Killed) throw new NodeKilledException();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            // While somebody waits for a lock everybody stops everywhere, so that who gets it does not depend on the machine.
            if (!_actors.Any(a => a.Blocked) && actor.Dice.NextDouble() >= Switching) return ValueTask.CompletedTask;
            actor.Gate = gate;
            actor.Blocked = false;
            Switches++;
        }
        _moved.Release();
        return Wait(actor, gate.Task);
    }

    private static async ValueTask Wait(Actor actor, Task opened)
    {
        await opened;
        if (actor.Killed) throw new NodeKilledException();
    }

    /// <summary>Starts the work and waits until nobody moves.</summary>
    public async Task Start(Actor actor, Func<Task> work)
    {
        lock (_lock) _actors.Add(actor);
        _ = Task.Run(async () =>
        {
            Actor.Current.Value = actor;
            try { await work(); }
            catch (NodeKilledException) { }
            catch (Exception problem) { actor.Problem = problem; }
            lock (_lock) (actor.Done, actor.Blocked) = (true, false);
            _moved.Release();
        });
        await Quiet();
    }

    public async Task Resume(Actor actor)
    {
        TaskCompletionSource gate;
        lock (_lock) (gate, actor.Gate) = (actor.Gate!, null);
        gate.SetResult();
        await Quiet();
    }

    /// <summary>Those that have ended since the last time.</summary>
    public IReadOnlyList<Actor> Ended()
    {
        lock (_lock)
        {
            var ended = _actors.Where(a => a.Done).ToArray();
            _actors.RemoveAll(a => a.Done);
            return ended;
        }
    }

    // Counted in looks, not in seconds: a machine that stood still for a minute has looked once.
    private const int TooManyLooks = 8_000;

    // Nobody moves when everybody who has not ended stands at a boundary or waits for a lock in PostgreSQL.
    public async Task Quiet()
    {
        for (var looks = 0; ; looks++)
        {
            Actor[] moving;
            lock (_lock) moving = [.. _actors.Where(a => !a.Done && !a.IsParked)];
            if (moving.Length == 0) return;
            if (await _moved.WaitAsync(2)) continue;
            if (await Waiting() == moving.Length)
            {
                lock (_lock)
                {
                    if (moving.Any(a => a.Done || a.IsParked)) continue;
                    foreach (var actor in moving) actor.Blocked = true;
                    if (_actors.Any(a => a.IsParked)) return;
                }
                // All wait for each other: PostgreSQL ends that after a second, and the product tries again.
            }
            if (looks > TooManyLooks) throw new TimeoutException($"Nobody moves: {string.Join("; ", moving.Select(a => $"{a.Name} at {a.At.Trim()}"))}\n{await WhoHolds()}");
        }
    }

    private async Task<string> WhoHolds() => string.Join('\n', await database.Column<string>("""
        select format('%s %s %s since %s, waits for %s, held up by %s: %s', pid, application_name, state, age(clock_timestamp(), state_change), coalesce(wait_event_type || ' ' || wait_event, 'nothing'),
            pg_blocking_pids(pid)::text, left(query, 200)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        """));

    private Task<long> Waiting() => database.Count("pg_stat_activity a where a.datname = $1 and exists (select 1 from pg_locks l where l.pid = a.pid and not l.granted)", database.Name);
}

/// <summary>The line between one node and PostgreSQL.</summary>
internal sealed class SimulationTap(Scheduler scheduler, Func<string, string> rewrite) : DatabaseTap
{
    public override string Text(string sql) => rewrite(sql);

    public override ValueTask Before(string what) => IsNodesOwn(what) ? default : scheduler.Reach(what);

    public override ValueTask After(string what) => IsNodesOwn(what) ? default : scheduler.Reach("after " + what);

    // A node draws its share of a rate limit for all its requests together: who stopped in there would stop others where the scheduler does not see it.
    private static bool IsNodesOwn(string sql) => sql.Contains("foundation.rate_", StringComparison.Ordinal);
}
