using System.Security.Cryptography;
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

/// <summary>The bytes, exactly those that were looked at; of a picture those that were made of it, without the place where it was taken, unless its owner asks for the original. Never shown in the
/// page: a browser is told to keep them, and to guess no type.</summary>
public static class DownloadUpload
{
    public sealed record File(string Name, string ContentType, byte[] Content);

    internal static void Map(IEndpointRouteBuilder uploads) => uploads
        .MapGet("/{id}/content", async (UploadId id, HttpContext http, Caller caller, Database database, UploadParts parts, bool original = false) => ToHttp(http, await Run(database, parts, caller, id, http.RequestAborted, original)))
        .WithName(nameof(DownloadUpload)).RequiresSignIn().Produces(200, contentType: "application/octet-stream");

    /// <param name="original">For the owner alone: as it was put in.</param>
    public static async Task<Result<File>> Run(Database database, UploadParts parts, Caller caller, UploadId id, CancellationToken stop, bool original = false)
    {
        if (await Uploads.Seen(database, parts.Subjects, caller, id, stop) is not { } upload) return FilesRefusals.UploadNotFound;
        if (original && !caller.Is(upload.OwnerId)) return FilesRefusals.UploadNotFound;
        if (upload.State is not UploadState.Ready) return FilesRefusals.NotReady;
        if (upload.Preview is PreviewState.Made && !original)
            return await Fetched(parts, upload, upload.Shown, upload.ShownBytes!.Value, upload.ShownSha256!, stop) is { } shown ? new File(Path.ChangeExtension(upload.Name, ".jpg"), "image/jpeg", shown) : FilesRefusals.StoreAway;
        if (upload.IsPicture && !caller.Is(upload.OwnerId)) return upload.Preview is PreviewState.Failed ? FilesRefusals.NotShown : FilesRefusals.NotReady;
        var type = upload.ContentType is "text/plain" ? "text/plain; charset=utf-8" : upload.ContentType;
        return await Fetched(parts, upload, upload.Kept, upload.Bytes, upload.Sha256!, stop) is { } content ? new File(upload.Name, type, content) : FilesRefusals.StoreAway;
    }

    /// <summary>Null when it is not there, or is not what it was.</summary>
    internal static async Task<byte[]?> Fetched(UploadParts parts, Upload upload, string key, int bytes, byte[] sha, CancellationToken stop)
    {
        try
        {
            var content = await parts.Stores.Of(upload.Store).Get(key, bytes, stop);
            return content is not null && SHA256.HashData(content).AsSpan().SequenceEqual(sha) ? content : null;
        }
        catch (StoreAwayException) { return null; }
    }

    /// <summary>The answer of a route or page.</summary>
    public static IResult ToHttp(HttpContext http, Result<File> file) => Answer(http, file, "private, no-store", (found) => Results.File(found.Content, found.ContentType, found.Name));

    internal static IResult Answer(HttpContext http, Result<File> file, string cache, Func<File, IResult> give)
    {
        if (!file.Is(out var found, out var refusal)) return refusal.ToHttp();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = cache;
        return give(found);
    }
}

/// <summary>A small JPEG of a picture, 320 dots at most, made by us: the one thing of a file that a page shows.</summary>
public static class ReadThumbnail
{
    internal static void Map(IEndpointRouteBuilder uploads) => uploads
        .MapGet("/{id}/thumbnail", async (UploadId id, HttpContext http, Caller caller, Database database, UploadParts parts) => ToHttp(http, await Run(database, parts, caller, id, http.RequestAborted)))
        .WithName(nameof(ReadThumbnail)).RequiresSignIn().Produces(200, contentType: "image/jpeg");

    public static async Task<Result<DownloadUpload.File>> Run(Database database, UploadParts parts, Caller caller, UploadId id, CancellationToken stop)
    {
        if (await Uploads.Seen(database, parts.Subjects, caller, id, stop) is not { } upload) return FilesRefusals.UploadNotFound;
        if (upload is not { State: UploadState.Ready, Preview: PreviewState.Made }) return upload.Preview is PreviewState.Failed ? FilesRefusals.NotShown : FilesRefusals.NotReady;
        return await DownloadUpload.Fetched(parts, upload, upload.Small, upload.SmallBytes!.Value, upload.SmallSha256!, stop) is { } small ? new DownloadUpload.File("thumbnail.jpg", "image/jpeg", small) : FilesRefusals.StoreAway;
    }

    /// <summary>The answer of a route or page.</summary>
    public static IResult ToHttp(HttpContext http, Result<DownloadUpload.File> file) => DownloadUpload.Answer(http, file, "private, no-store", small => Results.File(small.Content, small.ContentType));
}
