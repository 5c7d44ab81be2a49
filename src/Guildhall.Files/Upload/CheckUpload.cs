using System.Security.Cryptography;
using Guildhall.Files.Pictures;
using Guildhall.Files.Scan;
using Guildhall.Files.Storage;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Microsoft.Extensions.Logging;

namespace Guildhall.Files.Upload;

/// <summary>checking → ready or refused. Size and type are those of the bytes themselves; the very bytes that were looked at are written to where files are read from,
/// since the place they were put to may be written again. While the store or the scanner is away the file waits: it is never passed unseen.</summary>
internal sealed record CheckUpload(UploadId Upload) : IJob
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    public static string Kind => "check_upload";

    internal sealed record Verdict(UploadState State, string? Reason, bool Scanned = false, (int Width, int Height)? Size = null);

    public static async Task Run(JobContext context, CheckUpload job)
    {
        if (await Uploads.Find(context.Database, job.Upload, context.Stop) is not { State: UploadState.Checking } upload) return;
        try
        {
            var store = context.Get<UploadParts>().Stores.Of(upload.Store);
            var content = await store.Get(upload.Incoming, upload.Bytes, context.Stop);
            var verdict = Look(upload.ContentType, upload.Bytes, content);
            if (verdict.State is UploadState.Ready && context.Get<UploadParts>().Scanner is { } scanner)
            {
                if (await Scan(context, upload, scanner, content!) is not { } scanned) throw new ScannerAwayException();
                verdict = scanned with { Size = verdict.Size };
            }
            if (verdict.State is UploadState.Ready) await store.Put(upload.Kept, content!, upload.ContentType, context.Stop);
            await End(context, upload, verdict, verdict.State is UploadState.Ready ? SHA256.HashData(content!) : null);
        }
        catch (StoreAwayException) { await Waits(context, upload, "store_away"); }
        catch (ScannerAwayException) { await Waits(context, upload, "scanner_away"); }
    }

    private sealed class ScannerAwayException : Exception;

    private static async Task<Verdict?> Scan(JobContext context, Upload upload, Clamd scanner, byte[] content)
    {
        switch (await scanner.Scan(content, context.Stop))
        {
            case ScanAnswer.Clean: return new Verdict(UploadState.Ready, null, Scanned: true);
            case ScanAnswer.Found(var what):
                context.Get<ILogger<UploadParts>>().LogWarning("upload_infected {Upload} {Found}", upload.Id, what);
                return new Verdict(UploadState.Refused, "infected");
            default: return null;
        }
    }

    // Of a picture the size that it says, before anything decodes it.
    internal static Verdict Look(string contentType, int bytes, byte[]? content)
    {
        if (content is null) return new Verdict(UploadState.Refused, "missing");
        if (content.Length != bytes) return new Verdict(UploadState.Refused, "size_differs");
        if (!string.Equals(FileKind.Of(content), contentType, StringComparison.Ordinal)) return new Verdict(UploadState.Refused, "type_differs");
        if (!PictureHeader.IsPicture(contentType)) return new Verdict(UploadState.Ready, null);
        if (PictureHeader.Size(contentType, content) is not { } size) return new Verdict(UploadState.Refused, "picture_broken");
        return PictureHeader.IsTooLarge(size) ? new Verdict(UploadState.Refused, "picture_too_large") : new Verdict(UploadState.Ready, null, Size: size);
    }

    private static async Task End(JobContext context, Upload upload, Verdict verdict, byte[]? sha)
    {
        var preview = verdict.Size is null ? PreviewState.None : PreviewState.Waiting;
        await context.Database.InTransaction(async tx =>
        {
            if (await tx.ChangeNow(EndSql, new { upload.Id, verdict.State, verdict.Reason, verdict.Scanned, sha, verdict.Size?.Width, verdict.Size?.Height, preview, now = tx.Now }) == 0) return;
            if (preview is PreviewState.Waiting) await tx.Enqueue(new MakePreview(upload.Id), uniqueKey: upload.Id.ToString());
        }, context.Stop);
        context.Get<ILogger<UploadParts>>().LogInformation("upload_{State} {Upload} {Reason}", Names.Of(verdict.State), upload.Id, verdict.Reason);
    }

    private static async Task Waits(JobContext context, Upload upload, string reason)
    {
        await context.Database.Change("update files.uploads set reason = @reason where id = @Id and state = 'checking'", new { upload.Id, reason }, context.Stop);
        throw new RunAgainException(Wait);
    }

    private const string EndSql = """
        update files.uploads set state = @State, reason = @Reason, scanned = @Scanned, sha256 = @sha, width = @Width, height = @Height, preview = @preview, ended_at = @now where id = @Id and state = 'checking'
        """;
}
