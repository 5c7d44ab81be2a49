using Guildhall.Messaging.Preferences;

namespace Guildhall.Messaging.Templates;

/// <summary>What people are told about reports out of chats, and about calls.</summary>
internal static class TalkTemplates
{
    public static IReadOnlyList<Template> All { get; } =
    [
        new("talk_reported_staff", MessageCategory.Work, ["link"],
            new("Somebody was reported in a chat", ["Hello {name}, one side of a chat reports the other. Somebody has to decide."], "Decide"),
            new("بلاغ من محادثة", ["مرحبًا {name}، أبلغ أحد طرفي محادثة عن الآخر. يجب أن يقرر أحد."], "اتخاذ القرار")),
        new("talk_report_acted", MessageCategory.Bookings, ["link"],
            new("We acted on your report", ["Hello {name}, our staff looked at what you reported and did something about it. What exactly is between us and the other side. Thank you for telling us."], "See the chat"),
            new("اتخذنا إجراءً بشأن بلاغك", ["مرحبًا {name}، نظر فريقنا فيما أبلغت عنه واتخذ إجراءً. وتفاصيله بيننا وبين الطرف الآخر. شكرًا لإبلاغنا."], "عرض المحادثة")),
        new("talk_report_nothing", MessageCategory.Bookings, ["why", "link"],
            new("We looked at your report", ["Hello {name}, our staff looked at what you reported and found nothing against our rules.", "Reason: {why}", "You can block the other side at any time."], "See the chat"),
            new("نظرنا في بلاغك", ["مرحبًا {name}، نظر فريقنا فيما أبلغت عنه ولم يجد فيه ما يخالف قواعدنا.", "السبب: {why}", "يمكنك حظر الطرف الآخر في أي وقت."], "عرض المحادثة")),
        new("talk_warned", MessageCategory.Bookings, ["why", "link"],
            new("A warning about what you wrote", ["Hello {name}, what you wrote in a chat is against our rules. This is a warning.", "Reason: {why}"], "See the chat"),
            new("تحذير بشأن ما كتبته", ["مرحبًا {name}، ما كتبته في محادثة يخالف قواعدنا. هذا تحذير.", "السبب: {why}"], "عرض المحادثة")),
        new("talk_chat_closed", MessageCategory.Bookings, ["why", "link"],
            new("A chat was closed by our staff", ["Hello {name}, our staff closed a chat because of what you wrote in it. The booking goes on.", "Reason: {why}"], "See the chat"),
            new("أغلق فريقنا محادثة", ["مرحبًا {name}، أغلق فريقنا محادثة بسبب ما كتبته فيها. يستمر الحجز كما هو.", "السبب: {why}"], "عرض المحادثة")),
        new("talk_suspended", MessageCategory.Bookings, ["why", "link"],
            new("You can take no new bookings for now", ["Hello {name}, because of what you wrote in a chat your services cannot be booked for now. Bookings that are paid go on.", "Reason: {why}"], "See the chat"),
            new("لا يمكنك تلقي حجوزات جديدة حاليًا", ["مرحبًا {name}، بسبب ما كتبته في محادثة لا يمكن حجز خدماتك حاليًا. تستمر الحجوزات المدفوعة.", "السبب: {why}"], "عرض المحادثة")),
        new("call_missed", MessageCategory.Bookings, ["link"],
            new("You missed a call", ["Hello {name}, the other side of your booking has just called you. Call back from the page of your booking."], "Call back"),
            new("فاتتك مكالمة", ["مرحبًا {name}، اتصل بك الطرف الآخر في حجزك قبل قليل. يمكنك الاتصال به من صفحة حجزك."], "معاودة الاتصال"), IsUrgent: true),
        new("provider_resumed", MessageCategory.Bookings, ["why", "link"],
            new("Your services can be booked again", ["Hello {name}, your services can be booked again.", "Reason: {why}"], "Open the desk"),
            new("يمكن حجز خدماتك من جديد", ["مرحبًا {name}، يمكن حجز خدماتك من جديد.", "السبب: {why}"], "فتح المكتب")),
    ];
}
