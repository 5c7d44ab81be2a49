using Guildhall.Messaging.Preferences;

namespace Guildhall.Messaging.Templates;

/// <summary>What people are told about a booking between its payment and its end.</summary>
internal static class BookingTemplates
{
    public static IReadOnlyList<Template> All { get; } =
    [
        new("booking_moved_confirmed", MessageCategory.Bookings, ["service", "before", "when", "link"],
            new("New time: {service}", ["Hello {name}, you moved {service}.", "New time: {when}", "Before: {before}"], "See the booking"),
            new("موعد جديد: {service}", ["مرحبًا {name}، نقلت موعد {service}.", "الموعد الجديد: {when}", "السابق: {before}"], "عرض الحجز")),
        new("booking_moved_by_provider", MessageCategory.Bookings, ["service", "before", "when", "reason", "link"],
            new("Your booking was moved: {service}", ["Hello {name}, the provider had to move {service} from {before}.", "New time: {when}", "Reason: {reason}",
                "If it suits you, say so. If not, choose another time or cancel: everything you paid comes back."], "Answer"),
            new("نُقل حجزك: {service}", ["مرحبًا {name}، اضطر مقدّم الخدمة إلى نقل {service} من {before}.", "الموعد الجديد: {when}", "السبب: {reason}",
                "إن ناسبك فأخبرنا. وإن لم يناسبك فاختر موعدًا آخر أو ألغِ الحجز، ويعود إليك كل ما دفعت."], "الرد")),
        new("booking_moved_by_customer", MessageCategory.Bookings, ["service", "before", "when", "reason", "link"],
            new("A booking was moved: {service}", ["Hello {name}, the customer moved {service} from {before}.", "New time: {when}", "Reason: {reason}"], "See the booking"),
            new("نُقل حجز: {service}", ["مرحبًا {name}، نقل العميل {service} من {before}.", "الموعد الجديد: {when}", "السبب: {reason}"], "عرض الحجز")),
        new("booking_move_agreed", MessageCategory.Bookings, ["service", "when", "link"],
            new("The new time suits: {service}", ["Hello {name}, the customer agrees to the new time of {service}.", "When: {when}"], "See the booking"),
            new("الموعد الجديد مناسب: {service}", ["مرحبًا {name}، وافق العميل على الموعد الجديد لـ {service}.", "الموعد: {when}"], "عرض الحجز")),
        new("booking_reminder_day", MessageCategory.Bookings, ["service", "when", "link"],
            new("Tomorrow: {service}", ["Hello {name}, a reminder of {service}.", "When: {when}", "If you cannot come, move or cancel it now."], "See the booking"),
            new("غدًا: {service}", ["مرحبًا {name}، تذكير بموعد {service}.", "الموعد: {when}", "إن تعذر عليك الحضور فانقله أو ألغه الآن."], "عرض الحجز")),
        new("booking_reminder_soon", MessageCategory.Bookings, ["service", "when", "link"],
            new("In two hours: {service}", ["Hello {name}, {service} begins soon.", "When: {when}"], "See the booking"),
            new("بعد ساعتين: {service}", ["مرحبًا {name}، يبدأ {service} قريبًا.", "الموعد: {when}"], "عرض الحجز"), IsUrgent: true),
        new("absence_reported", MessageCategory.Payments, ["service", "when", "until", "link"],
            new("Were you there? {service}", ["Hello {name}, the other side of {service} on {when} says that you did not come.",
                "If you did, say so by {until}: then our staff look at it and nothing is charged meanwhile. If you say nothing, it is settled by the terms of the booking."], "Answer"),
            new("هل كنت حاضرًا؟ {service}", ["مرحبًا {name}، يقول الطرف الآخر في {service} بتاريخ {when} إنك لم تحضر.",
                "إن كنت حاضرًا فقل ذلك قبل {until}: حينها ينظر فريقنا في الأمر ولا يُخصم شيء في هذه الأثناء. وإن لم تجب يُسوّى بحسب شروط الحجز."], "الرد")),
        new("absence_contested", MessageCategory.Payments, ["service", "when", "link"],
            new("We look at it: {service}", ["Hello {name}, about {service} on {when} the two of you say different things. Our staff look at it and write to you. Nothing is charged meanwhile."], "See the booking"),
            new("ننظر في الأمر: {service}", ["مرحبًا {name}، تختلف روايتا الطرفين حول {service} بتاريخ {when}. ينظر فريقنا في الأمر ويكتب إليك، ولا يُخصم شيء في هذه الأثناء."], "عرض الحجز")),
        new("absence_contested_staff", MessageCategory.Work, ["service", "link"],
            new("Who did not come? {service}", ["Hello {name}, customer and provider of {service} say different things about who came. Somebody has to decide."], "Decide"),
            new("من لم يحضر؟ {service}", ["مرحبًا {name}، يختلف العميل ومقدّم الخدمة في {service} حول من حضر. يجب أن يقرر أحد."], "اتخاذ القرار")),
        new("absence_settled_kept", MessageCategory.Payments, ["service", "when", "link"],
            new("Decided: {service}", ["Hello {name}, our staff looked at {service} on {when}. The booking stands as it was."], "See the booking"),
            new("تقرر: {service}", ["مرحبًا {name}، نظر فريقنا في {service} بتاريخ {when}. يبقى الحجز كما كان."], "عرض الحجز")),
        new("absence_settled_back", MessageCategory.Payments, ["service", "when", "link"],
            new("Decided: {service}", ["Hello {name}, our staff looked at {service} on {when}. The customer gets everything back."], "See the booking"),
            new("تقرر: {service}", ["مرحبًا {name}، نظر فريقنا في {service} بتاريخ {when}. يسترد العميل كل شيء."], "عرض الحجز")),
    ];
}
