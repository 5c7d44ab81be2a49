namespace Guildhall.Web.Pages.Parts;

/// <summary>Refusals about calls, reports and blocks in Arabic, by code.</summary>
internal static class TalkRefusals
{
    public static readonly Dictionary<string, string> Arabic = new(StringComparer.Ordinal)
    {
        ["call_not_found"] = "لا توجد هنا مكالمة يمكنك رؤيتها.",
        ["call_not_yours"] = "من يُتصل به وحده يرد أو يرفض.",
        ["call_not_now"] = "يمكنكما الاتصال حول موعد الحجز.",
        ["call_over"] = "لم يُرد على هذه المكالمة أو انتهت.",
        ["call_running"] = "أنتما في مكالمة الآن. أنهها أولًا.",
        ["minutes_none"] = "لم تلتقيا في مكالمة بعد، فلم يُكسب شيء. اتصل أو ألغِ أو قل من لم يحضر.",
        ["minutes_used"] = "تحدثتما: يُحسب ما تدفعه بالدقيقة ويعود الباقي تلقائيًا.",
        ["people_blocked"] = "حظر أحدكما الآخر: لا رسائل ولا حجوزات جديدة بينكما. ما دُفع يستمر بحسب حجزه.",
        ["block_not_found"] = "لا يوجد حظر كهذا لك.",
        ["message_not_reportable"] = "لا توجد رسالة كهذه من الطرف الآخر في هذه المحادثة.",
        ["report_invalid"] = "اختر السبب؛ وما تكتبه معه حتى 1000 حرف.",
        ["report_not_found"] = "لا يوجد بلاغ كهذا.",
        ["report_decided"] = "تقرر هذا البلاغ من قبل؛ انظر إلى نتيجته.",
        ["report_party"] = "أنت طرف في هذا البلاغ. يقرر فيه زميل آخر.",
        ["reported_sells_nothing"] = "من أُبلغ عنه ليس مقدّم خدمة في هذه المحادثة، فلا شيء لديه يُوقف.",
    };
}
