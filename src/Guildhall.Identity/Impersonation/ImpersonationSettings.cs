using Guildhall.Foundation.Settings;

namespace Guildhall.Identity.Impersonation;

/// <summary>Business knobs of looking as somebody else.</summary>
public static class ImpersonationSettings
{
    public static readonly Setting<bool> TellThePerson = new("identity.tell_of_impersonation",
        "Whether people are told by mail, afterwards, that staff looked at the product as them.", "true or false", true, _ => null);
}
