using System.Globalization;
using Guildhall.Marketplace.Availability;
using Guildhall.Web.Components.Forms;
using NodaTime;

namespace Guildhall.Web.Pages.Market;

/// <summary>Free slots as the picker takes them, week by week.</summary>
internal static class SlotDays
{
    public const int Week = 7;

    public static IReadOnlyList<SlotDay> Of(ListSlots.View view, DateTimeZone zone) =>
        [.. view.Days.Select(day => new SlotDay(LocalDate.FromDateOnly(day.Date), [.. day.Slots.Select(slot => At(slot, zone))]))];

    /// <summary>Where the weeks before and after stand, as far as there are any.</summary>
    public static (string? Earlier, string? Later) Weeks(LocalDate first, LocalDate today, LocalDate last, Func<LocalDate, string> href) =>
        (first > today ? href(LocalDate.Max(today, first.PlusDays(-Week))) : null, first.PlusDays(Week) <= last ? href(first.PlusDays(Week)) : null);

    private static SlotTime At(ListSlots.Slot slot, DateTimeZone zone) =>
        new(slot.Start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), Instant.FromDateTimeOffset(slot.Start).InZone(zone).TimeOfDay);
}
