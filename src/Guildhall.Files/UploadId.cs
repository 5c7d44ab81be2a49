using Guildhall.Foundation;

namespace Guildhall.Files;

/// <summary>One file that somebody put in.</summary>
public readonly record struct UploadId(Guid Value) : IId<UploadId>
{
    public static string Prefix => "upl";
    public static UploadId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out UploadId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
