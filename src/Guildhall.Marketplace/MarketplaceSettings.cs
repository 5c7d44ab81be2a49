using Guildhall.Foundation;
using Guildhall.Foundation.Settings;

namespace Guildhall.Marketplace;

/// <summary>Business knobs of this module.</summary>
public static class MarketplaceSettings
{
    public static readonly Setting<int> HoldMinutes = new("marketplace.hold_minutes",
        "How long a slot is held for a customer who is paying. Open holds keep the time they were given.", "minutes", 10,
        value => value is >= 1 and <= 120 ? null : "A hold lasts between 1 and 120 minutes.");

    public static readonly Setting<int> ApprovalHours = new("marketplace.approval_hours",
        "How long a provider has to say yes to a request, where their service asks for that. Nothing can be paid meanwhile, and the slot is kept. Open requests keep the time they were given.", "hours", 24,
        value => value is >= 1 and <= 168 ? null : "Between 1 hour and 7 days.");

    public static readonly Setting<int> ApprovedPayHours = new("marketplace.approved_pay_hours",
        "How long a customer has to pay after the provider has said yes to their request; not beyond its beginning.", "hours", 12,
        value => value is >= 1 and <= 72 ? null : "Between 1 hour and 3 days.");

    public static readonly Setting<int> SeriesPayDays = new("marketplace.series_pay_days",
        "How many days before its beginning each booking of a series has to be paid, but the first, which is paid at once. Series that were booked keep their times to pay.", "days", 7,
        value => value is >= 1 and <= 60 ? null : "Between 1 and 60 days.");

    public static readonly Setting<string> HoldMoneyCurrencies = new("marketplace.hold_money_currencies",
        "Currencies, such as KWD EUR, in which a new booking only reserves the money: the slot is kept, and staff take the money or let it go. Its gateway has to be able to hold money.", "currencies", "",
        value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(code => Currency.TryParse(code, out _)) ? null : "Write currency codes with a space between them, such as KWD EUR.");

    public static readonly Setting<int> MaxOpenHolds = new("marketplace.max_open_holds",
        "How many unpaid slots one customer may hold at the same time.", "holds", 3,
        value => value is >= 1 and <= 50 ? null : "Between 1 and 50 holds.");

    public static readonly Setting<int> AbsenceGraceMinutes = new("marketplace.absence_grace_minutes",
        "How long after the start one side may say that the other did not come.", "minutes", 15,
        value => value is >= 0 and <= 240 ? null : "Between 0 and 240 minutes.");

    public static readonly Setting<int> AbsenceReportHours = new("marketplace.absence_report_hours",
        "How long after the end of a booking it may still be said that somebody did not come.", "hours", 48,
        value => value is >= 1 and <= 720 ? null : "Between 1 and 720 hours.");

    public static readonly Setting<int> AbsenceAnswerHours = new("marketplace.absence_answer_hours",
        "How long the other side may disagree before anything is charged. Reports that were made keep the time they were given.", "hours", 48,
        value => value is >= 1 and <= 720 ? null : "Between 1 and 720 hours.");
    public static readonly Setting<int> MaxOpenHoldsOfOne = new("marketplace.max_open_holds_of_one",
        "How many unpaid slots of one provider a customer may hold at the same time.", "holds", 3,
        value => value is >= 1 and <= 50 ? null : "Between 1 and 50 holds.");

    public static readonly Setting<int> MaxLapsedHolds = new("marketplace.max_lapsed_holds",
        "How many holds of a customer may end unpaid within a day before the customer has to wait. After every third the next hold lasts half as long.", "holds", 9,
        value => value is >= 1 and <= 1000 ? null : "Between 1 and 1000 holds.");

    public static readonly Setting<int> CalendarEveryMinutes = new("marketplace.calendar_every_minutes",
        "How often a provider's calendar elsewhere is looked at.", "minutes", 15,
        value => value is >= 5 and <= 1440 ? null : "Between 5 minutes and a day.");

    public static readonly Setting<int> CalendarAgeHours = new("marketplace.calendar_age_hours",
        "How old the copy of a provider's calendar elsewhere may be. After that nothing of the provider is offered until it can be read again.", "hours", 24,
        value => value is >= 1 and <= 168 ? null : "Between 1 hour and 7 days.");

    public static readonly Setting<int> ReviewDays = new("marketplace.review_days",
        "How long after a booking was completed both sides may review each other. Bookings that were completed keep the time they were given.", "days", 14,
        value => value is >= 1 and <= 90 ? null : "Between 1 and 90 days.");
}
