using System.Collections.Concurrent;

namespace Guildhall.Sandbox.S3;

/// <summary>One bucket, kept in memory: what was put last is dropped last. <c>Bucket</c> is the first part of every path, as S3 has it.</summary>
internal sealed class S3Account
{
    public const string Bucket = "guildhall-sandbox-files", Region = "sandbox-1", KeyId = "GUILDHALLSANDBOXKEY0", Secret = "guildhall_sandbox_s3_secret";
    private const long MostBytes = 64 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Stored> _objects = new(StringComparer.Ordinal);

    public sealed record Stored(string Key, byte[] Content, string ContentType, DateTimeOffset At);

    public IEnumerable<Stored> All => _objects.Values.OrderByDescending(o => o.At);

    public Stored? Find(string key) => _objects.GetValueOrDefault(key);

    public void Put(string key, byte[] content, string contentType)
    {
        _objects[key] = new Stored(key, content, contentType, TimeProvider.System.GetUtcNow());
        var total = 0L;
        foreach (var stored in All)
            if ((total += stored.Content.Length) > MostBytes) _objects.TryRemove(stored.Key, out _);
    }

    public void Remove(string key) => _objects.TryRemove(key, out _);
}
