namespace Guildhall.Sandbox.Calendars;

/// <summary>Of a calendar: fails; answers with a page; ends in the middle; leads inside; never ends; trickles.</summary>
internal enum CalendarFault { None, Down, Garbage, CutOff, Redirect, Huge, Slow }

/// <summary>A calendar that some other company keeps for a provider.</summary>
internal sealed record StoredCalendar(string Name, string Text, CalendarFault Fault);
