namespace Guildhall.Messaging.Templates;

/// <summary>What people are told about a booking between its payment and its end.</summary>
internal static class BookingTemplates
{
    public static IReadOnlyList<Template> All { get; } =
    [
        new("booking_moved_confirmed", ["service", "before", "when", "link"],
            new("New time: {service}", ["Hello {name}, you moved {service}.", "New time: {when}", "Before: {before}"], "See the booking"),
            new("موعد جديد: {service}", ["مرحبًا {name}، نقلت موعد {service}.", "الموعد الجديد: {when}", "السابق: {before}"], "عرض الحجز")),
        new("booking_moved_by_provider", ["service", "before", "when", "reason", "link"],
            new("Your booking was moved: {service}", ["Hello {name}, the provider had to move {service} from {before}.", "New time: {when}", "Reason: {reason}",
                "If it suits you, say so. If not, choose another time or cancel: everything you paid comes back."], "Answer"),
            new("نُقل حجزك: {service}", ["مرحبًا {name}، اضطر مقدّم الخدمة إلى نقل {service} من {before}.", "الموعد الجديد: {when}", "السبب: {reason}",
                "إن ناسبك فأخبرنا. وإن لم يناسبك فاختر موعدًا آخر أو ألغِ الحجز، ويعود إليك كل ما دفعت."], "الرد")),
        new("booking_moved_by_customer", ["service", "before", "when", "reason", "link"],
            new("A booking was moved: {service}", ["Hello {name}, the customer moved {service} from {before}.", "New time: {when}", "Reason: {reason}"], "See the booking"),
            new("نُقل حجز: {service}", ["مرحبًا {name}، نقل العميل {service} من {before}.", "الموعد الجديد: {when}", "السبب: {reason}"], "عرض الحجز")),
        new("booking_move_agreed", ["service", "when", "link"],
            new("The new time suits: {service}", ["Hello {name}, the customer agrees to the new time of {service}.", "When: {when}"], "See the booking"),
            new("الموعد الجديد مناسب: {service}", ["مرحبًا {name}، وافق العميل على الموعد الجديد لـ {service}.", "الموعد: {when}"], "عرض الحجز")),
    ];
}
