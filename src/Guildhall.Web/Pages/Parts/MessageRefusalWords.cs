namespace Guildhall.Web.Pages.Parts;

/// <summary>Refusals about files and messages, to who reads Arabic, by code.</summary>
internal static class MessageRefusalWords
{
    public static readonly IReadOnlyDictionary<string, string> Arabic = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["VOICE_NOT_CONFIGURED"] = "لا تُقرأ الرسائل بصوت مسموع في هذا الموقع. كل ما عدا ذلك يعمل.",
        ["notice_not_spoken"] = "تُقرأ بصوت مسموع تذكيرات المواعيد وحدها.",
        ["upload_name_differs"] = "لا ينتهي اسم الملف كما تنتهي أسماء نوعه.",
        ["upload_name_invalid"] = "اسم الملف من 1 إلى 200 حرف دون خطوط مائلة أو نقطتين أو رموز تحكم.",
        ["upload_not_shown"] = "تعذّر فتح هذه الصورة هنا، فلم يُحذف مكان التقاطها. لا يحصل عليها إلا صاحبها.",
        ["upload_not_your_work"] = "يضيف صور العمل من ينفّذ الزيارة بعد دفع ثمنها.",
        ["upload_photo_needed"] = "صورة العمل قبل أو بعد تكون بصيغة JPEG أو PNG أو WebP.",
        ["upload_size_invalid"] = "حجم الملف بايت واحد على الأقل و10 ميغابايت على الأكثر.",
        ["upload_type_not_taken"] = "لا تُقبل ملفات من هذا النوع. أرفق صورة أو PDF أو نصًا عاديًا.",
        ["voice_not_made"] = "لم يطلب أحد سماع هذا التذكير بعد.",
        ["voice_unavailable"] = "تعذّرت قراءة التذكير الآن. نصه في رسائلك؛ حاول بعد دقيقة.",
    };
}
