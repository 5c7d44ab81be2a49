using System.Collections.Concurrent;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Foundation.Http;

/// <summary>The feeds of this node. Own hints begin a round at once and are passed to the other nodes in one message per 50 ms; a poll every
/// 5 s makes up for hints that were lost.</summary>
public sealed class StreamHub(Database database, NodeChannel nodes, NodeName node, StreamHints hints, StreamPresence presence, IEnumerable<StreamTopic> topics, IHostApplicationLifetime lifetime, ILogger<StreamHub> log) : BackgroundService
{
    private const string Channel = "stream";
    private const int MaxWaiting = 5000, MaxPerMessage = 60;
    internal const int MaxPerSession = 6;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, StreamTopic> _topics = topics.ToDictionary(t => t.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, StreamFeed> _feeds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _perSession = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _toTell = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<OpenStream, byte> _open = new();

    /// <summary>The node stops: streams end at once, since the server waits for its requests before it tells any service.</summary>
    internal CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Who follows what.</summary>
    internal StreamPresence Presence => presence;

    internal StreamTopic? Topic(string name) => _topics.GetValueOrDefault(name);

    /// <summary>How many streams this node holds open.</summary>
    public int OpenStreams => _open.Count;

    /// <summary>Makes every stream of matching callers ask now whether its caller is still signed in. For the one who hears of a revocation.</summary>
    public void Recheck(Func<Caller, bool> whose)
    {
        foreach (var stream in _open.Keys.Where(s => whose(s.Caller))) stream.Doubt();
    }

    /// <summary>False when this session has its share of streams already.</summary>
    internal bool TryOpen(OpenStream stream)
    {
        lock (_perSession)
        {
            var count = _perSession.GetValueOrDefault(stream.Session);
            if (count >= MaxPerSession) return false;
            _perSession[stream.Session] = count + 1;
        }
        return _open.TryAdd(stream, 0);
    }

    internal void Close(OpenStream stream)
    {
        if (!_open.TryRemove(stream, out _)) return;
        lock (_perSession)
        {
            if (--_perSession[stream.Session] == 0) _perSession.Remove(stream.Session);
        }
    }

    internal StreamFeed Follow(StreamTopic topic, string argument)
    {
        lock (_feeds)
        {
            var key = $"{topic.Name}:{argument}";
            if (!_feeds.TryGetValue(key, out var feed)) _feeds[key] = feed = new StreamFeed(topic, argument, database);
            feed.Followers++;
            return feed;
        }
    }

    internal void Leave(StreamTopic topic, string argument)
    {
        lock (_feeds)
        {
            var key = $"{topic.Name}:{argument}";
            if (--_feeds[key].Followers == 0) _feeds.Remove(key);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        nodes.On(Channel, Heard);
        hints.Raised += Told;
        hints.RaisedHere += Begin;
        var nextPoll = Environment.TickCount64;
        try
        {
            while (true)
            {
                await Task.Delay(Gather, stoppingToken);
                await TellOthers(stoppingToken);
                if (Environment.TickCount64 < nextPoll) continue;
                nextPoll = Environment.TickCount64 + (long)Poll.TotalMilliseconds;
                foreach (var feed in Feeds()) feed.Begin();
            }
        }
        catch (OperationCanceledException) { } // the node stops
        finally
        {
            hints.Raised -= Told;
            hints.RaisedHere -= Begin;
        }
    }

    private void Told(string topic)
    {
        Begin(topic);
        if (_toTell.Count < MaxWaiting) _toTell.TryAdd(topic, 0); // more are left to the poll of the other nodes
    }

    private async Task TellOthers(CancellationToken stop)
    {
        foreach (var some in _toTell.Keys.Chunk(MaxPerMessage))
        {
            foreach (var topic in some) _toTell.TryRemove(topic, out _);
            await nodes.Hint(Channel, $"{node.Value};{string.Join(',', some)}", stop);
        }
    }

    private Task Heard(string text)
    {
        var at = text.IndexOf(';', StringComparison.Ordinal);
        if (at >= 0 && !text.AsSpan(0, at).SequenceEqual(node.Value))
            foreach (var topic in text[(at + 1)..].Split(',')) Begin(topic);
        else if (at < 0) log.LogWarning("stream_hint_unreadable");
        return Task.CompletedTask;
    }

    private void Begin(string topic)
    {
        StreamFeed? feed;
        lock (_feeds) _feeds.TryGetValue(topic, out feed);
        feed?.Begin();
    }

    private StreamFeed[] Feeds()
    {
        lock (_feeds) return [.. _feeds.Values];
    }
}
