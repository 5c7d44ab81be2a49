using Guildhall.Files.Storage;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Files.Upload;

/// <summary>All of an upload at once, for a form that brings the bytes to us: begun, put and confirmed. The type is what the bytes are.</summary>
public static class PutIn
{
    public static async Task<Result<UploadView>> Run(Database database, UploadParts parts, Caller caller, string subject, string name, byte[] content, CancellationToken stop, UploadKind kind = UploadKind.File)
    {
        if (content.Length is 0 or > SignUpload.MaxBytes) return FilesRefusals.SizeInvalid;
        if (FileKind.Of(content) is not { } type) return FilesRefusals.TypeNotTaken;
        if (!(await SignUpload.Run(database, parts, caller, new SignUpload.Body(subject, name, type, content.Length, kind), stop)).Is(out var begun, out var refusal)) return refusal;
        var upload = (await Uploads.Find(database, begun.Id, stop))!;
        try { await parts.Stores.Of(upload.Store).Put(upload.Incoming, content, type, stop); }
        catch (StoreAwayException) { return FilesRefusals.StoreAway; }
        return await ConfirmUpload.Run(database, parts, caller, begun.Id, stop);
    }
}
