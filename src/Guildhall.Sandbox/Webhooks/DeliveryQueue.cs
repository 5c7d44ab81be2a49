namespace Guildhall.Sandbox.Webhooks;

/// <summary>Deliveries by the real time they are due. What is in here is also in the journal; losing it costs nothing.</summary>
internal sealed class DeliveryQueue : IDisposable
{
    private readonly PriorityQueue<string, long> waiting = new();
    private readonly SemaphoreSlim changed = new(0, 1);
    private readonly Lock gate = new();

    public void Add(string eventId, long dueMilliseconds)
    {
        lock (gate)
        {
            waiting.Enqueue(eventId, dueMilliseconds);
            if (changed.CurrentCount == 0) changed.Release();
        }
    }

    public async Task<string> Take(CancellationToken stop)
    {
        while (true)
        {
            var pause = TimeSpan.FromMinutes(1);
            lock (gate)
            {
                if (waiting.TryPeek(out var next, out var due))
                {
                    pause = TimeSpan.FromMilliseconds(due - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
                    if (pause <= TimeSpan.Zero)
                    {
                        waiting.Dequeue();
                        return next;
                    }
                }
            }

            await changed.WaitAsync(pause < TimeSpan.FromMinutes(1) ? pause : TimeSpan.FromMinutes(1), stop);
        }
    }

    public void Dispose() => changed.Dispose();
}
