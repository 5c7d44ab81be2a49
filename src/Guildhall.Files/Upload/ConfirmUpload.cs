using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Files.Upload;

/// <summary>signed → checking: the bytes are there, says whoever put them. A job looks at them; nobody else sees the file before that. Confirming again answers the same.</summary>
public static class ConfirmUpload
{
    internal static void Map(IEndpointRouteBuilder uploads) => uploads
        .MapPost("/{id}/actions/confirm", async (UploadId id, Caller caller, Database database, UploadParts parts, CancellationToken stop) => (await Run(database, parts, caller, id, stop)).ToHttp(202))
        .WithName(nameof(ConfirmUpload)).RequiresSignIn().Produces<UploadView>(202);

    public static Task<Result<UploadView>> Run(Database database, UploadParts parts, Caller caller, UploadId id, CancellationToken stop) => database.InTransaction<Result<UploadView>>(async tx =>
    {
        if (await Uploads.Lock(tx, id) is not { State: not UploadState.Erased } upload || !caller.Is(upload.OwnerId)) return FilesRefusals.UploadNotFound;
        if (upload.State is UploadState.Lapsed || (upload.State is UploadState.Signed && upload.ExpiresAt <= tx.Now)) return FilesRefusals.NotOpen;
        if (upload.State is not UploadState.Signed) return upload.ToView();
        if (!await parts.Subjects.Takes(tx, upload.Subject)) return FilesRefusals.NotWritable;
        await tx.ChangeOne("update files.uploads set state = 'checking', confirmed_at = @now where id = @id and state = 'signed'", new { id, now = tx.Now });
        await tx.Audit(caller, "upload.confirmed", "upload", id.ToString());
        await tx.Enqueue(new CheckUpload(id), uniqueKey: id.ToString());
        return (upload with { State = UploadState.Checking }).ToView();
    }, stop);
}
