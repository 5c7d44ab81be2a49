using Guildhall.Foundation.Http;

namespace Guildhall.Files.Storage;

/// <summary>A place for bytes. Keys are made by the product; putting the same key again replaces it. Whatever goes wrong on the way is a
/// <see cref="StoreAwayException"/>, after which nobody knows whether it was done: everything here may be repeated.</summary>
internal interface IFileStore
{
    /// <summary>Stable name in rows: <c>disk</c> or <c>s3</c>.</summary>
    string Name { get; }

    /// <summary>How it did lately on this node.</summary>
    PartyStatus Status { get; }

    /// <summary>Where a client puts the bytes itself, until the moment and with these very headers; null when it puts them to us.</summary>
    Put? Presign(string key, string contentType, long bytes, TimeSpan lasts);

    Task Put(string key, byte[] content, string contentType, CancellationToken stop);

    /// <summary>Null when there is nothing of this key. Not much more than <c>most</c> bytes are read: what is larger comes cut off, and longer than <c>most</c>.</summary>
    Task<byte[]?> Get(string key, int most, CancellationToken stop);

    Task Remove(string key, CancellationToken stop);
}

/// <summary>How the bytes are put.</summary>
/// <param name="Headers">To be sent exactly so, or the place refuses it.</param>
public sealed record Put(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset ExpiresAt);

/// <summary>The place for bytes does not answer, or not as it should.</summary>
internal sealed class StoreAwayException(string why) : Exception(why);

/// <summary>The place where new files go, and those where older ones are.</summary>
internal sealed class FileStores(IReadOnlyList<IFileStore> all)
{
    /// <summary>Null: no file can be put in.</summary>
    public IFileStore? Present => all.Count > 0 ? all[0] : null;

    public IReadOnlyList<IFileStore> All => all;

    /// <summary>Throws when the place is no longer set up: what waits for it goes on waiting.</summary>
    public IFileStore Of(string name) => all.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal)) ?? throw new StoreAwayException($"The place {name} is not set up.");
}
