using Guildhall.Foundation.Data;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Suppressions;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Suppressions;

namespace Guildhall.Web.Pages.Console.Deliveries;

/// <summary>What became of messages, in the words of the staff.</summary>
internal static class DeliveryWords
{
    public static readonly string[] Channels = ["email", "push", "sms"];

    public static Phrase Channel(string channel) => channel switch
    {
        "push" => new("Push", "إشعار على الجهاز"),
        "sms" => new("Text message", "رسالة نصية"),
        _ => new("E-mail", "البريد الإلكتروني"),
    };

    public static StateLook Look(DeliveryState state) => state switch
    {
        DeliveryState.Queued => new(new("Waits", "بالانتظار"), "clock", Tone.Accent),
        DeliveryState.Sending => new(new("Being sent", "قيد الإرسال"), "send", Tone.Accent),
        DeliveryState.Sent => new(new("Sent", "أُرسلت"), "check", Tone.Good),
        DeliveryState.Failed => new(new("Not sent", "لم تُرسل"), "x", Tone.Bad),
        DeliveryState.Unknown => new(new("Outcome unknown", "النتيجة غير معروفة"), "question", Tone.Warn),
        DeliveryState.Suppressed => new(new("Held back", "أُوقفت"), "lock", Tone.Neutral),
    };

    /// <summary>Why, in a sentence; a reason that this table does not know is shown by its own name.</summary>
    public static Phrase Why(string reason) => Reasons.TryGetValue(reason, out var known) ? known
        : Enum.GetValues<SuppressionReason>().Where(r => Names.Of(r).Equals(reason, StringComparison.OrdinalIgnoreCase)).Select(r => SuppressionWords.Look(r).Word).FirstOrDefault() ?? new Phrase(reason, reason);

    private static readonly Dictionary<string, Phrase> Reasons = new(StringComparer.Ordinal)
    {
        ["SWITCHED_OFF"] = new("Its person has switched this kind off on this channel.", "أوقف صاحبها هذا النوع على هذه القناة."),
        ["QUIET_HOURS"] = new("Waits for the end of quiet hours.", "تنتظر انتهاء ساعات الهدوء."),
        ["ALREADY_READ"] = new("Read in the inbox while it waited.", "قُرئت في صندوق الوارد أثناء انتظارها."),
        ["IN_DIGEST"] = new("Many came at once: it is in a digest.", "وصل الكثير دفعة واحدة: هي ضمن رسالة مجمّعة."),
        ["TRIED_AGAIN"] = new("A member of staff asked for another try.", "طلب أحد الموظفين محاولة أخرى."),
        ["TEMPLATE_BROKEN"] = new("Its words need a fact that is not there.", "تحتاج كلماتها إلى معلومة غير موجودة."),
        ["TOO_LATE"] = new("Of no use any more.", "لم تعد تنفع."),
        ["EMAIL_NOT_CONFIGURED"] = new("This installation sends no mail.", "لا ترسل هذه المنصة بريدًا."),
        ["SMS_NOT_CONFIGURED"] = new("This installation sends no text messages.", "لا ترسل هذه المنصة رسائل نصية."),
        ["PUSH_NOT_CONFIGURED"] = new("This installation pushes nothing.", "لا ترسل هذه المنصة إشعارات."),
        ["RECIPIENT_UNKNOWN"] = new("There is no address or number for its person.", "لا عنوان أو رقم لصاحبها."),
        ["FACTS_FORGOTTEN"] = new("What it would say has been erased.", "مُحي ما كانت ستقوله."),
        ["ADDRESS_MALFORMED"] = new("The address cannot stand in a mail.", "لا يصلح العنوان لبريد."),
        ["REFUSED_BY_SERVER"] = new("The other side refused it for good.", "رفضها الطرف الآخر نهائيًا."),
        ["SERVER_UNAVAILABLE"] = new("The other side was not there or busy; surely not taken.", "الطرف الآخر غائب أو مشغول؛ لم تُستلم بالتأكيد."),
        ["NOT_LET_IN"] = new("Our key or password was refused; surely not taken.", "رُفض مفتاحنا أو كلمة مرورنا؛ لم تُستلم بالتأكيد."),
        ["NO_ANSWER"] = new("Handed over, and no answer came: it may have arrived.", "سُلّمت ولم يأتِ جواب: ربما وصلت."),
        ["WORKER_STOPPED"] = new("The worker stopped in the middle: it may have arrived.", "توقف العامل في المنتصف: ربما وصلت."),
        ["NOT_DELIVERED"] = new("The carrier did not deliver it.", "لم تسلّمها شركة الاتصالات."),
        ["DEVICE_GONE"] = new("The device is not registered any more.", "لم يعد الجهاز مسجلًا."),
        ["NUMBER_UNREACHABLE"] = new("The phone could not be reached.", "تعذر الوصول إلى الهاتف."),
        ["RECIPIENT_OPTED_OUT"] = new("Its person answered STOP.", "ردّ صاحبها بالإيقاف."),
    };
}
