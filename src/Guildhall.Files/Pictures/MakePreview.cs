using System.Security.Cryptography;
using Guildhall.Files.Storage;
using Guildhall.Files.Upload;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Microsoft.Extensions.Logging;

namespace Guildhall.Files.Pictures;

/// <summary>waiting → making → made or failed. A picture is begun at most three times, and one that its maker died of, or that was too much for it, is given up at once: nothing tries it again.</summary>
internal sealed record MakePreview(UploadId Upload) : IJob
{
    private const int MostTries = 3;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    public static string Kind => "make_preview";

    private sealed record Begun(int Tries);

    public static async Task Run(JobContext context, MakePreview job)
    {
        var (database, parts, now) = (context.Database, context.Get<UploadParts>(), context.Database.Clock.GetUtcNow());
        if (await Uploads.Find(database, job.Upload, context.Stop) is not { State: UploadState.Ready, Preview: PreviewState.Waiting or PreviewState.Making } upload) return;
        // A node that died while it looked has begun and not ended: that is a try, and the last one is the end.
        if (await database.Find<Begun>(BeginSql, new { upload.Id, upload.Preview, upload.PreviewTries, now }, context.Stop) is not { } begun) return;
        if (begun.Tries > MostTries)
        {
            await Fail(context, upload, "worker_died");
            return;
        }
        try { await Make(context, parts, upload); }
        catch (StoreAwayException)
        {
            await Back(database, upload, context.Stop);
            throw new RunAgainException(Wait);
        }
    }

    private static async Task Make(JobContext context, UploadParts parts, Upload.Upload upload)
    {
        var store = parts.Stores.Of(upload.Store);
        var content = await store.Get(upload.Kept, upload.Bytes, context.Stop);
        if (content is null || !SHA256.HashData(content).AsSpan().SequenceEqual(upload.Sha256)) throw new StoreAwayException("What was put is not what was read.");
        MadePictures? made;
        try { made = await parts.Pictures.Make(content, context.Stop); }
        catch (PictureException problem)
        {
            context.Get<ILogger<UploadParts>>().LogWarning("preview_failed {Upload} {Why}", upload.Id, problem.Message);
            await Fail(context, upload, "not_decoded");
            return;
        }
        if (made is null)
        {
            await Back(context.Database, upload, context.Stop); // the sweep comes again when the program is there
            return;
        }
        await store.Put(upload.Shown, made.Shown, "image/jpeg", context.Stop);
        await store.Put(upload.Small, made.Small, "image/jpeg", context.Stop);
        var changed = await context.Database.Change(MadeSql, new
        {
            upload.Id, shown = SHA256.HashData(made.Shown), shownBytes = made.Shown.Length, small = SHA256.HashData(made.Small), smallBytes = made.Small.Length,
        }, context.Stop);
        if (changed == 0) await Forget(store, upload, context.Stop); // its owner was erased meanwhile
    }

    internal static async Task Forget(IFileStore store, Upload.Upload upload, CancellationToken stop)
    {
        await store.Remove(upload.Shown, stop);
        await store.Remove(upload.Small, stop);
    }

    private static Task Back(Database database, Upload.Upload upload, CancellationToken stop) =>
        database.Change("update files.uploads set preview = 'waiting', preview_tries = preview_tries - 1 where id = @Id and state = 'ready' and preview = 'making'", new { upload.Id }, stop);

    private static Task Fail(JobContext context, Upload.Upload upload, string reason) =>
        context.Database.Change("update files.uploads set preview = 'failed', preview_reason = @reason where id = @Id and state = 'ready' and preview = 'making'", new { upload.Id, reason }, context.Stop);

    private const string BeginSql = """
        update files.uploads set preview = 'making', preview_tries = preview_tries + 1, preview_at = @now
        where id = @Id and state = 'ready' and preview = @Preview and preview_tries = @PreviewTries returning preview_tries as tries
        """;

    private const string MadeSql = """
        update files.uploads set preview = 'made', shown_sha256 = @shown, shown_bytes = @shownBytes, small_sha256 = @small, small_bytes = @smallBytes
        where id = @Id and state = 'ready' and preview = 'making'
        """;
}

/// <summary>Every minute: pictures that wait, or that somebody began ten minutes ago and never ended, are begun, as soon as the program is there.</summary>
internal sealed record SweepPreviews : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private const int AtOnce = 20;

    public static string Kind => "sweep_previews";

    private sealed record Due(UploadId Id);

    public static async Task Run(JobContext context, SweepPreviews _)
    {
        if (!(await context.Get<UploadParts>().Pictures.Status(context.Stop)).Works) return;
        var due = await context.Database.List<Due>(DueSql, new { before = context.Database.Clock.GetUtcNow() - TimeSpan.FromMinutes(10), most = AtOnce }, context.Stop);
        foreach (var one in due) await context.Database.InTransaction(tx => tx.Enqueue(new MakePreview(one.Id), uniqueKey: one.Id.ToString()), context.Stop);
    }

    private const string DueSql = """
        select id from files.uploads where state = 'ready' and (preview = 'waiting' or (preview = 'making' and preview_at < @before)) order by id limit @most
        """;
}
