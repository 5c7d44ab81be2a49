using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Calendars;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Calendars;

/// <summary>Calendars and what keeps a time from being free, in words.</summary>
internal static class CalendarWords
{
    public static StateLook Look(ExternalCalendarView calendar) => calendar.State switch
    {
        CalendarState.Readable => new(new("Read", "مقروء"), "check", Tone.Good),
        CalendarState.Waiting => new(new("Being read", "قيد القراءة"), "clock", Tone.Accent),
        CalendarState.Failing => new(new("Cannot be read", "تعذّرت قراءته"), "alert", calendar.Withholds ? Tone.Bad : Tone.Warn),
    };

    public static Phrase? Trouble(ExternalCalendarView calendar) => calendar.Failure is { } failure ? Trouble(failure) : null;

    private static Phrase Trouble(CalendarFailure failure) => failure switch
    {
        CalendarFailure.Unreachable => new("Its address does not answer. We ask again by ourselves.", "لا يجيب عنوانه. نسأل من جديد تلقائيًا."),
        CalendarFailure.AnsweredNo => new("Its address no longer shows a calendar. Copy the address anew.", "لم يعد عنوانه يعرض تقويمًا. انسخ العنوان من جديد."),
        CalendarFailure.TooLarge => new("It is larger than 4 MB. Publish a calendar with fewer entries.", "حجمه أكبر من 4 ميغابايت. انشر تقويمًا بمواعيد أقل."),
        CalendarFailure.NotReadable => new("There is something in it that we do not understand, so none of it is used.", "فيه ما لا نفهمه، فلا نستخدم منه شيئًا."),
    };

    public static Phrase Obstacle(SlotObstacle kind) => kind switch
    {
        SlotObstacle.NotOnSale => new("The service is not on sale.", "الخدمة غير معروضة."),
        SlotObstacle.Past => new("This time has passed.", "مضى هذا الوقت."),
        SlotObstacle.Notice => new("It is too soon: the service needs notice. Earliest:", "الوقت قريب جدًا: تحتاج الخدمة إلى إشعار مسبق. الأبكر:"),
        SlotObstacle.Horizon => new("It is too far away: bookings open until", "الوقت بعيد جدًا: يُفتح الحجز حتى"),
        SlotObstacle.Closed => new("An exception of yours closes this date or changes its hours:", "استثناء لديك يغلق هذا اليوم أو يغيّر ساعاته:"),
        SlotObstacle.OutsideHours => new("You do not work then. Hours of that day:", "لا تعمل في ذلك الوقت. ساعات ذلك اليوم:"),
        SlotObstacle.TooLong => new("The session would outlast your hours:", "ستتجاوز الجلسة ساعات عملك:"),
        SlotObstacle.OffGrid => new("Sessions begin on the half hour, counted from the beginning of your hours:", "تبدأ الجلسات كل نصف ساعة من بداية ساعات عملك:"),
        SlotObstacle.Taken => new("It is taken.", "الوقت محجوز."),
        SlotObstacle.Booked => new("It is booked:", "محجوز:"),
        SlotObstacle.Held => new("A customer is paying for it right now:", "عميل يدفع ثمنه الآن:"),
        SlotObstacle.Buffer => new("The time after a session is kept free, yours or the next one:", "يُترك وقت بعد كل جلسة، هذه أو التي تليها:"),
        SlotObstacle.Travel => new("There is no time for the way from the visit before or to the one after.", "لا وقت للطريق من الزيارة السابقة أو إلى التالية."),
        SlotObstacle.Calendar => new("You are busy by your calendar", "أنت مشغول بحسب تقويمك"),
        SlotObstacle.CalendarUnknown => new("A calendar of yours cannot be read, so no time is offered:", "تعذّرت قراءة تقويم لديك فلا يُعرض أي وقت:"),
    };
}
