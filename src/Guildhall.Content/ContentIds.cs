using Guildhall.Foundation;

namespace Guildhall.Content;

/// <summary>One thing that is said, in all its versions.</summary>
public readonly record struct DocumentId(Guid Value) : IId<DocumentId>
{
    public static string Prefix => "doc";
    public static DocumentId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out DocumentId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One act on a document that waits for its time.</summary>
public readonly record struct ScheduleId(Guid Value) : IId<ScheduleId>
{
    public static string Prefix => "sch";
    public static ScheduleId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out ScheduleId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
