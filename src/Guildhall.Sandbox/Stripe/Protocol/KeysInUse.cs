using System.Collections.Concurrent;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>The idempotency keys of calls under way; a second call with one of them is answered 409.</summary>
internal sealed class KeysInUse
{
    private readonly ConcurrentDictionary<string, bool> keys = new(StringComparer.Ordinal);

    public IDisposable Take(string key)
    {
        if (!keys.TryAdd(key, true))
        {
            throw new StripeRefusal(
                409, "idempotency_error", "idempotency_key_in_use",
                "There is currently another in-progress request using this Idempotent Key. Please try again later.");
        }

        return new Use(this, key);
    }

    private sealed class Use(KeysInUse owner, string key) : IDisposable
    {
        public void Dispose() => owner.keys.TryRemove(key, out _);
    }
}
