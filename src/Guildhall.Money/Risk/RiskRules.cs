namespace Guildhall.Money.Risk;

/// <summary>The rules of the score, a setting: points of each reason, and from how many a payment is checked by a person or refused. Kept with every decision.</summary>
/// <param name="ReviewFrom">From this score on a person looks first.</param>
/// <param name="BlockFrom">From this score on the payment is refused.</param>
/// <param name="ReviewHours">How long an order waits for a person.</param>
/// <param name="CustomerPerHour">Attempts of a customer in an hour that are too many.</param>
/// <param name="AddressPerHour">The same from one public address.</param>
/// <param name="ProviderPerHour">The same for one provider.</param>
/// <param name="FailedPerDay">Refused attempts of a customer in a day that are too many.</param>
/// <param name="NewAccountHours">An account younger than this is new.</param>
/// <param name="TimesLargest">An amount this many times the largest that the customer paid before stands out.</param>
/// <param name="Large">Amounts that are large, in minor units, by currency.</param>
/// <param name="MailDomains">Domains of e-mail addresses that anybody gets for a minute.</param>
public sealed record RiskRules(int ReviewFrom, int BlockFrom, int ReviewHours, int CustomerPerHour, int CustomerPoints, int AddressPerHour, int AddressPoints,
    int ProviderPerHour, int ProviderPoints, int FailedPerDay, int FailedPoints, int NewAccountHours, int NewAccountPoints, int FirstPurchasePoints,
    int TimesLargest, int TimesLargestPoints, SortedDictionary<string, long> Large, int LargePoints, string[] MailDomains, int MailPoints)
{
    public static RiskRules Default { get; } = new(
        ReviewFrom: 60, BlockFrom: 100, ReviewHours: 4, CustomerPerHour: 6, CustomerPoints: 20, AddressPerHour: 20, AddressPoints: 25,
        ProviderPerHour: 200, ProviderPoints: 10, FailedPerDay: 4, FailedPoints: 30, NewAccountHours: 24, NewAccountPoints: 15, FirstPurchasePoints: 5,
        TimesLargest: 10, TimesLargestPoints: 20, new(StringComparer.Ordinal) { ["EUR"] = 200_000, ["KWD"] = 600_000, ["USD"] = 200_000 }, LargePoints: 25,
        ["10minutemail.com", "guerrillamail.com", "mailinator.com", "sharklasers.com", "temp-mail.org", "yopmail.com"], MailPoints: 25);

    internal static string? Objection(RiskRules rules)
    {
        int[] points = [rules.CustomerPoints, rules.AddressPoints, rules.ProviderPoints, rules.FailedPoints, rules.NewAccountPoints, rules.FirstPurchasePoints, rules.TimesLargestPoints, rules.LargePoints, rules.MailPoints];
        int[] limits = [rules.CustomerPerHour, rules.AddressPerHour, rules.ProviderPerHour, rules.FailedPerDay, rules.TimesLargest];
        if (rules.ReviewFrom is < 1 or > 1000 || rules.BlockFrom <= rules.ReviewFrom || rules.BlockFrom > 1001) return "A review begins at 1 to 1000 points, a refusal at more than that, 1001 at most.";
        if (points.Any(p => p is < 0 or > 1000)) return "Each reason has 0 to 1000 points.";
        if (limits.Any(l => l is < 1 or > 100_000)) return "Each limit is between 1 and 100,000.";
        if (rules.NewAccountHours is < 0 or > 8760 || rules.ReviewHours is < 1 or > 168) return "An account is new for at most 8760 hours; a review takes 1 to 168 hours.";
        if (rules.Large.Count > 200 || rules.Large.Any(l => l.Value <= 0 || !Guildhall.Foundation.Currency.TryParse(l.Key, out _))) return "Large amounts are positive, each of a known currency.";
        return rules.MailDomains.Length > 500 || rules.MailDomains.Any(d => d.Length is 0 or > 253 || !string.Equals(d, d.ToLowerInvariant(), StringComparison.Ordinal)) ? "At most 500 domains, in small letters." : null;
    }
}
