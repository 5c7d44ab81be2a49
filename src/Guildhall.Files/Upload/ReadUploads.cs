using Guildhall.Files.Storage;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Files.Upload;

/// <summary>The files of a thing: those that are ready, and the reader's own in whatever state, newest first.</summary>
public static class ListUploads
{
    public sealed record Page(IReadOnlyList<UploadView> Items);

    internal static void Map(IEndpointRouteBuilder uploads) => uploads
        .MapGet("", async (string subject, Caller caller, Database database, UploadParts parts, CancellationToken stop) => (await Run(database, parts, caller, subject, stop)).ToHttp())
        .WithName(nameof(ListUploads)).RequiresSignIn().Produces<Page>();

    public static async Task<Result<Page>> Run(Database database, UploadParts parts, Caller caller, string subject, CancellationToken stop)
    {
        if (await parts.Subjects.Rights(database, caller, subject, stop) is FileRights.None) return FilesRefusals.SubjectNotFound;
        return new Page([.. (await database.List<Upload>(Sql, new { subject, me = caller.AccountId, most = 2 * SignUpload.MostOfSubject }, stop)).Select(u => u.ToView())]);
    }

    private const string Sql = $"""
        select {Uploads.Columns} from files.uploads where subject = @subject and (state = 'ready' or (owner_id = @me and state <> 'erased')) order by id desc limit @most
        """;
}

/// <summary>One file: for its owner in whatever state, for others once it is ready.</summary>
public static class ReadUpload
{
    internal static void Map(IEndpointRouteBuilder uploads) => uploads
        .MapGet("/{id}", async (UploadId id, Caller caller, Database database, UploadParts parts, CancellationToken stop) => (await Run(database, parts, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadUpload)).RequiresSignIn().Produces<UploadView>();

    public static async Task<Result<UploadView>> Run(Database database, UploadParts parts, Caller caller, UploadId id, CancellationToken stop) =>
        await Uploads.Seen(database, parts.Subjects, caller, id, stop) is { } upload ? upload.ToView() : FilesRefusals.UploadNotFound;
}

/// <summary>The bytes, exactly those that were looked at. Never shown in the page: a browser is told to keep them, and to guess no type.</summary>
public static class DownloadUpload
{
    public sealed record File(string Name, string ContentType, byte[] Content);

    internal static void Map(IEndpointRouteBuilder uploads) => uploads
        .MapGet("/{id}/content", async (UploadId id, HttpContext http, Caller caller, Database database, UploadParts parts) => ToHttp(http, await Run(database, parts, caller, id, http.RequestAborted)))
        .WithName(nameof(DownloadUpload)).RequiresSignIn().Produces(200, contentType: "application/octet-stream");

    public static async Task<Result<File>> Run(Database database, UploadParts parts, Caller caller, UploadId id, CancellationToken stop)
    {
        if (await Uploads.Seen(database, parts.Subjects, caller, id, stop) is not { } upload) return FilesRefusals.UploadNotFound;
        if (upload.State is not UploadState.Ready) return FilesRefusals.NotReady;
        try
        {
            var content = await parts.Stores.Of(upload.Store).Get(upload.Kept, upload.Bytes, stop);
            var whole = content is not null && System.Security.Cryptography.SHA256.HashData(content).AsSpan().SequenceEqual(upload.Sha256);
            return whole ? new File(upload.Name, upload.ContentType, content!) : FilesRefusals.StoreAway;
        }
        catch (StoreAwayException) { return FilesRefusals.StoreAway; }
    }

    /// <summary>The answer of a route or page.</summary>
    public static IResult ToHttp(HttpContext http, Result<File> file)
    {
        if (!file.Is(out var found, out var refusal)) return refusal.ToHttp();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.File(found.Content, found.ContentType, found.Name);
    }
}
