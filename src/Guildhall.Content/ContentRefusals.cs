using Guildhall.Foundation;

namespace Guildhall.Content;

/// <summary>Refusals of this module.</summary>
public static class ContentRefusals
{
    public static readonly Refusal NotFound = new("content_not_found", 404, "There is no such text.");
    public static readonly Refusal KindUnknown = new("content_kind_unknown", 422, "Say one of page, post, project, testimonial, service_text, menu, site.");
    public static readonly Refusal SubjectInvalid = new("content_subject_invalid", 422, "A service text names its service (srv_…), a menu is header or footer, the settings are site; other kinds belong to nothing.");
    public static readonly Refusal SubjectTaken = new("content_subject_taken", 409, "There is a text for this already. Change that one.");
    public static readonly Refusal TextInvalid = new("content_text_invalid", 422, "The text is too long or has characters that cannot be shown.");
    public static readonly Refusal ChangedMeanwhile = new("content_changed_meanwhile", 409, "Somebody else saved a newer version meanwhile. Look at the difference, then save yours on top of it or leave it.");
    public static readonly Refusal TooManyVersions = new("content_versions_full", 409, "This text has 10,000 versions, and cannot have more.");
    public static readonly Refusal NotReady = new("content_not_ready", 422, "This version cannot be published yet.");
    public static readonly Refusal SlugTaken = new("content_slug_taken", 409, "This address belongs to another text, which was public under it first. Choose another.");
    public static readonly Refusal PublishedMeanwhile = new("content_published_meanwhile", 409, "What is public changed meanwhile. Look at it again, then decide.");
    public static readonly Refusal NewerPublished = new("content_newer_published", 409, "A newer version is public already.");
    public static readonly Refusal NotPublished = new("content_not_published", 409, "This text is not public.");
    public static readonly Refusal AnotherPublishes = new("content_needs_another_person", 409, "Whoever wrote this version may not publish it: ask somebody else to look at it.");
    public static readonly Refusal TimeInvalid = new("schedule_time_invalid", 422, "Say the time as 2026-11-21T18:30, in the future and within 400 days, with a zone such as Asia/Kuwait.");
    public static readonly Refusal TimeSkipped = new("schedule_time_skipped", 422, "The clocks of this zone jump over that time. Choose another.");
    public static readonly Refusal ZoneUnknown = new("schedule_zone_unknown", 422, "There is no such time zone. Say one like Asia/Kuwait.");
    public static readonly Refusal ScheduleNotFound = new("schedule_not_found", 404, "Nothing of this kind waits here.");
    public static readonly Refusal HoursInvalid = new("preview_hours_invalid", 422, "A preview is open for 1 to 168 hours.");
}
