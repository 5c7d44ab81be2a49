using Guildhall.Foundation.Http;

namespace Guildhall.Files.Storage;

/// <summary>A folder. A file appears whole or not at all; what was put is on the disk when it is said to be.</summary>
internal sealed class DiskStore(string folder) : IFileStore
{
    private readonly Circuit _line = new();

    public string Name => "disk";

    public PartyStatus Status => _line.Status;

    public Put? Presign(string key, string contentType, long bytes, TimeSpan lasts) => null;

    public Task Put(string key, byte[] content, string contentType, CancellationToken stop) => Try(async () =>
    {
        var (path, fresh) = (PathOf(key), PathOf(key) + $".{Guid.NewGuid():n}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            await using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(content, stop);
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, path, overwrite: true);
        }
        finally { File.Delete(fresh); }
        return true;
    });

    public Task<byte[]?> Get(string key, int most, CancellationToken stop) => Try(async () =>
    {
        if (!File.Exists(PathOf(key))) return null;
        await using var file = new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var content = new byte[Math.Min(file.Length, most + 1L)];
        await file.ReadExactlyAsync(content, stop);
        return content;
    });

    public Task Remove(string key, CancellationToken stop) => Try(() =>
    {
        if (Directory.Exists(Path.GetDirectoryName(PathOf(key)))) File.Delete(PathOf(key));
        return Task.FromResult(true);
    });

    // Keys are ours; one that is not would leave the folder.
    private string PathOf(string key) => key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/') && !key.StartsWith('/')
        ? Path.Combine(folder, key) : throw new ArgumentException("This is no key of ours.", nameof(key));

    private async Task<T> Try<T>(Func<Task<T>> work)
    {
        try
        {
            var done = await work();
            _line.Works();
            return done;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _line.Fails(problem.GetType().Name);
            throw new StoreAwayException(problem.GetType().Name);
        }
    }
}
