using Guildhall.Files.Pictures;
using Guildhall.Files.Storage;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Files.Upload;

/// <summary>Begins an upload: says where the bytes go, how many, of which type, and until when. In a bucket they go there directly, under an address that takes this
/// and nothing else; else to us.</summary>
public static class SignUpload
{
    public const int MaxBytes = 10 * 1024 * 1024, MostOfSubject = 100, MostOpen = 20;

    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <param name="Subject">What it belongs to: the id of a booking or of a client project.</param>
    /// <param name="Kind"><c>before</c> and <c>after</c>: photos of work, by whoever does it.</param>
    public sealed record Body(string Subject, string Name, string ContentType, long Bytes, UploadKind Kind = UploadKind.File);

    private sealed record Counts(long Here, long Open);

    internal static void Map(IEndpointRouteBuilder uploads) => uploads
        .MapPost("", async (Body body, Caller caller, Database database, UploadParts parts, CancellationToken stop) => (await Run(database, parts, caller, body, stop)).ToHttp(201))
        .WithName(nameof(SignUpload)).RequiresSignIn().Produces<UploadView>(201);

    public static async Task<Result<UploadView>> Run(Database database, UploadParts parts, Caller caller, Body body, CancellationToken stop)
    {
        if (parts.Stores.Present is not { } store) return FilesRefusals.NotSetUp;
        if (body.Name is not { } name || !NameFits(name)) return FilesRefusals.NameInvalid;
        if (!FileKind.Taken.Contains(body.ContentType)) return FilesRefusals.TypeNotTaken;
        if (!FileKind.MayBeCalled(name, body.ContentType)) return FilesRefusals.NameDiffers;
        if (body.Bytes is < 1 or > MaxBytes) return FilesRefusals.SizeInvalid;
        var rights = await parts.Subjects.Rights(database, caller, body.Subject, stop);
        if (rights is FileRights.None) return FilesRefusals.SubjectNotFound;
        if (rights is not FileRights.Write) return FilesRefusals.NotWritable;
        if (body.Kind is not UploadKind.File && !PictureHeader.IsPicture(body.ContentType)) return FilesRefusals.PhotoNeeded;
        if (body.Kind is not UploadKind.File && !await parts.Subjects.DoesWork(database, caller, body.Subject, stop)) return FilesRefusals.NotYourWork;
        var made = await database.InTransaction(tx => Insert(tx, parts, caller, store.Name, body), stop);
        return made.Is(out var upload, out var refusal) ? upload.ToView(store.Presign(upload.Incoming, upload.ContentType, upload.Bytes, Lasts) ?? Ours(parts.Product, upload)) : refusal;
    }

    // A name is shown and saved on other people's machines: no paths, nothing that turns the order of reading, nothing that Windows takes for a device.
    internal static bool NameFits(string name) => name.Length is >= 1 and <= 200 && !string.IsNullOrWhiteSpace(name)
        && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c is '/' or '\\' or ':' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')) && !Devices.Contains(name.Split('.')[0].TrimEnd());

    private static readonly HashSet<string> Devices = new(["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })], StringComparer.OrdinalIgnoreCase);

    private static async Task<Result<Upload>> Insert(Transaction tx, UploadParts parts, Caller caller, string store, Body body)
    {
        if (!await parts.Subjects.Takes(tx, body.Subject)) return FilesRefusals.NotWritable;
        var owner = caller.AccountId!.Value;
        var counts = await tx.Get<Counts>(CountSql, new { body.Subject, owner, now = tx.Now });
        if (counts.Here >= MostOfSubject || counts.Open >= MostOpen) return FilesRefusals.TooMany;
        var id = tx.NewId<UploadId>();
        await tx.ChangeOne(InsertSql, new { id, owner, body.Subject, body.Name, body.ContentType, bytes = (int)body.Bytes, body.Kind, store, now = tx.Now, expires = tx.Now + Lasts });
        await tx.Audit(caller, "upload.signed", "upload", id.ToString(), after: new { body.Subject, body.ContentType, body.Bytes, body.Kind, store });
        return (await Uploads.Lock(tx, id))!;
    }

    // To a disk it goes through us, signed in.
    private static Put Ours(Uri product, Upload upload) => new("PUT", new Uri(product, $"/api/v1/uploads/{upload.Id}/content"),
        new Dictionary<string, string>(StringComparer.Ordinal) { ["content-type"] = upload.ContentType }, upload.ExpiresAt);

    private const string CountSql = """
        select (select count(*) from files.uploads where subject = @Subject and (state in ('checking', 'ready') or (state = 'signed' and expires_at > @now))) as here,
            (select count(*) from files.uploads where owner_id = @owner and state = 'signed' and expires_at > @now) as open
        """;

    private const string InsertSql = """
        insert into files.uploads (id, owner_id, subject, name, content_type, bytes, kind, store, signed_at, expires_at)
        values (@id, @owner, @Subject, @Name, @ContentType, @bytes, @Kind, @store, @now, @expires)
        """;
}
