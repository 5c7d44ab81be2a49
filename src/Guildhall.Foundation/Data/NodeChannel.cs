using System.Collections.Concurrent;
using Guildhall.Foundation.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Foundation.Data;

/// <summary>How nodes talk: LISTEN/NOTIFY over one connection of its own. A node proves that connection alive by hearing its own heartbeat
/// every 500 ms; after 1 s of silence <see cref="IsAlive"/> is false and caches must be bypassed. Hints may be lost: no decision about money
/// rests on them.</summary>
public sealed class NodeChannel(Database database, NodeName node, JobBook bell, ILogger<NodeChannel> log) : BackgroundService
{
    private const string Channel = "guildhall";
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Func<string, Task>> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _nodesHeard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private long _heardMyself;
    private long _listeningSince = long.MaxValue;
    private int _jobHintDue;

    private sealed record Waiting(HashSet<string> Missing, TaskCompletionSource Done);

    /// <summary>False when this node can no longer be sure to hear others.</summary>
    public bool IsAlive => Environment.TickCount64 - Interlocked.Read(ref _heardMyself) < Silence.TotalMilliseconds;

    /// <summary>What to do when a hint of this topic arrives, from any node including this one.</summary>
    public void On(string topic, Func<string, Task> receive) => _topics[topic] = receive;

    /// <summary>Tells every node, without waiting. Call it after the commit, never inside a transaction.</summary>
    public async Task Hint(string topic, string text, CancellationToken stop = default)
    {
        try { await Send($"hint|{node.Value}|{topic}|{text}", stop); }
        catch (NpgsqlException problem) { log.LogWarning("hint_lost {Topic} {Reason}", topic, problem.Message); }
    }

    /// <summary>Tells every node and answers when all live ones have acted on it or the 2 s lease has run out, after which no node that did
    /// not answer still trusts its cache.</summary>
    public async Task Broadcast(string topic, string text)
    {
        var id = Guid.NewGuid().ToString("n");
        var cutoff = Environment.TickCount64 - (long)(LeaseTime + Beat).TotalMilliseconds;
        var others = _nodesHeard.Where(n => n.Value > cutoff).Select(n => n.Key).Append(node.Value).ToHashSet(StringComparer.Ordinal);
        var waiting = new Waiting(others, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting[id] = waiting;
        try
        {
            await Send($"call|{node.Value}|{id}|{topic}|{text}", CancellationToken.None);
            // Who has listened for less than two beats may not know every node yet: nobody's silence means anything, so wait the lease out.
            if (Environment.TickCount64 - Interlocked.Read(ref _listeningSince) < 2 * Beat.TotalMilliseconds) await Task.Delay(LeaseTime);
            else await waiting.Done.Task.WaitAsync(LeaseTime);
        }
        catch (TimeoutException)
        {
            log.LogWarning("broadcast_unanswered {Topic} {Nodes}", topic, string.Join(',', Copy(waiting.Missing)));
        }
        finally { _waiting.TryRemove(id, out _); }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bell.Woken += () => Interlocked.Exchange(ref _jobHintDue, 1);
        On("jobs", _ => { bell.Ring(); return Task.CompletedTask; });
        while (!stoppingToken.IsCancellationRequested)
        {
            try { await Listen(stoppingToken); }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception problem)
            {
                log.LogWarning("node_channel_lost {Reason}", problem.Message);
                await Task.Delay(Beat, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task Listen(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        connection.Notification += (_, message) => Receive(message.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(stop);
        Interlocked.Exchange(ref _listeningSince, Environment.TickCount64);
        while (true)
        {
            await using (var beat = new NpgsqlCommand("select pg_notify($1, $2)", connection) { CommandTimeout = (int)LeaseTime.TotalSeconds })
            {
                beat.Parameters.AddWithValue(Channel);
                beat.Parameters.AddWithValue(Interlocked.Exchange(ref _jobHintDue, 0) == 1 ? $"hint|{node.Value}|jobs|" : $"beat|{node.Value}");
                await beat.ExecuteNonQueryAsync(stop);
            }
            var until = Environment.TickCount64 + (long)Beat.TotalMilliseconds;
            for (var left = Beat; left > TimeSpan.Zero && _jobHintDue == 0; left = TimeSpan.FromMilliseconds(until - Environment.TickCount64))
                await connection.WaitAsync(left < TimeSpan.FromMilliseconds(100) ? left : TimeSpan.FromMilliseconds(100), stop);
        }
    }

    private void Receive(string message)
    {
        var parts = message.Split('|', 5);
        Interlocked.Exchange(ref _heardMyself, string.Equals(parts[1], node.Value, StringComparison.Ordinal) ? Environment.TickCount64 : _heardMyself);
        _nodesHeard[parts[1]] = Environment.TickCount64;
        switch (parts[0])
        {
            case "hint": _ = Act(parts[2], string.Join('|', parts[3..]), acknowledge: null); break;
            case "call": _ = Act(parts[3], parts[4], acknowledge: parts[2]); break;
            case "done": Acknowledged(parts[2], parts[1]); break;
        }
    }

    private async Task Act(string topic, string text, string? acknowledge)
    {
        try
        {
            if (_topics.TryGetValue(topic, out var receive)) await receive(text);
            if (acknowledge is not null) await Send($"done|{node.Value}|{acknowledge}", CancellationToken.None);
        }
        catch (Exception problem) { log.LogError(problem, "node_message_failed {Topic}", topic); }
    }

    private void Acknowledged(string id, string from)
    {
        if (!_waiting.TryGetValue(id, out var waiting)) return;
        lock (waiting.Missing)
        {
            waiting.Missing.Remove(from);
            if (waiting.Missing.Count == 0) waiting.Done.TrySetResult();
        }
    }

    private static string[] Copy(HashSet<string> names)
    {
        lock (names) return [.. names];
    }

    private Task Send(string text, CancellationToken stop) => database.Change("select pg_notify(@channel, @text)", new { channel = Channel, text }, stop);
}

/// <summary>The name of this node, unique in the cluster.</summary>
public sealed record NodeName(string Value);
