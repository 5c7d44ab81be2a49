using System.Globalization;
using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace Guildhall.Foundation.Http;

/// <summary>One browser's stream with all its topics. It ends when the browser leaves, reads too slowly, its session ends, it may no longer
/// follow a topic, or the node stops; the browser then comes back with its last event id.</summary>
internal sealed class OpenStream(HttpContext http, StreamHub hub, Database database, StreamGuard? guard, Caller caller)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);
    private const int HeartbeatsPerFollowCheck = 4;
    private readonly List<Following> _followed = [];
    private TaskCompletionSource _doubt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Following(string name, StreamTopic topic, string argument, StreamFeed feed, long position)
    {
        public string Name => name;
        public StreamTopic Topic => topic;
        public string Argument => argument;
        public StreamFeed Feed => feed;
        public long Position { get; set; } = position;
        public StreamFeed.Round? Seen { get; set; }
    }

    public Caller Caller => caller;

    public string Session { get; } = (caller.SessionId ?? caller.AccountId)?.ToString("n") ?? caller.Address?.ToString() ?? "";

    /// <summary>Ask now whether the caller is still signed in.</summary>
    public void Doubt() => Volatile.Read(ref _doubt).TrySetResult();

    public async Task Run(IReadOnlyList<StreamRoute.Wanted> wanted)
    {
        try
        {
            foreach (var want in wanted) _followed.Add(new Following(want.Name, want.Topic, want.Argument, hub.Follow(want.Topic, want.Argument), want.After));
            Appear(hub.Presence.Come);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, hub.Stopping);
            await Begin(until.Token);
            await Loop(until.Token);
        }
        catch (OperationCanceledException) { if (!hub.Stopping.IsCancellationRequested) http.Abort(); } // gone or too slow
        finally
        {
            Appear(hub.Presence.Go);
            foreach (var following in _followed) hub.Leave(following.Topic, following.Argument);
        }
    }

    private void Appear(Action<string, Guid> note)
    {
        if (caller is not { AccountId: { } person, ImpersonatedBy: null }) return; // who looks as somebody does not make them present
        foreach (var following in _followed.Where(f => f.Topic.ShowsFollowers)) note(following.Name, person);
    }

    private Task Begin(CancellationToken stop)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store, no-transform";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return Write("retry: 2000\n\n", stop);
    }

    private async Task Loop(CancellationToken stop)
    {
        var (next, beats) = (Environment.TickCount64 + (long)Heartbeat.TotalMilliseconds, 0);
        while (!stop.IsCancellationRequested)
        {
            var rounds = new List<Task>(_followed.Count + 2) { _doubt.Task };
            var more = false;
            foreach (var following in _followed) more |= await Advance(following, rounds, stop);
            if (more) continue;
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
            rounds.Add(Task.Delay((int)Math.Max(0, next - Environment.TickCount64), pause.Token));
            await Task.WhenAny(rounds);
            await pause.CancelAsync();
            var beat = Environment.TickCount64 >= next;
            if ((beat || _doubt.Task.IsCompleted) && !await MayGoOn(beat && ++beats % HeartbeatsPerFollowCheck == 0, stop)) return;
            if (!beat) continue;
            next = Environment.TickCount64 + (long)Heartbeat.TotalMilliseconds;
            await Write(": still here\n\n", stop);
        }
    }

    // True when a full batch came: there may be more at once.
    private async Task<bool> Advance(Following following, List<Task> rounds, CancellationToken stop)
    {
        var round = following.Feed.Current;
        rounds.Add(round.Ended);
        if (ReferenceEquals(round, following.Seen)) return false;
        IReadOnlyList<StreamEvent> events;
        try { events = await following.Feed.Fetch(round, following.Position).WaitAsync(stop); }
        catch (NpgsqlException) { return false; } // the next round tries again
        if (events.Count == 0) { following.Seen = round; return false; }
        var text = new StringBuilder();
        foreach (var happened in events)
        {
            following.Position = happened.Seq;
            Format(text, following, happened);
        }
        await Write(text.ToString(), stop);
        if (events.Count >= StreamTopic.MaxBatch) return true;
        following.Seen = round;
        return false;
    }

    private void Format(StringBuilder text, Following following, StreamEvent happened)
    {
        text.Append("id: ").AppendJoin(',', _followed.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name}={f.Position}")))
            .Append("\nevent: ").Append(happened.Name)
            .Append("\ndata: ").Append(JsonSerializer.Serialize(new { topic = following.Name, seq = happened.Seq, data = happened.Data }, JsonRules.Options)).Append("\n\n");
    }

    private async Task<bool> MayGoOn(bool askTopics, CancellationToken stop)
    {
        Interlocked.Exchange(ref _doubt, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            if (guard is not null && !await guard.IsStillSignedIn(caller, stop)) return false;
            if (!askTopics) return true;
            foreach (var following in _followed)
                if (!await following.Topic.MayFollow(database, caller, following.Argument, stop)) return false;
            return true;
        }
        catch (NpgsqlException) { return false; } // not known to be signed in: the browser comes back and is checked
    }

    private async Task Write(string text, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(WriteLimit);
        await http.Response.WriteAsync(text, limit.Token);
        await http.Response.Body.FlushAsync(limit.Token);
    }
}
