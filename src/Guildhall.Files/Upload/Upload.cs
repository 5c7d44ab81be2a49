using Guildhall.Files.Pictures;
using Guildhall.Files.Storage;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Files.Upload;

/// <summary>signed → checking → ready or refused; signed → lapsed. Erased: its owner is gone, and so are the bytes.</summary>
public enum UploadState { Signed, Checking, Ready, Refused, Lapsed, Erased }

/// <summary>What a file shows. <c>Before</c>, <c>After</c>: photos of work, by whoever does it.</summary>
public enum UploadKind { File, Before, After }

/// <summary>What others see of a picture: <c>None</c>, it is no picture; waiting → making → made or failed. A failed one is given to nobody but its owner.</summary>
public enum PreviewState { None, Waiting, Making, Made, Failed }

/// <summary>A file that somebody put in.</summary>
internal sealed record Upload(UploadId Id, Guid OwnerId, string Subject, string Name, string ContentType, int Bytes, string Store, UploadState State, string? Reason, bool Scanned,
    byte[]? Sha256, DateTimeOffset SignedAt, DateTimeOffset ExpiresAt, DateTimeOffset? ConfirmedAt,
    UploadKind Kind, int? Width, int? Height, PreviewState Preview, string? PreviewReason, int PreviewTries, byte[]? ShownSha256, int? ShownBytes, byte[]? SmallSha256, int? SmallBytes)
{
    /// <summary>Where a client puts the bytes. It may be written until the address ends: nothing is ever given out from here.</summary>
    public string Incoming => $"incoming/{Id}";

    /// <summary>Where the bytes are that were looked at. Written by us alone.</summary>
    public string Kept => $"files/{Id}";

    /// <summary>The picture as others see it, and a small one.</summary>
    public string Shown => $"shown/{Id}";
    public string Small => $"small/{Id}";

    public bool IsPicture => PictureHeader.IsPicture(ContentType);

    public UploadView ToView(Put? put = null) => new(Id, Subject, OwnerId, Name, ContentType, Bytes, State, Reason, Scanned, Sha256 is null ? null : Convert.ToHexStringLower(Sha256), SignedAt, ExpiresAt, put)
        { Kind = Kind, Width = Width, Height = Height, Preview = Preview, PreviewReason = PreviewReason };
}

/// <summary>A file as those may see it who see what it belongs to.</summary>
/// <param name="Reason">Why it was refused, or what it waits for: <c>missing</c>, <c>size_differs</c>, <c>type_differs</c>, <c>picture_broken</c>, <c>picture_too_large</c>, <c>infected</c>, <c>scanner_away</c>, <c>store_away</c>.</param>
/// <param name="Scanned">A virus scanner has found nothing in it. False on a ready file: this installation has none.</param>
/// <param name="Put">How the bytes are put; only in the answer to its beginning.</param>
public sealed record UploadView(UploadId Id, string Subject, Guid OwnerId, string Name, string ContentType, int Bytes, UploadState State, string? Reason, bool Scanned, string? Sha256,
    DateTimeOffset SignedAt, DateTimeOffset ExpiresAt, Put? Put = null)
{
    public UploadKind Kind { get; init; }

    /// <summary>Dots, of a picture that was looked at, as its file says.</summary>
    public int? Width { get; init; }
    public int? Height { get; init; }

    public PreviewState Preview { get; init; }

    /// <summary>Why there is none: <c>not_decoded</c>, or <c>worker_died</c>.</summary>
    public string? PreviewReason { get; init; }
}

/// <summary>What somebody may do with the files of a thing.</summary>
public enum FileRights { None, Read, Write }

/// <summary>A kind of thing that files belong to. The module that owns it says who may read and who may add.</summary>
/// <param name="Prefix">Of its ids: <c>bkg</c>.</param>
public sealed record FileSubject(string Prefix, Func<Database, Caller, string, CancellationToken, Task<FileRights>> Rights)
{
    /// <summary>Who may put photos of work to it; null: nobody.</summary>
    public Func<Database, Caller, string, CancellationToken, Task<bool>>? DoesWork { get; init; }

    /// <summary>Whether it takes files at all, asked in the transaction that takes one, with a lock that keeps it so until the commit; null: whoever may add may.</summary>
    public Func<Transaction, string, Task<bool>>? Takes { get; init; }
}

/// <summary>All kinds of things that files belong to.</summary>
public sealed class FileSubjects(IEnumerable<FileSubject> subjects)
{
    private readonly Dictionary<string, FileSubject> _all = subjects.ToDictionary(s => s.Prefix, StringComparer.Ordinal);

    internal async Task<FileRights> Rights(Database database, Caller caller, string subject, CancellationToken stop) =>
        subject is { Length: <= 60 } && _all.TryGetValue(subject.Split('_')[0], out var known) ? await known.Rights(database, caller, subject, stop) : FileRights.None;

    internal async Task<bool> Takes(Transaction tx, string subject) => !_all.TryGetValue(subject.Split('_')[0], out var known) || known.Takes is not { } takes || await takes(tx, subject);

    internal async Task<bool> DoesWork(Database database, Caller caller, string subject, CancellationToken stop) =>
        subject is { Length: <= 60 } && _all.TryGetValue(subject.Split('_')[0], out var known) && known.DoesWork is { } does && await does(database, caller, subject, stop);
}

/// <summary>Finding uploads.</summary>
internal static class Uploads
{
    public const string Columns = "id, owner_id, subject, name, content_type, bytes, store, state, reason, scanned, sha256, signed_at, expires_at, confirmed_at,"
        + " kind, width, height, preview, preview_reason, preview_tries, shown_sha256, shown_bytes, small_sha256, small_bytes";

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
