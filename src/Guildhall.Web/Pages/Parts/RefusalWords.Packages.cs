namespace Guildhall.Web.Pages.Parts;

internal static partial class RefusalWords
{
    private static readonly Dictionary<string, string> PackagesInArabic = new(StringComparer.Ordinal)
    {
        ["package_not_found"] = "لا توجد باقة كهذه معروضة للبيع.",
        ["package_changed"] = "تغيّرت هذه الباقة منذ أن نظرت. انظر إليها من جديد أولًا.",
        ["package_services_invalid"] = "جلسات الباقة خدمات مقدّمها المباعة بعملتها.",
        ["too_many_packages"] = "بلغت العدد الأقصى من الباقات المعروضة. أوقف واحدة أولًا.",
        ["too_many_unpaid_packages"] = "بدأت شراء العدد الأقصى من الباقات. ادفع واحدة أولًا.",
        ["package_sale_not_found"] = "لا توجد هنا باقة يمكنك استخدامها.",
        ["package_not_paid"] = "لم تُدفع هذه الباقة بعد. ادفعها ثم احجز بها.",
        ["package_closed"] = "لم يعد ممكنًا الحجز بهذه الباقة. انظر حالتها.",
        ["package_used_up"] = "كل جلسات هذه الباقة مستخدمة أو محجوزة.",
        ["package_other_service"] = "لا تتضمن هذه الباقة هذه الخدمة.",
        ["package_too_short"] = "تكون باقتك قد انتهت حينها. تبدأ الجلسة على الأكثر في الوقت المذكور هنا.",
    };

    private static readonly Dictionary<string, string> PackageFieldsInArabic = new(StringComparer.Ordinal)
    {
        ["A package has 2 to 100 sessions."] = "في الباقة من 2 إلى 100 جلسة.",
        ["A package is valid for 1 to 730 days."] = "تصلح الباقة من 1 إلى 730 يومًا.",
        ["Between 0 and 100 % come back."] = "يعود ما بين 0 و100٪.",
        ["Choose 1 to 20 of your services."] = "اختر من 1 إلى 20 من خدماتك.",
    };
}
