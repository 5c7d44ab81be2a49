namespace Guildhall.Web.Pages.Parts;

/// <summary>Refusals about the texts of the site, in Arabic by code.</summary>
internal static class SiteRefusalWords
{
    public static readonly Dictionary<string, string> Arabic = new(StringComparer.Ordinal)
    {
        ["content_not_found"] = "لا يوجد نص كهذا.",
        ["content_changed_meanwhile"] = "حفظ شخص آخر إصدارًا أحدث في هذه الأثناء. انظر إلى الفرق ثم احفظ كلماتك فوقه أو اتركها.",
        ["content_published_meanwhile"] = "تغيّر المنشور في هذه الأثناء. انظر إليه من جديد ثم قرر.",
        ["content_slug_taken"] = "هذا الرابط لنص آخر نُشر به أولًا. اختر غيره.",
        ["content_not_published"] = "هذا النص غير منشور.",
        ["content_needs_another_person"] = "من كتب هذا الإصدار لا ينشره: اطلب من شخص آخر أن ينظر فيه.",
        ["schedule_time_invalid"] = "اختر وقتًا قادمًا خلال 400 يوم.",
        ["schedule_time_skipped"] = "تقفز ساعات هذه المنطقة عن هذا الوقت. اختر غيره.",
        ["content_subject_taken"] = "لهذا نص قائم بالفعل. عدّله بدلًا من كتابة آخر.",
        ["content_subject_invalid"] = "نص الخدمة يسمّي خدمته (srv_…).",
        ["content_text_invalid"] = "النص أطول من المسموح أو فيه محارف لا يمكن عرضها.",
        ["content_not_ready"] = "لا يمكن نشر هذا الإصدار بعد.",
    };
}
