using Guildhall.Foundation.Settings;
using Guildhall.Identity.Risk;

namespace Guildhall.Identity;

/// <summary>Business knobs of this module.</summary>
public static class IdentitySettings
{
    public static readonly Setting<SignInRules> SignInRules = new("identity.sign_in_risk_rules",
        "Points of a suspicious sign-in, from how many a code is asked and from how many it is held. A decision keeps the rules of its time.", "", Risk.SignInRules.Default, Risk.SignInRules.Objection);
}
