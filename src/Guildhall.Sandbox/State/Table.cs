using System.Text.Json;

namespace Guildhall.Sandbox.State;

internal interface ITable
{
    string Name { get; }
    IEnumerable<object> OldestFirst { get; }
    void Load(JsonElement item);
    void Forget(string id);
    void Clear();
}

/// <summary>
/// Rows by id, in the order they first came, with secondary keys. Holds at most <c>capacity</c> rows and
/// <c>maxWeight</c> in total; the oldest leave first. Not thread-safe: <see cref="World"/> owns the lock.
/// </summary>
internal sealed class Table<T>(string name, ChangeLog log, int capacity, Func<T, string> idOf) : ITable where T : class
{
    private readonly Dictionary<string, Row> rows = new(StringComparer.Ordinal);
    private readonly LinkedList<string> order = new();
    private readonly Dictionary<string, List<string>> index = new(StringComparer.Ordinal);
    private long weight;

    public string Name => name;
    public int Count => rows.Count;
    public Func<T, IEnumerable<string>> Keys { get; init; } = _ => [];
    public Func<T, long> Weight { get; init; } = _ => 0;
    public long MaxWeight { get; init; } = long.MaxValue;

    public IEnumerable<object> OldestFirst => order.Select(id => (object)rows[id].Item);

    public T? Find(string id) => rows.TryGetValue(id, out var row) ? row.Item : null;

    public void Put(T item)
    {
        Store(item);
        log.Put(name, item);
    }

    public bool Remove(string id)
    {
        if (!rows.ContainsKey(id)) return false;
        Forget(id);
        log.Delete(name, id);
        return true;
    }

    /// <summary>Newest first; all rows, or those filed under a key; starting behind the row <paramref name="after"/>.</summary>
    public IEnumerable<T> NewestFirst(string? key = null, string? after = null)
    {
        if (key is not null) return ByKey(key, after);
        return after is null ? Walk(order.Last) : rows.TryGetValue(after, out var row) ? Walk(row.Place.Previous) : [];
    }

    public void Load(JsonElement item) => Store(item.Deserialize<T>(SandboxJson.Stored)!);

    public void Forget(string id)
    {
        if (!rows.Remove(id, out var row)) return;
        order.Remove(row.Place);
        weight -= Weight(row.Item);
        Unfile(id, row.Keys);
    }

    public void Clear()
    {
        rows.Clear();
        order.Clear();
        index.Clear();
        weight = 0;
    }

    private void Store(T item)
    {
        var id = idOf(item);
        string[] keys = [.. Keys(item).Distinct(StringComparer.Ordinal)];
        weight += Weight(item);

        if (rows.TryGetValue(id, out var old))
        {
            weight -= Weight(old.Item);
            rows[id] = new Row(item, old.Place, keys);
            if (!old.Keys.AsSpan().SequenceEqual(keys)) Refile(id, old.Keys, keys);
        }
        else
        {
            rows[id] = new Row(item, order.AddLast(id), keys);
            Refile(id, [], keys);
        }

        while (order.Count > 1 && (order.Count > capacity || weight > MaxWeight)) Forget(order.First!.Value);
    }

    private IEnumerable<T> Walk(LinkedListNode<string>? place)
    {
        for (; place is not null; place = place.Previous) yield return rows[place.Value].Item;
    }

    private IEnumerable<T> ByKey(string key, string? after)
    {
        if (!index.TryGetValue(key, out var ids)) yield break;
        var start = after is null ? ids.Count : ids.LastIndexOf(after);
        for (var i = start - 1; i >= 0; i--) yield return rows[ids[i]].Item;
    }

    private void Refile(string id, string[] from, string[] to)
    {
        Unfile(id, from.Except(to, StringComparer.Ordinal));
        foreach (var key in to.Except(from, StringComparer.Ordinal))
        {
            if (!index.TryGetValue(key, out var ids)) index[key] = ids = [];
            ids.Add(id);
        }
    }

    private void Unfile(string id, IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            var ids = index[key];
            ids.Remove(id);
            if (ids.Count == 0) index.Remove(key);
        }
    }

    private readonly record struct Row(T Item, LinkedListNode<string> Place, string[] Keys);
}
