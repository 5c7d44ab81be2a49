using Guildhall.Marketplace.Contacts;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Parts;

/// <summary>Hidden contact details in words.</summary>
internal static class MaskWords
{
    public static Phrase Of(ContactKind kind) => kind switch
    {
        ContactKind.Phone => new("a phone number", "رقم هاتف"),
        ContactKind.Email => new("an e-mail address", "عنوان بريد"),
        ContactKind.Site => new("the address of a site", "عنوان موقع"),
        _ => new("a name in a messenger", "اسم في تطبيق مراسلة"),
    };

    public static string Kinds(IReadOnlyList<ContactKind> kinds, string language) => string.Join(language == "ar" ? "، " : ", ", kinds.Select(kind => Of(kind).In(language)));

    public static Phrase Of(MaskedText text) => text switch
    {
        MaskedText.Note => new("Note with a hold", "ملاحظة مع الحجز"),
        MaskedText.CancelReason => new("Reason of a cancellation", "سبب إلغاء"),
        _ => new("Profile of a provider", "ملف مقدّم خدمة"),
    };
}
