using Guildhall.Foundation;

namespace Guildhall.Money;

/// <summary>Id of a dispute, <c>dsp_…</c>.</summary>
public readonly record struct DisputeId(Guid Value) : IId<DisputeId>
{
    public static string Prefix => "dsp";
    public static DisputeId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out DisputeId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of an answer to a dispute, <c>evd_…</c>.</summary>
public readonly record struct EvidenceId(Guid Value) : IId<EvidenceId>
{
    public static string Prefix => "evd";
    public static EvidenceId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out EvidenceId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a hold on an order, <c>hld_…</c>.</summary>
public readonly record struct HoldId(Guid Value) : IId<HoldId>
{
    public static string Prefix => "hld";
    public static HoldId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out HoldId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a part of a release that is kept back, <c>rsv_…</c>.</summary>
public readonly record struct ReserveId(Guid Value) : IId<ReserveId>
{
    public static string Prefix => "rsv";
    public static ReserveId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ReserveId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
