using Guildhall.Foundation;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Forms;
using Guildhall.Web.Components.Text;
using NodaTime;

namespace Guildhall.Web.Components.Design;

/// <summary>Invented data for the design pages.</summary>
internal static class Sample
{
    internal sealed record Payment(string Id, string Customer, string Service, string State, Amount Amount, DateTimeOffset At);

    internal static readonly string[] Days = ["1 Jun", "2 Jun", "3 Jun", "4 Jun", "5 Jun", "6 Jun", "7 Jun", "8 Jun", "9 Jun", "10 Jun", "11 Jun", "12 Jun"];

    internal static readonly long[] Settled = [12, 15, 11, 19, 24, 22, 18, 26, 31, 28, 35, 33];

    internal static readonly long[] Failed = [1, 2, 1, 3, 2, 4, 1, 2, 3, 2, 2, 1];

    internal static readonly long[] Waiting = [2, 1, 3, 2, 4, 3, 2, 2, 5, 3, 4, 6];

    internal static readonly long[] Escrow = [310_500, 342_000, 338_250, 401_000, 455_750, 462_000, 430_500, 498_000, 551_250, 540_000, 612_500, 648_750];

    internal static IReadOnlyList<Payment> Payments(DateTimeOffset now) =>
    [
        new("pay_01J9X4K2", "Layla Al-Sabah", "Tax advice, 60 minutes", "captured", new(12_500, Currency.Of("KWD")), now.AddMinutes(-4)),
        new("pay_01J9X3RT", "Arjun Mehta", "Air conditioner service", "unknown", new(249_900, Currency.Of("INR")), now.AddMinutes(-11)),
        new("pay_01J9X2ZQ", "Aoife Brennan", "Contract review", "requires_action", new(9_000, Currency.Of("USD")), now.AddMinutes(-26)),
        new("pay_01J9WZ81", "Daniel Ortiz", "Boiler repair", "failed", new(14_500, Currency.Of("USD")), now.AddHours(-2)),
        new("pay_01J9WXA0", "مريم العنزي", "استشارة قانونية", "partially_refunded", new(25_000, Currency.Of("KWD")), now.AddHours(-5)),
        new("pay_01J9WT5M", "Yuki Tanaka", "Piano lesson", "disputed", new(8_000, Currency.Of("JPY")), now.AddDays(-1)),
    ];

    internal static IReadOnlyList<TimelineEntry> History(DateTimeOffset now) =>
    [
        new(now.AddMinutes(-2), "Booking confirmed, chat opened", "Guildhall", null, "check", Tone.Good),
        new(now.AddMinutes(-2), "Stripe says: captured 12.500 KWD", "Webhook evt_1Qx8", "Amount and currency match the order.", "card", Tone.Good),
        new(now.AddMinutes(-3), "Stripe did not answer in time", "Guildhall", "Asked again by our own reference; nobody is charged twice.", "question", Tone.Warn),
        new(now.AddMinutes(-4), "Sent to the payment page", "Layla Al-Sabah", null, "arrow", Tone.Accent),
        new(now.AddMinutes(-5), "Order opened", "Layla Al-Sabah"),
    ];

    internal static IReadOnlyList<TimelineEntry> Path(DateTimeOffset now) =>
    [
        new(now.AddMinutes(-3), "You paid", null, null, "check", Tone.Good),
        new(now.AddMinutes(-3), "We hold it", null, "Nobody can touch it before the session.", "shield", Tone.Accent),
        new(now.AddDays(2), "Omar is paid when the work is done", null, null, "clock"),
    ];

    internal static IReadOnlyList<SlotDay> Week(LocalDate first) =>
    [
        .. Enumerable.Range(0, 7).Select(i => new SlotDay(first.PlusDays(i), Times(i))),
    ];

    private static IReadOnlyList<SlotTime> Times(int day) => day is 2 or 5
        ? []
        : [.. ((int[])[9, 10, 11, 14, 15, 17, 18]).Where(hour => (hour + day) % 3 != 0).Select(hour => new SlotTime($"d{day}-{hour}", new(hour, day % 2 * 30)))];

    internal static readonly IReadOnlyList<AmountPart> Balance =
    [
        new("Earned from 6 completed bookings", new(93_750, Currency.Of("KWD")), "/design"),
        new("Platform fee, 12 % as agreed at each sale", new(-11_250, Currency.Of("KWD"))),
        new("Withdrawn on 2 June", new(-50_000, Currency.Of("KWD")), "/design"),
        new("Refund after completion, booking 4F2", new(-2_000, Currency.Of("KWD"))),
    ];
}
