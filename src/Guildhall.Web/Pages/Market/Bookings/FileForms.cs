using Guildhall.Files;
using Guildhall.Files.Upload;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.Http.Metadata;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>Files of a booking: put in by a form, fetched by a link. Other things take theirs in the same way.</summary>
internal static class FileForms
{
    internal sealed record UploadLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

    /// <summary>The form around the file takes a little more than the file.</summary>
    public static readonly UploadLimit Limit = new(SignUpload.MaxBytes + 64 * 1024);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/bookings/{id}/files", "FileForm", Send).RequiresSignIn().WithMetadata(Limit, new RouteTime(TimeSpan.FromMinutes(5)));
        app.MapGet("/files/{id}", async (UploadId id, HttpContext http, Caller caller, Database database, UploadParts parts) =>
            DownloadUpload.ToHttp(http, await DownloadUpload.Run(database, parts, caller, id, http.RequestAborted))).WithName("FileLink").RequiresSignIn().ExcludeFromDescription();
        app.MapGet("/files/{id}/thumbnail", async (UploadId id, HttpContext http, Caller caller, Database database, UploadParts parts) =>
            ReadThumbnail.ToHttp(http, await ReadThumbnail.Run(database, parts, caller, id, http.RequestAborted))).WithName("ThumbnailLink").RequiresSignIn().ExcludeFromDescription();
    }

    private static async Task<IResult> Send(Posted form)
    {
        var read = await ReadBooking.Run(form.Database, form.Caller, form.Id<BookingId>(), form.Stop);
        if (!read.Is(out var booking, out var refusal)) return refusal.ToHttp();
        var page = booking.Role == BookingRole.Provider ? $"/desk/bookings/{booking.Id}" : $"/bookings/{booking.Id}";
        var kind = form["kind"] switch { "before" => UploadKind.Before, "after" => UploadKind.After, _ => UploadKind.File };
        return (await Put(form, booking.Id.ToString(), kind)).Is(out _, out refusal) ? form.Done(page + (kind is UploadKind.File ? "#files" : "#photos"), Here(form)) : form.Sorry(page, refusal);
    }

    /// <summary>What is said to whoever has put one in.</summary>
    public static string Here(Posted form) => form.T("The file is here. It is looked at before the other side sees it.", "وصل الملف، وسيُفحص قبل أن يراه الطرف الآخر.");

    /// <summary>The file of the form is put in for this subject.</summary>
    public static async Task<Result<UploadView>> Put(Posted form, string subject, UploadKind kind)
    {
        if (form.File("file") is not { } file || file.Length > SignUpload.MaxBytes) return FilesRefusals.SizeInvalid;
        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(content, form.Stop);
        return await PutIn.Run(form.Database, form.Get<UploadParts>(), form.Caller, subject, Path.GetFileName(file.FileName.Replace('\\', '/')), content, form.Stop, kind);
    }
}
