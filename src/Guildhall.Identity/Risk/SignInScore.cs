using System.Globalization;
using Guildhall.Identity.Proofs;

namespace Guildhall.Identity.Risk;

/// <summary>allow: signed in, or the second factor as always; ask: a second step even so; hold: not now, and the owner is told.</summary>
public enum SignInOutcome { Allow, Ask, Hold }

/// <summary>All that a score is made of, and nothing that says who or where. What is not known is null and counts for nothing.</summary>
/// <param name="KnownDevice">The account has signed in with this device before.</param>
/// <param name="FirstDevice">It has signed in with none before.</param>
/// <param name="NewCountry">Countries are known and this is none of them.</param>
/// <param name="KmFromLast">From where it signed in last.</param>
/// <param name="OtherCountries">Countries besides this one where its sessions are in use.</param>
/// <param name="AccountFailures">Failed sign-ins at this account in an hour.</param>
/// <param name="Lists">Lists of the operator that name the address.</param>
/// <param name="Blocked">Staff blocked the network.</param>
public sealed record SignInInputs(ProofMethod Method, bool KnownDevice, bool FirstDevice, bool NewCountry, int? KmFromLast, int? MinutesSinceLast, int OtherCountries,
    int AccountFailures, bool Guessed, int AddressAccounts, int NetworkAccounts, int PasswordAccounts, int GlobalAccounts, string[] Lists, bool Blocked);

/// <summary>One reason with its points; <c>Says</c> has the figures.</summary>
public sealed record SignInReason(string Code, int Points, string Says);

public sealed record SignInVerdict(int Score, SignInOutcome Outcome, IReadOnlyList<SignInReason> Reasons);

/// <summary>The formula: no clock, no database, no chance, so that a decision can be made again from what was kept. Only a password is judged: a passkey, a code or a link
/// that was sent proves more than any of these signs takes away. A known device is asked at most; what strangers do elsewhere is not held against it.</summary>
public static class SignInScore
{
    /// <summary>Goes up when the formula changes; a decision of another version is shown, not recomputed.</summary>
    public const int Version = 1;

    public static SignInVerdict Of(SignInInputs seen, SignInRules rules)
    {
        var reasons = new List<SignInReason>();
        Add(seen.NewCountry, "new_country", rules.NewCountryPoints, $"No sign-in from this country before.");
        Add(IsImpossible(seen, rules), "impossible_travel", rules.TravelPoints, $"{seen.KmFromLast} km from the last sign-in, {seen.MinutesSinceLast} minutes later.");
        Add(seen.OtherCountries > 0, "concurrent_countries", rules.ConcurrentPoints, $"Sessions are in use in {seen.OtherCountries} other countries.");
        if (!seen.KnownDevice)
        {
            Add(!seen.FirstDevice, "new_device", rules.NewDevicePoints, $"Not a device of this account.");
            Add(seen.Guessed, "brute_force", rules.GuessedPoints, $"Many wrong passwords for this account, {seen.AccountFailures} in the last hour.");
            Add(seen.AddressAccounts >= rules.AddressAccounts, "credential_stuffing", rules.AddressPoints, $"{seen.AddressAccounts} accounts failed from this address in an hour.");
            Add(seen.NetworkAccounts >= rules.NetworkAccounts, "network_attack", rules.NetworkPoints, $"{seen.NetworkAccounts} accounts failed from this network in an hour.");
            Add(seen.PasswordAccounts >= rules.PasswordAccounts, "password_spraying", rules.PasswordPoints, $"This password failed on {seen.PasswordAccounts} accounts in an hour.");
            Add(seen.GlobalAccounts >= rules.GlobalAccounts, "global_attack", rules.GlobalPoints, $"{seen.GlobalAccounts} accounts failed in ten minutes.");
            foreach (var list in seen.Lists) Add(true, "listed_" + list, rules.ListedPoints, $"The address stands in the list {list}.");
            Add(seen.Blocked, "blocked_network", rules.HoldFrom, $"Staff blocked this network.");
        }
        var score = reasons.Sum(r => r.Points);
        return new SignInVerdict(score, Outcome(seen, rules, score), reasons);

        void Add(bool holds, string code, int points, FormattableString says)
        {
            if (holds && points > 0) reasons.Add(new(code, points, says.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static SignInOutcome Outcome(SignInInputs seen, SignInRules rules, int score)
    {
        if (seen.Method is not ProofMethod.Password || score < rules.AskFrom) return SignInOutcome.Allow;
        return score >= rules.HoldFrom && !seen.KnownDevice ? SignInOutcome.Hold : SignInOutcome.Ask;
    }

    // Speed as a product, so that two sign-ins in one minute divide by nothing.
    private static bool IsImpossible(SignInInputs seen, SignInRules rules) =>
        seen is { KmFromLast: { } km, MinutesSinceLast: { } minutes } && km >= rules.TravelMinKm && (long)km * 60 > (long)rules.TravelKmPerHour * Math.Max(1, minutes);
}
