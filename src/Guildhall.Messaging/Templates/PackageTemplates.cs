using Guildhall.Messaging.Preferences;

namespace Guildhall.Messaging.Templates;

/// <summary>What people are told about packages of sessions.</summary>
internal static class PackageTemplates
{
    public static IReadOnlyList<Template> All { get; } =
    [
        new("package_bought_customer", MessageCategory.Payments, ["service", "sessions", "amount", "until", "link"],
            new("Yours: {service}", ["Hello {name}, your payment of {amount} has arrived: {service}, {sessions} sessions.", "Book them until {until}, without another payment."], "Book a session"),
            new("أصبحت لك: {service}", ["مرحبًا {name}، وصلت دفعتك بقيمة {amount}: {service}، {sessions} جلسات.", "احجزها حتى {until} دون دفعة أخرى."], "احجز جلسة")),
        new("package_bought_provider", MessageCategory.Bookings, ["service", "sessions", "amount", "until", "link"],
            new("A package was bought: {service}", ["Hello {name}, a customer has paid {amount} for {service}, {sessions} sessions until {until}.", "Each session is paid out to you when it is completed."], "See my packages"),
            new("بيعت باقة: {service}", ["مرحبًا {name}، دفع أحد العملاء {amount} مقابل {service}، {sessions} جلسات حتى {until}.", "يصبح مبلغ كل جلسة لك عند إتمامها."], "عرض باقاتي")),
        new("package_expired", MessageCategory.Payments, ["service", "sessions", "amount", "until", "link"],
            new("Your package is over: {service}", ["Hello {name}, the time of {service} is over. Sessions that you have booked stay.", "Of unused sessions comes back: {amount}"], "See my package"),
            new("انتهت باقتك: {service}", ["مرحبًا {name}، انتهت مدة {service}. تبقى الجلسات التي حجزتها.", "يعود إليك من الجلسات غير المستخدمة: {amount}"], "عرض باقتي")),
        new("package_given_up", MessageCategory.Payments, ["service", "sessions", "amount", "until", "link"],
            new("Given up: {service}", ["Hello {name}, you have given up the unused sessions of {service}. Sessions that you have booked stay.", "Comes back to you: {amount}"], "See my package"),
            new("تم التخلي: {service}", ["مرحبًا {name}، تخليت عن الجلسات غير المستخدمة من {service}. تبقى الجلسات التي حجزتها.", "يعود إليك: {amount}"], "عرض باقتي")),
        new("booking_confirmed_package", MessageCategory.Bookings, ["service", "when", "amount", "link"],
            new("Booked: {service}", ["Hello {name}, {service} is booked with your package. There is nothing more to pay.", "When: {when}"], "See my booking"),
            new("تم الحجز: {service}", ["مرحبًا {name}، حُجز {service} من باقتك. لا شيء آخر للدفع.", "الموعد: {when}"], "عرض حجزي")),
    ];
}
