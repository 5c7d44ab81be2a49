using Guildhall.Foundation;

namespace Guildhall.Messaging;

/// <summary>One entry of a person's inbox.</summary>
public readonly record struct NoticeId(Guid Value) : IId<NoticeId>
{
    public static string Prefix => "ntc";
    public static NoticeId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out NoticeId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One message to one person over one channel.</summary>
public readonly record struct DeliveryId(Guid Value) : IId<DeliveryId>
{
    public static string Prefix => "dlv";
    public static DeliveryId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out DeliveryId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>An account, as whoever owns accounts writes its id.</summary>
internal readonly record struct PersonId(Guid Value) : IId<PersonId>
{
    public static string Prefix => "acc";
    public static PersonId From(Guid value) => new(value);
    public override string ToString() => Id.Format(this);
}

/// <summary>One address that nothing is sent to.</summary>
public readonly record struct SuppressionId(Guid Value) : IId<SuppressionId>
{
    public static string Prefix => "sup";
    public static SuppressionId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out SuppressionId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
