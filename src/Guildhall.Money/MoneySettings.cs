using Guildhall.Foundation.Settings;
using Guildhall.Money.Gateways;
using Guildhall.Money.Risk;

namespace Guildhall.Money;

/// <summary>Business knobs of this module.</summary>
public static class MoneySettings
{
    /// <summary>Frozen on the order at sale: a change applies to later sales only.</summary>
    public static readonly Setting<int> PlatformFee = new("money.platform_fee_basis_points",
        "Platform fee of a sale. It is frozen when the order is placed; a change applies to the next sale.", "1/100 %", 1500,
        value => value is >= 0 and <= 5000 ? null : "The platform fee is between 0 and 5000 hundredths of a percent (50 %).");

    public static readonly Setting<string> Gateways = new("money.gateways",
        "Which gateway new payments go to, per currency, such as: KWD=knet *=stripe. Empty: the first that takes the currency.", "", "", GatewayChoice.Objection);

    /// <summary>Frozen on the order at sale, like the fee.</summary>
    public static readonly Setting<int> PlatformFeeTax = new("money.platform_fee_tax_basis_points",
        "Tax on the platform fee. It is taken from the provider's part together with the fee and owed to the tax office.", "1/100 %", 0,
        value => value is >= 0 and <= 5000 ? null : "The tax on the fee is between 0 and 5000 hundredths of a percent (50 %).");

    public static readonly Setting<int> UnmatchedAlert = new("money.unmatched_alert",
        "Proven messages of gateways within a day that name nothing of ours, from which on health warns.", "messages", 20, AtLeastOne);

    public static readonly Setting<int> ClockDoubtAlert = new("money.clock_doubt_alert",
        "Messages within 15 minutes of which everything holds but the time, from which on health warns that a clock is wrong.", "messages", 5, AtLeastOne);

    private static string? AtLeastOne(int value) => value is >= 1 and <= 100_000 ? null : "The number is between 1 and 100000.";

    public static readonly Setting<int> DestinationCoolingHours = new("money.destination_cooling_hours",
        "Hours a provider waits before withdrawing to bank details that were changed. The first details need no wait.", "hours", 24,
        value => value is >= 0 and <= 720 ? null : "The wait is between 0 and 720 hours.");

    // Reconciliation
    public static readonly Setting<string> ExceptionTeam = new("money.reconciliation_team",
        "Who owns what does not agree, until a person takes it.", "name", "Finance",
        value => value is { Length: >= 1 and <= 60 } ? null : "The name of the team has 1 to 60 letters.");

    public static readonly Setting<int> ExceptionDueDays = new("money.reconciliation_due_days",
        "Days within which something that does not agree is to be explained.", "days", 3,
        value => value is >= 1 and <= 60 ? null : "Between 1 and 60 days.");

    public static readonly Setting<int> LateHours = new("money.reconciliation_late_hours",
        "What we have and a report lacks counts as late, not as missing, when it happened this shortly before the report ends.", "hours", 24,
        value => value is >= 0 and <= 240 ? null : "Between 0 and 240 hours.");

    public static readonly Setting<int> BankDays = new("money.reconciliation_bank_days",
        "Days after the promised one within which a gateway's payout has to be seen on a bank statement.", "days", 3,
        value => value is >= 0 and <= 30 ? null : "Between 0 and 30 days.");
    /// <summary>Kept with every decision.</summary>
    public static readonly Setting<RiskRules> Risk = new("money.risk_rules",
        "What makes a payment risky, in points, and from how many points staff look first or it is refused. A change applies to the next attempt.", "", RiskRules.Default, RiskRules.Objection);
}
