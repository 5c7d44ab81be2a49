using Guildhall.Files.Pictures;
using Guildhall.Files.Scan;
using Guildhall.Files.Storage;
using Guildhall.Files.Upload;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Files;

/// <summary>What the deployment says about files.</summary>
/// <param name="Folder">A folder that every node has; null when there is none.</param>
/// <param name="S3">A bucket. New files go there, and those on the disk stay readable.</param>
/// <param name="Product">Public address.</param>
public sealed record FilesOptions(string? Folder, S3Options? S3, Uri Product)
{
    /// <summary>The virus scanner; null: files are not looked at for viruses, and say so.</summary>
    public ClamdOptions? Scanner { get; init; }
}

/// <summary>What uploads rest on.</summary>
public sealed class UploadParts
{
    internal UploadParts(FileStores stores, FileSubjects subjects, Clamd? scanner, PictureTool pictures, Uri product) => (Stores, Subjects, Scanner, Pictures, Product) = (stores, subjects, scanner, pictures, product);

    /// <summary>New files can be put in.</summary>
    public bool Takes => Stores.Present is not null;

    internal FileStores Stores { get; }

    internal FileSubjects Subjects { get; }

    internal Clamd? Scanner { get; }

    internal PictureTool Pictures { get; }

    internal Uri Product { get; }
}

/// <summary>How the places for bytes do, on this node.</summary>
/// <param name="Name"><c>disk</c>, <c>s3</c>; <c>clamav</c> for the scanner.</param>
/// <param name="Takes">New files go there.</param>
/// <param name="IsLocal">On this machine: the sandbox, or a disk.</param>
/// <param name="Line">Whether it answers.</param>
/// <param name="Waiting">Uploads that wait to be looked at.</param>
public sealed record FilesStatus(string Name, bool Takes, bool IsLocal, PartyStatus Line, long Waiting)
{
    /// <summary>Of every place that is set up; empty when no file can be kept.</summary>
    public static async Task<IReadOnlyList<FilesStatus>> Read(Database database, UploadParts parts, FilesOptions options, CancellationToken stop)
    {
        var waiting = await database.Find<long>("select count(*) from files.uploads where state = 'checking'", stop: stop);
        return [.. parts.Stores.All.Select(s => new FilesStatus(s.Name, ReferenceEquals(s, parts.Stores.Present), s.Name is "disk" || options.S3 is { Endpoint.IsLoopback: true },
            s.Status, waiting))];
    }

    /// <summary>Of the virus scanner; null when there is none.</summary>
    public static async Task<FilesStatus?> OfScanner(Database database, UploadParts parts, CancellationToken stop) => parts.Scanner is not { Status: var status } ? null
        : new FilesStatus("clamav", false, false, status, await database.Find<long>("select count(*) from files.uploads where state = 'checking'", stop: stop));

    /// <summary>Has the scanner look at harmless words and at the string that every scanner finds. Null when it tells them apart, else why not.</summary>
    public static Task<string?> TryScanner(UploadParts parts, CancellationToken stop) => parts.Scanner?.Try(stop) ?? Task.FromResult<string?>("There is no scanner.");

    /// <summary>Whether pictures can be made here, if not why, and how many wait for it.</summary>
    public static async Task<(bool Works, string? Why, long Waiting)> OfPictures(Database database, UploadParts parts, CancellationToken stop, bool now = false)
    {
        var (works, why) = await parts.Pictures.Status(stop, now);
        return (works, why, works ? 0 : await database.Find<long>("select count(*) from files.uploads where state = 'ready' and preview in ('waiting', 'making')", stop: stop));
    }

    /// <summary>Puts a few bytes, reads them back and removes them. Null when that works, else why not.</summary>
    public static async Task<string?> Try(UploadParts parts, string name, CancellationToken stop)
    {
        var place = $"tests/{Guid.NewGuid():n}";
        try
        {
            var store = parts.Stores.Of(name);
            await store.Put(place, "A test of the files' place."u8.ToArray(), "text/plain", stop);
            var read = await store.Get(place, 100, stop);
            await store.Remove(place, stop);
            return read is not null && read.AsSpan().SequenceEqual("A test of the files' place."u8) ? null : "What was put is not what was read.";
        }
        catch (StoreAwayException problem) { return problem.Message; }
    }
}

/// <summary>The doors of this module.</summary>
public static class FilesModule
{
    public static void AddFiles(this IServiceCollection services, FilesOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<FileSubjects>();
        services.AddSingleton(s => new UploadParts(Stores(options), s.GetRequiredService<FileSubjects>(), options.Scanner is { } scanner ? new Clamd(scanner) : null, new PictureTool(), options.Product));
        services.AddPersonalData(FilesPersonalData.Part);
        services.AddOutsideJob<CheckUpload>(CheckUpload.Run);
        services.AddOutsideJob<MakePreview>(MakePreview.Run);
        services.AddOutsideJob<SweepPreviews>(SweepPreviews.Run);
        services.AddRecurring("sweep-previews", SweepPreviews.Every, tx => tx.Enqueue(new SweepPreviews(), uniqueKey: "one"));
        services.AddOutsideJob<ClearUploads>(ClearUploads.Run);
        services.AddRecurring("clear-uploads", ClearUploads.Every, tx => tx.Enqueue(new ClearUploads(), uniqueKey: "one"));
        services.AddLimits(
            new ProductLimit("Size of a request", "a file that is put in", $"{SignUpload.MaxBytes / 1024 / 1024} MB", "422 `upload_size_invalid`"),
            new ProductLimit("Files", "of one booking; begun and not finished, of one person", $"{SignUpload.MostOfSubject}; {SignUpload.MostOpen}", "409 `uploads_full`"),
            new ProductLimit("Files", "dots of a picture, a side; all of them", $"{PictureHeader.MostSide}; {PictureHeader.MostPixels / 1_000_000} million", "refused as `picture_too_large`"),
            new ProductLimit("Time", "an upload stays open", ProductLimits.Say(SignUpload.Lasts), "409 `upload_not_open`"));
    }

    /// <summary>A kind of thing that files may belong to.</summary>
    public static void AddFileSubject(this IServiceCollection services, FileSubject subject) => services.AddSingleton(subject);

    /// <param name="api">The group <c>/api/v1</c>.</param>
    public static void MapFiles(this IEndpointRouteBuilder api)
    {
        var uploads = api.MapGroup("/uploads");
        SignUpload.Map(uploads);
        PutUpload.Map(uploads);
        ConfirmUpload.Map(uploads);
        ListUploads.Map(uploads);
        ReadUpload.Map(uploads);
        DownloadUpload.Map(uploads);
        ReadThumbnail.Map(uploads);
    }

    private static FileStores Stores(FilesOptions options)
    {
        var all = new List<IFileStore>();
        if (options.S3 is { } bucket) all.Add(new S3Store(S3Store.Client(), bucket));
        if (options.Folder is { } folder) all.Add(new DiskStore(folder));
        return new FileStores(all);
    }
}
