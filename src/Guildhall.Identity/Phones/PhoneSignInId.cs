using Guildhall.Foundation;

namespace Guildhall.Identity.Phones;

/// <summary>An attempt to sign in by phone.</summary>
public readonly record struct PhoneSignInId(Guid Value) : IId<PhoneSignInId>
{
    public static string Prefix => "psi";
    public static PhoneSignInId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out PhoneSignInId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
