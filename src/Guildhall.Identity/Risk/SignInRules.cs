namespace Guildhall.Identity.Risk;

/// <summary>The rules of the sign-in score, a setting: points of each reason, and from how many a code by e-mail is asked or the sign-in held. Kept with every decision.
/// Counts of accounts are of failed sign-ins within an hour, over all accounts within ten minutes.</summary>
/// <param name="AskFrom">From this score on a code by e-mail is asked, or the second factor where the account has one.</param>
/// <param name="HoldFrom">From this score on the sign-in is held, and so is every other from a device that is not known.</param>
/// <param name="HoldMinutes">How long, unless the owner chooses a new password before.</param>
/// <param name="TravelKmPerHour">Nobody travels faster.</param>
/// <param name="TravelMinKm">Shorter ways are not judged: places of addresses are inexact.</param>
/// <param name="ConcurrentMinutes">A session used in another country within so many minutes is used at the same time.</param>
/// <param name="GuessedPoints">Too many wrong passwords for this account.</param>
/// <param name="AddressAccounts">Accounts failed at from this address, IPv6: its /64.</param>
/// <param name="NetworkAccounts">The same from its /24, IPv6: /48.</param>
/// <param name="PasswordAccounts">Accounts on which this very password failed, from anywhere.</param>
/// <param name="GlobalAccounts">Accounts failed at from anywhere.</param>
/// <param name="ListedPoints">The address stands in a list of the operator.</param>
public sealed record SignInRules(int AskFrom, int HoldFrom, int HoldMinutes, int NewDevicePoints, int NewCountryPoints, int TravelKmPerHour, int TravelMinKm, int TravelPoints,
    int ConcurrentMinutes, int ConcurrentPoints, int GuessedPoints, int AddressAccounts, int AddressPoints, int NetworkAccounts, int NetworkPoints,
    int PasswordAccounts, int PasswordPoints, int GlobalAccounts, int GlobalPoints, int ListedPoints)
{
    public static SignInRules Default { get; } = new(
        AskFrom: 50, HoldFrom: 100, HoldMinutes: 60, NewDevicePoints: 10, NewCountryPoints: 30, TravelKmPerHour: 900, TravelMinKm: 500, TravelPoints: 50,
        ConcurrentMinutes: 30, ConcurrentPoints: 20, GuessedPoints: 50, AddressAccounts: 10, AddressPoints: 50, NetworkAccounts: 50, NetworkPoints: 40,
        PasswordAccounts: 10, PasswordPoints: 50, GlobalAccounts: 300, GlobalPoints: 50, ListedPoints: 30);

    /// <summary>With counts of accounts multiplied, for load drills.</summary>
    internal SignInRules Times(int factor) => factor == 1 ? this
        : this with { AddressAccounts = AddressAccounts * factor, NetworkAccounts = NetworkAccounts * factor, PasswordAccounts = PasswordAccounts * factor, GlobalAccounts = GlobalAccounts * factor };

    internal static string? Objection(SignInRules rules)
    {
        int[] points = [rules.NewDevicePoints, rules.NewCountryPoints, rules.TravelPoints, rules.ConcurrentPoints, rules.GuessedPoints, rules.AddressPoints, rules.NetworkPoints, rules.PasswordPoints, rules.GlobalPoints, rules.ListedPoints];
        int[] counts = [rules.AddressAccounts, rules.NetworkAccounts, rules.PasswordAccounts, rules.GlobalAccounts];
        if (rules.AskFrom is < 1 or > 1000 || rules.HoldFrom <= rules.AskFrom || rules.HoldFrom > 1001) return "A code is asked from 1 to 1000 points; a sign-in is held from more than that, 1001 at most.";
        if (points.Any(p => p is < 0 or > 1000)) return "Each reason has 0 to 1000 points.";
        if (rules.GuessedPoints < rules.AskFrom) return "After too many wrong passwords a code has to be asked: those points may not be fewer than the asking begins at.";
        if (counts.Any(c => c is < 2 or > 2000)) return "Each count of accounts is between 2 and 2000.";
        if (rules.HoldMinutes is < 5 or > 1440) return "A sign-in is held for 5 to 1440 minutes.";
        if (rules.TravelKmPerHour is < 100 or > 10_000 || rules.TravelMinKm is < 50 or > 20_000) return "Travel is judged above 100 to 10,000 km an hour, over at least 50 to 20,000 km.";
        return rules.ConcurrentMinutes is < 1 or > 1440 ? "Countries are used at the same time within 1 to 1440 minutes." : null;
    }
}
