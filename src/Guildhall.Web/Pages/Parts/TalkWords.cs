using Guildhall.Marketplace.Moderation;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Parts;

/// <summary>Reports out of chats in words.</summary>
internal static class TalkWords
{
    public static Phrase Of(ReportReason reason) => reason switch
    {
        ReportReason.Harassment => new("Insult, threat or harassment", "إهانة أو تهديد أو مضايقة"),
        ReportReason.OutsidePayment => new("Wants to be paid outside", "يطلب الدفع خارج المنصة"),
        ReportReason.Fraud => new("Deceit", "احتيال"),
        ReportReason.Spam => new("Advertising", "إعلانات"),
        _ => new("Something else", "شيء آخر"),
    };

    public static Phrase Of(ReportOutcome outcome) => outcome switch
    {
        ReportOutcome.Nothing => new("Nothing was done", "لم يُتخذ إجراء"),
        ReportOutcome.Warned => new("Warned", "تحذير"),
        ReportOutcome.ChatClosed => new("Chat closed", "أُغلقت المحادثة"),
        _ => new("Sells nothing new", "أُوقفت الحجوزات الجديدة"),
    };
}
