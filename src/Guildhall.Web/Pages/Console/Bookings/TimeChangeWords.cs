using Guildhall.Marketplace.Bookings;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Bookings;

/// <summary>What became of a booking whose zone has new rules, in the words of the staff.</summary>
internal static class TimeChangeWords
{
    public static StateLook Look(TimeChangeOutcome outcome) => outcome switch
    {
        TimeChangeOutcome.Kept => new(new("Moved with the clock", "نُقل مع الساعة"), "check", Tone.Good),
        TimeChangeOutcome.Taken => new(new("Left: the time is taken", "تُرك: الوقت محجوز"), "alert", Tone.Bad),
        TimeChangeOutcome.Skipped => new(new("Left: the clocks skip it", "تُرك: تتخطاه الساعات"), "alert", Tone.Bad),
    };
}
