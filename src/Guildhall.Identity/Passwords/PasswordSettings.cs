using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;

namespace Guildhall.Identity.Passwords;

/// <summary>Business knobs of passwords.</summary>
public static class PasswordSettings
{
    /// <summary>Why the knob below should stay at 0.</summary>
    public const string Deviation = "Passwords that have to be changed by the calendar go against ASVS 6.2.10 and NIST SP 800-63B: people choose weaker ones. Set identity.password_days to 0 unless a contract asks for it.";

    public static readonly Setting<int> Days = new("identity.password_days",
        "After how many days a password has to be changed at the next sign-in; 0 is never. Anything but 0 goes against ASVS 6.2.10 and NIST SP 800-63B.", "days", 0,
        value => value is 0 or (>= 30 and <= 730) ? null : "0, or between 30 and 730 days.")
    { Note = value => value == 0 ? null : Deviation };

    /// <summary>The days in force.</summary>
    public static Task<int> DaysInForce(Database database, CancellationToken stop) => database.Setting(Days, stop);
}
