using NodaTime;

namespace Guildhall.Web.Components.Forms;

/// <summary>A day in the reader's zone with its free starts. <c>Value</c> is what the form sends for a start.</summary>
public sealed record SlotDay(LocalDate Date, IReadOnlyList<SlotTime> Times);

/// <summary>One free start.</summary>
public sealed record SlotTime(string Value, LocalTime Starts);
