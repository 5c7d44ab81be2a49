using Guildhall.Files.Pictures;
using Guildhall.Files.Storage;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Files.Upload;

/// <summary>Every ten minutes: uploads whose time is over lapse, and what has no use is taken out of the store: where bytes were put, once nothing can be put there any
/// more, and files whose owner was erased.</summary>
internal sealed record ClearUploads : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);
    private const int AtOnce = 200;

    public static string Kind => "clear_uploads";

    public static async Task Run(JobContext context, ClearUploads _)
    {
        var (database, stores) = (context.Database, context.Get<UploadParts>().Stores);
        await database.Change("""
            update files.uploads set state = 'lapsed', ended_at = @now where state = 'signed' and cleared_at is null and expires_at < @before
            """, new { now = database.Clock.GetUtcNow(), before = database.Clock.GetUtcNow() - Grace }, context.Stop);
        foreach (var store in stores.All)
        {
            try { await Clear(context, store); }
            catch (StoreAwayException) { } // the next round goes on
        }
    }

    private static async Task Clear(JobContext context, IFileStore store)
    {
        var database = context.Database;
        foreach (var upload in await database.List<Upload>(DueSql, new { store = store.Name, before = database.Clock.GetUtcNow() - Grace, most = AtOnce }, context.Stop))
        {
            await store.Remove(upload.Incoming, context.Stop);
            if (upload.State is UploadState.Erased or UploadState.Refused)
            {
                await store.Remove(upload.Kept, context.Stop);
                await MakePreview.Forget(store, upload, context.Stop);
            }
            await database.Change("update files.uploads set cleared_at = @now where id = @Id and state = @State", new { upload.Id, upload.State, now = database.Clock.GetUtcNow() }, context.Stop);
        }
    }

    private const string DueSql = $"""
        select {Uploads.Columns} from files.uploads where store = @store and cleared_at is null and expires_at < @before and state not in ('signed', 'checking') order by expires_at limit @most
        """;
}
