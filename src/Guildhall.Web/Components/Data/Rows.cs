using Guildhall.Foundation;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Components.Data;

/// <summary>One step of the way back up.</summary>
public sealed record Crumb(string Text, string Href);

/// <summary>One tab: a link that keeps the rest of the address.</summary>
public sealed record Tab(string Text, string Href, bool Current, int? Count = null);

/// <summary>One thing that happened: icon, tone, what, who, when and, if it helps, why.</summary>
public sealed record TimelineEntry(DateTimeOffset At, string What, string? Who = null, string? Why = null, string Icon = "dot", Tone Tone = Tone.Neutral);

/// <summary>One field of a change; null means there was nothing.</summary>
public sealed record DiffRow(string Field, string? Before, string? After);

/// <summary>One part of a figure; the parts add up to it.</summary>
public sealed record AmountPart(string Label, Amount Value, string? Href = null);
