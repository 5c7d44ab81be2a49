namespace Guildhall.Web.Pages.Parts;

internal static partial class RefusalWords
{
    private static readonly Dictionary<string, string> ProjectsInArabic = new(StringComparer.Ordinal)
    {
        ["client_project_not_found"] = "لا يوجد هنا مشروع يمكنك رؤيته.",
        ["client_project_unpaid"] = "يُفتح المشروع لمن دُفع حجزه لديك. اختر حجزًا كهذا.",
        ["client_project_changed"] = "تغيّر هذا المشروع منذ أن نظرت. انظر إليه كما هو الآن ثم قرر من جديد.",
        ["client_project_not_now"] = "لا يسمح المشروع بهذا الآن. انظر حالته.",
        ["client_project_unfinished"] = "لم تُقبل كل المراحل. احذف ما لا حاجة إليه أو انتظر العميل.",
        ["too_many_client_projects"] = "بلغت العدد الأقصى من المشاريع المفتوحة. أكمل واحدًا أو ألغه أولًا.",
        ["milestone_not_found"] = "لا توجد مرحلة كهذه في المشروع.",
        ["milestone_not_now"] = "لا تسمح المرحلة بهذا الآن. انظر حالتها.",
        ["too_many_milestones"] = "بلغ المشروع العدد الأقصى من المراحل. افتح مشروعًا آخر لما يتبع.",
        ["milestone_note_invalid"] = "قل ما الذي تريده مختلفًا، في 1 إلى 1000 حرف.",
        ["milestone_not_due"] = "لا تصدر فاتورة إلا لمرحلة لها مبلغ وقبلها العميل. انظر حالتها.",
        ["booking_in_project"] = "هذا الحجز جزء من مشروع آخر. أخرجه منه أولًا.",
        ["too_many_project_bookings"] = "بلغ المشروع العدد الأقصى من الحجوزات.",
        ["upload_not_allowed_here"] = "لا يمكن إضافة ملف هنا الآن. تُضاف الملفات إلى الحجوزات المدفوعة والمشاريع التي لم تنتهِ.",
    };

    private static readonly Dictionary<string, string> ProjectFieldsInArabic = new(StringComparer.Ordinal)
    {
        ["A project has a title of 1 to 100 characters on one line."] = "عنوان المشروع من 1 إلى 100 حرف في سطر واحد.",
        ["A description has at most 4000 characters."] = "الوصف 4000 حرف على الأكثر.",
        ["A milestone has a title of 1 to 90 characters on one line."] = "عنوان المرحلة من 1 إلى 90 حرفًا في سطر واحد.",
        ["A milestone is due on a day between 2000 and 2100."] = "تستحق المرحلة في يوم بين عامي 2000 و2100.",
        ["An amount is above zero, in the currency of the project."] = "المبلغ أكبر من صفر وبعملة المشروع.",
        ["An invoice is due in 1 to 90 days."] = "تستحق الفاتورة خلال 1 إلى 90 يومًا.",
    };

    private static string? InArabic(string code) => Arabic.GetValueOrDefault(code) ?? PackagesInArabic.GetValueOrDefault(code) ?? ProjectsInArabic.GetValueOrDefault(code);

    private static string? FieldInArabic(string sentence) => ArabicFields.GetValueOrDefault(sentence) ?? PackageFieldsInArabic.GetValueOrDefault(sentence) ?? ProjectFieldsInArabic.GetValueOrDefault(sentence);
}
