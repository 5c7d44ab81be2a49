using Guildhall.Files;
using Guildhall.Files.Upload;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.Http.Metadata;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>Files of a booking: put in by a form, fetched by a link.</summary>
internal static class FileForms
{
    private sealed record UploadLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

    public static void Map(IEndpointRouteBuilder app)
    {
        // The form around the file takes a little more than the file.
        app.MapPosted("/bookings/{id}/files", "FileForm", Send).RequiresSignIn().WithMetadata(new UploadLimit(SignUpload.MaxBytes + 64 * 1024), new RouteTime(TimeSpan.FromMinutes(5)));
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
        if (form.File("file") is not { } file || file.Length > SignUpload.MaxBytes) return form.Sorry(page, FilesRefusals.SizeInvalid);
        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(content, form.Stop);
        var name = Path.GetFileName(file.FileName.Replace('\\', '/'));
        var kind = form["kind"] switch { "before" => UploadKind.Before, "after" => UploadKind.After, _ => UploadKind.File };
        var put = await PutIn.Run(form.Database, form.Get<UploadParts>(), form.Caller, booking.Id.ToString(), name, content, form.Stop, kind);
        return put.Is(out _, out refusal) ? form.Done(page + (kind is UploadKind.File ? "#files" : "#photos"),
            form.T("The file is here. It is looked at before the other side sees it.", "وصل الملف، وسيُفحص قبل أن يراه الطرف الآخر.")) : form.Sorry(page, refusal);
    }
}
