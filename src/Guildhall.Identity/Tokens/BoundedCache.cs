using System.Collections.Concurrent;

namespace Guildhall.Identity.Tokens;

/// <summary>At most twice its capacity in entries: when the young half is full it becomes the old half, and the old half is forgotten.
/// What is used moves to the young half again.</summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity) where TKey : struct where TValue : class
{
    private readonly Lock _turn = new();
    private ConcurrentDictionary<TKey, TValue> _young = new();
    private ConcurrentDictionary<TKey, TValue> _old = new();
    private int _added;

    public TValue? Find(TKey key)
    {
        if (_young.TryGetValue(key, out var value)) return value;
        if (!_old.TryGetValue(key, out value)) return null;
        Put(key, value);
        return value;
    }

    public void Put(TKey key, TValue value)
    {
        _young[key] = value;
        if (Interlocked.Increment(ref _added) <= capacity) return;
        lock (_turn)
        {
            if (_added <= capacity) return;
            (_old, _young) = (_young, new ConcurrentDictionary<TKey, TValue>());
            _added = 0;
        }
    }
}
