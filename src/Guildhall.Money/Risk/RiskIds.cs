using Guildhall.Foundation;

namespace Guildhall.Money.Risk;

/// <summary>Id of a risk decision, <c>rsk_…</c>.</summary>
public readonly record struct RiskDecisionId(Guid Value) : IId<RiskDecisionId>
{
    public static string Prefix => "rsk";
    public static RiskDecisionId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out RiskDecisionId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of an entry of the block list, <c>blk_…</c>.</summary>
public readonly record struct RiskBlockId(Guid Value) : IId<RiskBlockId>
{
    public static string Prefix => "blk";
    public static RiskBlockId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out RiskBlockId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
