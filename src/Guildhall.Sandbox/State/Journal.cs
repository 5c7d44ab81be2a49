namespace Guildhall.Sandbox.State;

/// <summary>
/// Append-only file of changes. Lines that arrive while a write is under way go out together in the next one;
/// <see cref="Append"/>'s task ends when the operating system has the line, so a killed process loses nothing it answered for
/// (a power cut may: there is no fsync).
/// </summary>
internal sealed class Journal : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim work = new(0);
    private readonly Task writing;
    private readonly FileStream file;
    private MemoryStream gathering = new();
    private MemoryStream going = new();
    private TaskCompletionSource written = NewSignal();
    private bool closed;

    public Journal(FileStream file)
    {
        this.file = file;
        writing = Task.Run(WriteAll);
    }

    public long Bytes { get; private set; }

    public Task Append(byte[] line)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            gathering.Write(line);
            Bytes += line.Length;
            if (gathering.Length == line.Length) work.Release();
            return written.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (closed) return;
            closed = true;
            work.Release();
        }

        await writing;
        await file.DisposeAsync();
        work.Dispose();
    }

    private async Task WriteAll()
    {
        while (true)
        {
            await work.WaitAsync();
            TaskCompletionSource done;
            lock (gate)
            {
                (gathering, going) = (going, gathering);
                (done, written) = (written, NewSignal());
                if (going.Length == 0 && closed) return;
            }

            await WriteBatch(done);
        }
    }

    private async Task WriteBatch(TaskCompletionSource done)
    {
        try
        {
            await file.WriteAsync(going.GetBuffer().AsMemory(0, (int)going.Length));
            await file.FlushAsync();
            done.SetResult();
        }
        catch (IOException lost)
        {
            done.SetException(lost);
        }
        finally
        {
            going.SetLength(0);
            if (going.Capacity > 16 * 1024 * 1024) going = new MemoryStream();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
