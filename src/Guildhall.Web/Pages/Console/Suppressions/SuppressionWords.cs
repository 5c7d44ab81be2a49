using Guildhall.Messaging.Suppressions;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Suppressions;

/// <summary>Suppressed addresses in the words of the staff.</summary>
internal static class SuppressionWords
{
    public static Phrase Channel(string channel) => channel is "sms" ? new("Text messages", "الرسائل النصية") : new("E-mail", "البريد الإلكتروني");

    public static StateLook Look(SuppressionReason reason) => reason switch
    {
        SuppressionReason.Bounced => new(new("Came back for good", "عاد نهائيًا"), "x", Tone.Bad),
        SuppressionReason.Refused => new(new("Refused by its server", "رفضه خادمه"), "x", Tone.Bad),
        SuppressionReason.Dropped => new(new("On the mail service's list", "في قائمة خدمة البريد"), "lock", Tone.Bad),
        SuppressionReason.Complained => new(new("Called unwanted", "وُصف بأنه غير مرغوب"), "alert", Tone.Warn),
        SuppressionReason.Unsubscribed => new(new("Answered STOP", "ردّ بالإيقاف"), "alert", Tone.Warn),
        SuppressionReason.NumberInvalid => new(new("No such number", "رقم غير موجود"), "x", Tone.Bad),
        SuppressionReason.NotMobile => new(new("A landline", "هاتف ثابت"), "x", Tone.Bad),
    };
}
