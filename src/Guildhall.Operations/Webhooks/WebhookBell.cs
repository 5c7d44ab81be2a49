namespace Guildhall.Operations.Webhooks;

/// <summary>Wakes this node's sender after a commit; what it misses, the poll finds.</summary>
internal sealed class WebhookBell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);

    public void Ring()
    {
        try { if (_rung.CurrentCount == 0) _rung.Release(); }
        catch (SemaphoreFullException) { } // another thread has rung it: one ring is enough
    }

    public Task Wait(TimeSpan atMost, CancellationToken stop) => _rung.WaitAsync(atMost, stop);

    public void Dispose() => _rung.Dispose();
}
