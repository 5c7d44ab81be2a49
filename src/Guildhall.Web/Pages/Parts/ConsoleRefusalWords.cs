namespace Guildhall.Web.Pages.Parts;

/// <summary>Refusals of the console's own tools, to who reads Arabic.</summary>
internal static class ConsoleRefusalWords
{
    public static readonly IReadOnlyDictionary<string, string> Arabic = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bulk_rows_invalid"] = "اختر من صف واحد إلى مئة صف، كل صف مرة واحدة.",
        ["saved_filter_not_found"] = "لا توجد تصفية محفوظة كهذه لديك.",
        ["saved_filter_list_unknown"] = "تُحفظ التصفيات للمدفوعات والسحوبات والحجوزات والأشخاص والرسائل والتدقيق.",
        ["saved_filter_name_invalid"] = "اسم التصفية من 1 إلى 60 حرفًا.",
        ["saved_filter_parameter_unknown"] = "لا يُحفظ الحقل المذكور هنا مع هذه القائمة.",
        ["saved_filter_value_invalid"] = "يرد كل حقل مرة واحدة وبمئة حرف على الأكثر.",
        ["saved_filter_empty"] = "هذه التصفية لا تضيّق شيئًا. اختر شيئًا أولًا.",
        ["saved_filters_full"] = "لديك 20 تصفية محفوظة وهو الحد الأقصى. أزل واحدة أولًا.",
        ["search_text_length"] = "ابحث عن حرفين إلى مئة حرف.",
    };
}
