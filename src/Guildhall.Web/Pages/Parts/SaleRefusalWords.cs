namespace Guildhall.Web.Pages.Parts;

/// <summary>Refusals about how services are sold: resources, requests, series, waiting lists; as <see cref="RefusalWords"/>.</summary>
internal static class SaleRefusalWords
{
    public static readonly IReadOnlyDictionary<string, string> Arabic = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["resource_not_found"] = "لا يوجد هنا مورد يمكنك استخدامه.",
        ["resource_name_invalid"] = "اكتب اسمًا من 1 إلى 60 حرفًا في سطر واحد، مثل مركبة 2.",
        ["resource_name_taken"] = "لديك بهذا الاسم واحد بالفعل.",
        ["resource_changed"] = "تغيّر هذا منذ اطلعت عليه. انظر إليه من جديد ثم غيّره.",
        ["resource_needed"] = "ما زالت خدمات تحتاجه. غيّرها أولًا أو أنهِ مشاركته مع الزملاء.",
        ["too_many_resources"] = "هذا أكثر من المسموح.",
        ["nothing_asked"] = "تُحجز هذه الخدمة دون موافقة مسبقة. لا شيء يُقرَّر.",
        ["request_over"] = "قُرّر هذا الطلب أو سُحب أو انتهى وقته. انظر إلى حالته.",
        ["order_awaits_approval"] = "لم يوافق مقدّم الخدمة بعد. لا يُدفع شيء قبل ذلك، وتصلك رسالة.",
        ["sale_rules_invalid"] = "السلسلة من 2 إلى 26 حجزًا، أو 0 لعدم البيع بسلسلة؛ ولا تُباع بسلسلة خدمة توافق أنت على حجوزاتها أولًا.",
        ["no_series"] = "تُحجز هذه الخدمة مرة مرة، ولا يبيعها مقدّمها بسلسلة.",
        ["series_invalid"] = "السلسلة كل 1 إلى 8 أسابيع وفيها حجزان أو أكثر ضمن الحد؛ اختر من المعروض.",
        ["series_conflict"] = "ليست كل هذه الأوقات متاحة. لم يُحجز شيء؛ انظر إلى القائمة واختر من جديد.",
        ["series_unpaid"] = "لديك سلسلة أخرى لم يُدفع أول حجوزاتها. ادفعه أو اتركه أولًا.",
        ["series_not_found"] = "لا توجد هنا سلسلة يمكنك رؤيتها.",
        ["series_ended"] = "لم يبقَ في هذه السلسلة ما يُلغى.",
        ["parts_not_possible"] = "بوابة الدفع لهذه العملة لا تردّ جزءًا من دفعة، وقد تطلبه شروط هذا البيع. اختر ما يُدفع مرة بمرة.",
        ["visit_too_far"] = "لا يكفي الوقت للطريق بين هذا المكان وزيارة أخرى قبلها أو بعدها. اختر وقتًا آخر أو مكانًا آخر.",
        ["wait_not_found"] = "لست في هذه القائمة. ربما مضت الأيام المنتظرة.",
        ["wait_days_invalid"] = "انتظر من 1 إلى 31 يومًا لم تنتهِ، الأول قبل الأخير، خلال سنة.",
        ["too_many_waits"] = "أنت في أقصى عدد مسموح من قوائم الانتظار. اترك واحدة أولًا.",
    };
}
