using Guildhall.Files.Storage;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Files.Upload;

/// <summary>The bytes of an upload whose place is our own disk. Until it is confirmed they may be put again.</summary>
public static class PutUpload
{
    private sealed record Limit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

    internal static void Map(IEndpointRouteBuilder uploads) => uploads
        .MapPut("/{id}/content", async (UploadId id, HttpContext http, Caller caller, Database database, UploadParts parts) =>
            (await Run(database, parts, caller, id, http.Request.Body, http.Request.ContentLength, http.RequestAborted)).ToHttp(204))
        .WithName(nameof(PutUpload)).RequiresSignIn().Produces(204).WithMetadata(new Limit(SignUpload.MaxBytes), new RouteTime(TimeSpan.FromMinutes(5)), new RawBody());

    public static async Task<Result<Done>> Run(Database database, UploadParts parts, Caller caller, UploadId id, Stream body, long? length, CancellationToken stop)
    {
        if (await Uploads.Find(database, id, stop) is not { } upload || !caller.Is(upload.OwnerId)) return FilesRefusals.UploadNotFound;
        if (upload.State is not UploadState.Signed || upload.ExpiresAt <= database.Clock.GetUtcNow()) return FilesRefusals.NotOpen;
        if (upload.Store is not "disk") return FilesRefusals.PutElsewhere;
        if (length != upload.Bytes) return FilesRefusals.SizeDiffers;
        var content = new byte[upload.Bytes];
        try { await body.ReadExactlyAsync(content, stop); }
        catch (EndOfStreamException) { return FilesRefusals.SizeDiffers; }
        try { await parts.Stores.Of(upload.Store).Put(upload.Incoming, content, upload.ContentType, stop); }
        catch (StoreAwayException) { return FilesRefusals.StoreAway; }
        await database.InTransaction(tx => tx.Audit(caller, "upload.put", "upload", id.ToString()), stop);
        return default(Done);
    }
}
