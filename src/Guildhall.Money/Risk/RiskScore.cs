using Guildhall.Foundation;

namespace Guildhall.Money.Risk;

/// <summary>allow: the gateway is asked; review: a person looks first; block: the payment is refused.</summary>
public enum RiskOutcome { Allow, Review, Block }

/// <summary>All that a score is made of. What is not known is null and counts for nothing.</summary>
/// <param name="CustomerPaid">Payments of the customer that were captured, among the latest 200 orders.</param>
/// <param name="LargestPaidMinor">The largest of them in this currency.</param>
/// <param name="AddressStartedHour">Attempts from the same public address; null for an address that is not public or not known.</param>
/// <param name="Country">Of the address; null while nothing tells it.</param>
/// <param name="Blocked">Kinds of the blocks that are met.</param>
public sealed record RiskInputs(Amount Amount, long CustomerStartedHour, long CustomerFailedDay, long CustomerPaid, long? LargestPaidMinor, long ProviderStartedHour,
    long? AddressStartedHour, long? AccountAgeHours, string? MailDomain, string? Country, string[] Blocked);

/// <summary>One reason with its points; <c>Says</c> has the figures.</summary>
public sealed record RiskReason(string Code, int Points, string Says);

public sealed record RiskVerdict(int Score, RiskOutcome Outcome, IReadOnlyList<RiskReason> Reasons);

/// <summary>The formula: no clock, no database, no chance, so that a decision can be made again from what was kept.</summary>
public static class RiskScore
{
    /// <summary>Goes up when the formula changes; a decision of another version is shown, not recomputed.</summary>
    public const int Version = 1;

    public static RiskVerdict Of(RiskInputs seen, RiskRules rules)
    {
        var reasons = new List<RiskReason>();
        foreach (var kind in seen.Blocked) reasons.Add(new("blocked_" + kind, rules.BlockFrom, $"On the block list by {kind}."));
        Add(seen.CustomerStartedHour >= rules.CustomerPerHour, "customer_velocity", rules.CustomerPoints, $"{seen.CustomerStartedHour} attempts of this customer in an hour.");
        Add(seen.AddressStartedHour >= rules.AddressPerHour, "address_velocity", rules.AddressPoints, $"{seen.AddressStartedHour} attempts from this address in an hour.");
        Add(seen.ProviderStartedHour >= rules.ProviderPerHour, "provider_velocity", rules.ProviderPoints, $"{seen.ProviderStartedHour} attempts for this provider in an hour.");
        Add(seen.CustomerFailedDay >= rules.FailedPerDay, "failed_attempts", rules.FailedPoints, $"{seen.CustomerFailedDay} refused attempts in a day.");
        Add(seen.AccountAgeHours < rules.NewAccountHours, "new_account", rules.NewAccountPoints, $"The account is {seen.AccountAgeHours} hours old.");
        Add(seen.CustomerPaid == 0, "first_purchase", rules.FirstPurchasePoints, "Nothing was paid before.");
        Add(rules.Large.TryGetValue(seen.Amount.Currency.Code, out var large) && seen.Amount.Minor >= large, "large_amount", rules.LargePoints, $"{seen.Amount} is a large amount.");
        Add(seen.LargestPaidMinor is { } most && most > 0 && seen.Amount.Minor / most >= rules.TimesLargest, "unusual_amount", rules.TimesLargestPoints,
            $"{seen.Amount} is {(seen.LargestPaidMinor is > 0 and var m ? seen.Amount.Minor / m : 0)} times the largest paid before.");
        Add(seen.MailDomain is { } domain && rules.MailDomains.Contains(domain, StringComparer.Ordinal), "throwaway_mail", rules.MailPoints, $"Addresses at {seen.MailDomain} last a minute.");

        var score = reasons.Sum(r => r.Points);
        return new RiskVerdict(score, score >= rules.BlockFrom ? RiskOutcome.Block : score >= rules.ReviewFrom ? RiskOutcome.Review : RiskOutcome.Allow, reasons);

        void Add(bool holds, string code, int points, string says)
        {
            if (holds && points > 0) reasons.Add(new(code, points, says));
        }
    }
}
