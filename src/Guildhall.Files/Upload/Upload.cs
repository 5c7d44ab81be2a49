using Guildhall.Files.Storage;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Files.Upload;

/// <summary>signed → checking → ready or refused; signed → lapsed. Erased: its owner is gone, and so are the bytes.</summary>
public enum UploadState { Signed, Checking, Ready, Refused, Lapsed, Erased }

/// <summary>A file that somebody put in.</summary>
internal sealed record Upload(UploadId Id, Guid OwnerId, string Subject, string Name, string ContentType, int Bytes, string Store, UploadState State, string? Reason, bool Scanned,
    byte[]? Sha256, DateTimeOffset SignedAt, DateTimeOffset ExpiresAt, DateTimeOffset? ConfirmedAt)
{
    /// <summary>Where a client puts the bytes. It may be written until the address ends: nothing is ever given out from here.</summary>
    public string Incoming => $"incoming/{Id}";

    /// <summary>Where the bytes are that were looked at. Written by us alone.</summary>
    public string Kept => $"files/{Id}";

    public UploadView ToView(Put? put = null) => new(Id, Subject, OwnerId, Name, ContentType, Bytes, State, Reason, Scanned, Sha256 is null ? null : Convert.ToHexStringLower(Sha256), SignedAt, ExpiresAt, put);
}

/// <summary>A file as those may see it who see what it belongs to.</summary>
/// <param name="Reason">Why it was refused, or what it waits for: <c>missing</c>, <c>size_differs</c>, <c>type_differs</c>, <c>infected</c>, <c>scanner_away</c>, <c>store_away</c>.</param>
/// <param name="Scanned">A virus scanner has found nothing in it. False on a ready file: this installation has none.</param>
/// <param name="Put">How the bytes are put; only in the answer to its beginning.</param>
public sealed record UploadView(UploadId Id, string Subject, Guid OwnerId, string Name, string ContentType, int Bytes, UploadState State, string? Reason, bool Scanned, string? Sha256,
    DateTimeOffset SignedAt, DateTimeOffset ExpiresAt, Put? Put = null);

/// <summary>What somebody may do with the files of a thing.</summary>
public enum FileRights { None, Read, Write }

/// <summary>A kind of thing that files belong to. The module that owns it says who may read and who may add.</summary>
/// <param name="Prefix">Of its ids: <c>bkg</c>.</param>
public sealed record FileSubject(string Prefix, Func<Database, Caller, string, CancellationToken, Task<FileRights>> Rights);

/// <summary>All kinds of things that files belong to.</summary>
public sealed class FileSubjects(IEnumerable<FileSubject> subjects)
{
    private readonly Dictionary<string, FileSubject> _all = subjects.ToDictionary(s => s.Prefix, StringComparer.Ordinal);

    internal async Task<FileRights> Rights(Database database, Caller caller, string subject, CancellationToken stop) =>
        subject is { Length: <= 60 } && _all.TryGetValue(subject.Split('_')[0], out var known) ? await known.Rights(database, caller, subject, stop) : FileRights.None;
}

/// <summary>Finding uploads.</summary>
internal static class Uploads
{
    public const string Columns = "id, owner_id, subject, name, content_type, bytes, store, state, reason, scanned, sha256, signed_at, expires_at, confirmed_at";

    public static Task<Upload?> Find(Database database, UploadId id, CancellationToken stop) => database.Find<Upload>($"select {Columns} from files.uploads where id = @id", new { id }, stop);

    public static Task<Upload?> Lock(Transaction tx, UploadId id) => tx.Find<Upload>($"select {Columns} from files.uploads where id = @id for update", new { id });

    /// <summary>The file when the caller may see it: its owner always, others once it is ready.</summary>
    public static async Task<Upload?> Seen(Database database, FileSubjects subjects, Caller caller, UploadId id, CancellationToken stop)
    {
        if (await Find(database, id, stop) is not { State: not UploadState.Erased } upload) return null;
        if (caller.Is(upload.OwnerId)) return upload;
        return upload.State is UploadState.Ready && await subjects.Rights(database, caller, upload.Subject, stop) is not FileRights.None ? upload : null;
    }
}
