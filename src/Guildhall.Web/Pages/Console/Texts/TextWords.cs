using Guildhall.Content.Documents;
using Guildhall.Content.Schedules;
using Guildhall.Content.Text;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Texts;

/// <summary>Texts of the site in the words of staff.</summary>
internal static class TextWords
{
    public static Phrase Kind(ContentKind kind) => kind switch
    {
        ContentKind.Page => new("Page", "صفحة"),
        ContentKind.Post => new("Post", "مقال"),
        ContentKind.Project => new("Portfolio project", "عمل منجز"),
        ContentKind.Testimonial => new("Testimonial", "شهادة"),
        ContentKind.ServiceText => new("Text of a service", "نص خدمة"),
        ContentKind.Menu => new("Menu", "قائمة روابط"),
        ContentKind.Site => new("Site settings", "إعدادات الموقع"),
    };

    public static StateLook Look(DocumentState state) => state switch
    {
        DocumentState.Draft => new(new("Draft", "مسودة"), "dot", Tone.Neutral),
        DocumentState.Published => new(new("Public", "منشور"), "check", Tone.Good),
        DocumentState.Changed => new(new("Public, with newer words", "منشور وله نص أحدث"), "clock", Tone.Warn),
        DocumentState.Withdrawn => new(new("Withdrawn", "مسحوب"), "x", Tone.Neutral),
    };

    public static StateLook Look(ScheduleState state) => state switch
    {
        ScheduleState.Waiting => new(new("Waits", "بانتظار وقته"), "clock", Tone.Accent),
        ScheduleState.Done => new(new("Done", "تم"), "check", Tone.Good),
        ScheduleState.Lapsed => new(new("Could not be done", "تعذّر"), "alert", Tone.Bad),
        ScheduleState.Cancelled => new(new("Cancelled", "أُلغي"), "x", Tone.Neutral),
    };

    public static Phrase Act(ScheduledAct act) => act is ScheduledAct.Publish ? new("Publish", "نشر") : new("Withdraw", "سحب");

    public static Phrase Title(ContentKind kind) => kind switch
    {
        ContentKind.Testimonial => new("Who says it", "من يقول"),
        ContentKind.Site => new("Title on the front", "عنوان الصفحة الأولى"),
        _ => new("Title", "العنوان"),
    };

    public static Phrase Summary(ContentKind kind) => kind switch
    {
        ContentKind.Testimonial => new("Who that is", "التعريف به"),
        ContentKind.Site => new("Sentence below it", "الجملة تحته"),
        _ => new("Summary", "الملخص"),
    };

    public static Phrase Body(ContentKind kind) => kind switch
    {
        ContentKind.Testimonial => new("What was said", "ما قيل"),
        ContentKind.Menu => new("Links, one on a line: Words | /address", "الروابط، رابط في كل سطر: الكلمات | /العنوان"),
        ContentKind.Site => new("At the foot of every page (Markdown)", "أسفل كل صفحة (Markdown)"),
        _ => new("Text (Markdown)", "النص (Markdown)"),
    };

    public static Phrase Field(string field) => field switch
    {
        "title" => new("Title", "العنوان"),
        "slug" => new("Address", "الرابط"),
        "summary" => new("Summary", "الملخص"),
        _ => new("Text", "النص"),
    };

    public static Phrase Language(ContentLocale locale) => locale is ContentLocale.Ar ? new("Arabic", "العربية") : new("English", "الإنجليزية");
}
