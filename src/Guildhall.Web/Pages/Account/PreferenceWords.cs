using Guildhall.Messaging.Preferences;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Account;

/// <summary>Kinds of messages and ways to a person, in people's words.</summary>
internal static class PreferenceWords
{
    public static Phrase Name(MessageCategory category) => category switch
    {
        MessageCategory.Security => new("Security", "الأمان"),
        MessageCategory.Payments => new("Payments and receipts", "المدفوعات والإيصالات"),
        MessageCategory.Account => new("Your account", "حسابك"),
        MessageCategory.Bookings => new("Bookings", "الحجوزات"),
        MessageCategory.Messages => new("Messages from people", "رسائل من الآخرين"),
        MessageCategory.Work => new("Waiting for you to decide", "بانتظار قرارك"),
    };

    /// <summary>What is in it, and why something of it stays on.</summary>
    public static Phrase Says(MessageCategory category) => category switch
    {
        MessageCategory.Security => new("Sign-ins, passwords, where your money goes. Always on: you would not notice somebody else in your account. By SMS only codes.",
            "تسجيل الدخول وكلمات المرور وإلى أين تذهب أموالك. دائمًا مفعّلة حتى تلاحظ أي شخص آخر في حسابك. عبر الرسائل النصية الرموز فقط."),
        MessageCategory.Payments => new("Payments, refunds, invoices, payouts. Inbox and e-mail stay on: these are your receipts.",
            "المدفوعات والمبالغ المردودة والفواتير والتحويلات. يبقى الوارد والبريد مفعّلين لأنها إيصالاتك."),
        MessageCategory.Account => new("Copies of your data, erasure, applications. Inbox and e-mail stay on: they are about your rights.",
            "نسخ بياناتك والمحو والطلبات. يبقى الوارد والبريد مفعّلين لأنها عن حقوقك."),
        MessageCategory.Bookings => new("Booked, moved, cancelled, over. The inbox stays on: a change of an appointment has to stand somewhere.",
            "حُجز أو نُقل أو أُلغي أو انتهى. يبقى الوارد مفعّلًا حتى يُسجّل أي تغيير في موعدك."),
        MessageCategory.Messages => new("When a customer or provider writes to you.", "عندما يكتب إليك عميل أو مقدّم خدمة."),
        MessageCategory.Work => new("Withdrawals, disputes and what else needs staff. Inbox and e-mail stay on: somebody waits.",
            "طلبات السحب والاعتراضات وما يحتاج إلى الفريق. يبقى الوارد والبريد مفعّلين لأن هناك من ينتظر."),
    };

    public static Phrase Name(MessageChannel channel) => channel switch
    {
        MessageChannel.Inbox => new("Inbox", "الوارد"),
        MessageChannel.Email => new("E-mail", "البريد"),
        MessageChannel.Push => new("Push", "الجهاز"),
        MessageChannel.Sms => new("SMS", "نصية"),
    };
}
