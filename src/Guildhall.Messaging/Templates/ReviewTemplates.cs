using Guildhall.Messaging.Preferences;

namespace Guildhall.Messaging.Templates;

/// <summary>What people are told about reviews. None of it says whether the other side has written one that is still blind.</summary>
internal static class ReviewTemplates
{
    public static IReadOnlyList<Template> All { get; } =
    [
        new("review_reminder", MessageCategory.Bookings, ["service", "until", "link"],
            new("How was it? {service}", ["Hello {name}, tell others how {service} was. It takes a minute.", "You can until {until}. Neither side sees what the other wrote before both have, or the time is over."], "Write a review"),
            new("كيف كان؟ {service}", ["مرحبًا {name}، أخبر الآخرين كيف كان {service}. لن يستغرق ذلك سوى دقيقة.", "يمكنك ذلك حتى {until}. لا يرى أي طرف ما كتبه الآخر قبل أن يكتب كلاكما أو ينتهي الوقت."], "كتابة تقييم")),
        new("reviews_published", MessageCategory.Bookings, ["service", "until", "link"],
            new("The reviews are there: {service}", ["Hello {name}, what was written about {service} is published now."], "Read it"),
            new("نُشرت التقييمات: {service}", ["مرحبًا {name}، نُشر الآن ما كُتب عن {service}."], "قراءة")),
        new("review_hidden", MessageCategory.Bookings, ["service", "reason", "link"],
            new("Your review was hidden: {service}", ["Hello {name}, our staff hid your review of {service}. It is not shown and does not count.", "Reason: {reason}"], "See the booking"),
            new("أُخفي تقييمك: {service}", ["مرحبًا {name}، أخفى فريقنا تقييمك لـ {service}. لا يُعرض ولا يُحتسب.", "السبب: {reason}"], "عرض الحجز")),
        new("review_hidden_words", MessageCategory.Bookings, ["service", "reason", "link"],
            new("The words of your review were hidden: {service}", ["Hello {name}, our staff hid the words of your review of {service}. Its stars are shown and count.", "Reason: {reason}"], "See the booking"),
            new("أُخفي نص تقييمك: {service}", ["مرحبًا {name}، أخفى فريقنا نص تقييمك لـ {service}. تبقى النجوم معروضة ومحتسبة.", "السبب: {reason}"], "عرض الحجز")),
    ];
}
