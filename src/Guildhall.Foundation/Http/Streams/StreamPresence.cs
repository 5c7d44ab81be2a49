using Guildhall.Foundation.Data;
using Microsoft.Extensions.Hosting;

namespace Guildhall.Foundation.Http;

/// <summary>Who follows a topic at this moment, on any node. Kept in memory only: each node tells the others what changes, and every two seconds all it holds, so that a node that died is
/// forgotten after six. Asked per topic by whoever may follow it.</summary>
public sealed class StreamPresence(NodeChannel nodes, NodeName node, StreamHints hints) : BackgroundService
{
    private const string Channel = "presence";
    private const int MaxPerMessage = 60;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100), Beat = TimeSpan.FromSeconds(2), Lost = TimeSpan.FromSeconds(6);
    private readonly Lock _gate = new();
    private readonly Dictionary<Entry, int> _here = [];
    private readonly Dictionary<string, Dictionary<Entry, long>> _elsewhere = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<Guid, int>> _people = new(StringComparer.Ordinal); // by topic: on how many nodes each is
    private readonly HashSet<Entry> _toTell = [];

    private readonly record struct Entry(string Topic, Guid Person);

    /// <summary>The people who follow the topic, and a number that is another one after every change. It follows the time of day, so that it goes on across nodes.</summary>
    public (long Version, IReadOnlyList<Guid> People) Of(string topic)
    {
        lock (_gate) return (_versions.GetValueOrDefault(topic), _people.TryGetValue(topic, out var people) ? [.. people.Keys.Order()] : []);
    }

    /// <summary>A stream of this node follows the topic from now on.</summary>
    internal void Come(string topic, Guid person) => Count(new Entry(topic, person), 1);

    /// <summary>It no longer does.</summary>
    internal void Go(string topic, Guid person) => Count(new Entry(topic, person), -1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        nodes.On(Channel, Heard);
        var nextBeat = Environment.TickCount64;
        try
        {
            while (true)
            {
                await Task.Delay(Gather, stoppingToken);
                var beats = Environment.TickCount64 >= nextBeat;
                if (beats) nextBeat = Environment.TickCount64 + (long)Beat.TotalMilliseconds;
                foreach (var some in News(beats).Chunk(MaxPerMessage)) await nodes.Hint(Channel, $"{node.Value};{string.Join(',', some)}", stoppingToken);
                if (beats) ForgetLost();
            }
        }
        catch (OperationCanceledException) { } // the node stops; the others miss its beat
    }

    private void Count(Entry entry, int by)
    {
        lock (_gate)
        {
            var (before, count) = (_here.GetValueOrDefault(entry), _here.GetValueOrDefault(entry) + by);
            if (count > 0) _here[entry] = count;
            else _here.Remove(entry);
            if (before == 0 || count == 0) OnNodes(entry, by);
            _toTell.Add(entry);
            Changed(entry.Topic);
        }
        hints.RaiseHere(entry.Topic);
    }

    private List<string> News(bool all)
    {
        lock (_gate)
        {
            var news = _toTell.Where(e => !_here.ContainsKey(e)).Select(e => $"-{e.Topic}={e.Person:n}").ToList();
            news.AddRange((all ? _here.Keys : _toTell.Where(_here.ContainsKey)).Select(e => $"+{e.Topic}={e.Person:n}"));
            _toTell.Clear();
            return news;
        }
    }

    private Task Heard(string text)
    {
        var at = text.IndexOf(';', StringComparison.Ordinal);
        if (at < 0 || string.Equals(text[..at], node.Value, StringComparison.Ordinal)) return Task.CompletedTask;
        var changed = new HashSet<string>(StringComparer.Ordinal);
        lock (_gate)
        {
            if (!_elsewhere.TryGetValue(text[..at], out var theirs)) _elsewhere[text[..at]] = theirs = [];
            foreach (var part in text[(at + 1)..].Split(','))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if (equals < 2 || !Guid.TryParseExact(part.AsSpan(equals + 1), "n", out var person)) continue;
                var entry = new Entry(part[1..equals], person);
                var comes = part[0] == '+';
                if (comes ? !theirs.ContainsKey(entry) : theirs.Remove(entry))
                {
                    OnNodes(entry, comes ? 1 : -1);
                    changed.Add(entry.Topic);
                }
                if (comes) theirs[entry] = Environment.TickCount64;
            }
            foreach (var topic in changed) Changed(topic);
        }
        foreach (var topic in changed) hints.RaiseHere(topic);
        return Task.CompletedTask;
    }

    private void ForgetLost()
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        lock (_gate)
        {
            var since = Environment.TickCount64 - (long)Lost.TotalMilliseconds;
            foreach (var (name, theirs) in _elsewhere)
            {
                foreach (var (entry, _) in theirs.Where(e => e.Value < since).ToList())
                {
                    theirs.Remove(entry);
                    OnNodes(entry, -1);
                    changed.Add(entry.Topic);
                }
                if (theirs.Count == 0) _elsewhere.Remove(name);
            }
            foreach (var topic in changed) Changed(topic);
        }
        foreach (var topic in changed) hints.RaiseHere(topic);
    }

    // What nobody follows any more needs no number: whoever comes next makes one of their own, and it is later.
    private void Changed(string topic)
    {
        if (_people.ContainsKey(topic)) _versions[topic] = Math.Max(_versions.GetValueOrDefault(topic) + 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        else _versions.Remove(topic);
    }

    private void OnNodes(Entry entry, int by)
    {
        if (!_people.TryGetValue(entry.Topic, out var people)) _people[entry.Topic] = people = [];
        if (people.GetValueOrDefault(entry.Person) + by is > 0 and var count) people[entry.Person] = count;
        else people.Remove(entry.Person);
        if (people.Count == 0) _people.Remove(entry.Topic);
    }
}
