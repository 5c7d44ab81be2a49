using Guildhall.Foundation;

namespace Guildhall.Files;

/// <summary>Refusals of this module.</summary>
public static class FilesRefusals
{
    public static readonly Refusal NotSetUp = new("files_not_set_up", 503, "This installation keeps no files. The operator sets GUILDHALL_FILES or a bucket; everything else works.");
    public static readonly Refusal StoreAway = new("files_unavailable", 503, "The place where files are kept does not answer. Nothing was lost: try again in a minute.");
    public static readonly Refusal UploadNotFound = new("upload_not_found", 404, "There is no such file.");
    public static readonly Refusal SubjectNotFound = new("upload_subject_not_found", 404, "There is nothing of this name that a file could belong to.");
    public static readonly Refusal NotWritable = new("upload_not_allowed_here", 409, "No file can be added here now. Files belong to bookings that are paid and to projects that are not over.");
    public static readonly Refusal NameInvalid = new("upload_name_invalid", 422, "A file has a name of 1 to 200 characters without slashes, colons and control characters, and none that a machine takes for a device.");
    public static readonly Refusal TypeNotTaken = new("upload_type_not_taken", 422, "Files of this type are not taken. Take image/jpeg, image/png, image/webp, application/pdf or text/plain.");
    public static readonly Refusal NameDiffers = new("upload_name_differs", 422, "The name does not end as files of this type do. Call it .jpg, .png, .webp, .pdf or .txt, after what is in it.");
    public static readonly Refusal SizeInvalid = new("upload_size_invalid", 422, "A file has at least 1 byte and at most 10 MB. Say its exact size.");
    public static readonly Refusal TooMany = new("uploads_full", 409, "There are as many files here as there may be, or too many of yours were begun and not finished. Finish those, or wait 15 minutes.");
    public static readonly Refusal NotOpen = new("upload_not_open", 409, "This upload was confirmed or its time is over. Begin a new one.");
    public static readonly Refusal PutElsewhere = new("upload_put_elsewhere", 409, "The bytes of this upload go to the address that the answer to its beginning named.");
    public static readonly Refusal SizeDiffers = new("upload_size_differs", 422, "The body is not as long as was said. Begin again with the right size.");
    public static readonly Refusal PhotoNeeded = new("upload_photo_needed", 422, "A photo of work before or after is image/jpeg, image/png or image/webp.");
    public static readonly Refusal NotYourWork = new("upload_not_your_work", 409, "Photos of work before and after are put in by whoever does the visit, once it is paid.");
    public static readonly Refusal NotShown = new("upload_not_shown", 409, "This picture could not be opened here, so the place where it was taken could not be removed from it. Only its owner gets it.");
    public static readonly Refusal NotReady = new("upload_not_ready", 409, "This file is not there yet, or was refused. Its state says why.");
}
