using Guildhall.Foundation;
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
        "Which gateway new payments go to, per currency, such as: KWD=knet|myfatoorah *=stripe; KWD@KW=knet for what is done in one country goes before. "
        + "Behind a bar: where they go while the one before does not answer. Empty: the first that takes the currency.", "", "",
        GatewayChoice.Objection);

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
    // ledger
    public static readonly Setting<int> FxRateMaxAge = new("money.fx_rate_max_age_hours",
        "How old an exchange rate may be when money is converted.", "hours", 24,
        value => value is >= 1 and <= 168 ? null : "The age is between 1 and 168 hours.");
    // Disputes and reserves
    public static readonly Setting<string> DisputeFeeBearer = new("money.dispute_fee_bearer",
        "Who bears the gateway's fee of a lost dispute: provider or platform. A dispute keeps what was set when it was opened.", "provider or platform", "platform",
        value => value is "provider" or "platform" ? null : "The dispute fee is borne by provider or platform.");

    public static readonly Setting<int> RollingReserve = new("money.rolling_reserve_basis_points",
        "Part of each release that is kept back against later disputes. A change applies to the next release.", "1/100 %", 0,
        value => value is >= 0 and <= 5000 ? null : "The rolling reserve is between 0 and 5000 hundredths of a percent (50 %).");

    public static readonly Setting<int> RollingReserveDays = new("money.rolling_reserve_days",
        "Days for which the rolling reserve of a release is kept back.", "days", 90,
        value => value is >= 1 and <= 540 ? null : "The rolling reserve is kept for 1 to 540 days.");

    public static readonly Setting<int> DisputeWindowDays = new("money.dispute_window_days",
        "Days after the payment in which a customer can dispute it, for the exposure report.", "days", 120,
        value => value is >= 1 and <= 540 ? null : "The dispute window is between 1 and 540 days.");

    // Withdrawals and payouts. Amounts are said per currency; one that is not named has no limit, or no fee.
    public static readonly Setting<string> WithdrawalMinimum = AmountsByCurrency.Setting("money.withdrawal_minimum", "The least a provider may withdraw at once.");
    public static readonly Setting<string> WithdrawalMaximum = AmountsByCurrency.Setting("money.withdrawal_maximum", "The most a provider may withdraw at once. Looked at again when it is sent.");
    public static readonly Setting<string> WithdrawalPerDay = AmountsByCurrency.Setting("money.withdrawal_per_day",
        "The most a provider may withdraw in any 24 hours: asked for, and looked at again when it is sent.");
    public static readonly Setting<string> SecondApproval = AmountsByCurrency.Setting("money.withdrawal_second_approval", "Withdrawals above this need two people.");
    public static readonly Setting<string> PayoutFee = AmountsByCurrency.Setting("money.payout_fee",
        "What a withdrawal costs the provider. It is frozen when the withdrawal is asked for and given back when the money does not arrive.");

    public static readonly Setting<int> DestinationAgeHours = new("money.destination_age_hours",
        "Hours that bank details have to be known before anything is sent to them, also the first ones.", "hours", 0,
        value => value is >= 0 and <= 720 ? null : "The wait is between 0 and 720 hours.");

    public static readonly Setting<int> DestinationAlertHours = new("money.destination_alert_hours",
        "Staff are warned when a withdrawal is asked for within this time after bank details were changed.", "hours", 168,
        value => value is >= 0 and <= 8760 ? null : "The time is between 0 and 8760 hours.");

    public static readonly Setting<string> BankFileCurrencies = new("money.bank_file_currencies",
        "Currencies that are paid out to bank accounts by file, such as EUR KWD. The others go there through Stripe. It is looked at when a withdrawal is approved.", "currencies", "",
        value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(code => Currency.TryParse(code, out _)) ? null : "Write currency codes with a space between them, such as EUR KWD.");

    public static readonly Setting<string> BankFileVersion = new("money.bank_file_version",
        "The version of ISO 20022 pain that your bank takes.", "", "001.001.09", value => value is "001.001.09" or "001.001.03" ? null : "It is 001.001.09 or 001.001.03.");
    public static readonly Setting<string> InvoiceSeries = new("money.invoice_series",
        "Number series of invoices, per purpose of the sale, such as: booking=BK-{year}- *=INV-{year}-. Numbers have no gaps within a series.", "", "*=INV-{year}-", Invoices.Series.Objection);

    public static readonly Setting<string> CreditNoteSeries = new("money.credit_note_series", "Number series of credit notes, written like that of invoices.", "", "*=CN-{year}-", Invoices.Series.Objection);

    public static readonly Setting<string> ReceiptSeries = new("money.receipt_series", "Number series of receipts, written like that of invoices.", "", "*=RC-{year}-", Invoices.Series.Objection);

    public static readonly Setting<string> SellerName = new("money.seller_name", "Who stands on invoices as the seller.", "", "Guildhall",
        value => value.Length is >= 1 and <= 200 ? null : "The seller's name has 1 to 200 characters.");

    public static readonly Setting<string> SellerAddress = new("money.seller_address", "The seller's address on invoices; lines end with a semicolon.", "", "",
        value => value.Length <= 500 ? null : "The address has at most 500 characters.");

    public static readonly Setting<string> SellerTaxId = new("money.seller_tax_id", "The seller's tax or registration number on invoices.", "", "",
        value => value.Length <= 100 ? null : "The number has at most 100 characters.");

    public static readonly Setting<int> SalesTax = new("money.sales_tax_basis_points", "Tax contained in the prices of sales, shown on their invoices.", "1/100 %", 0,
        value => value is >= 0 and <= 5000 ? null : "The tax is between 0 and 5000 hundredths of a percent (50 %).");
    /// <summary>Kept with every decision.</summary>
    public static readonly Setting<RiskRules> Risk = new("money.risk_rules",
        "What makes a payment risky, in points, and from how many points staff look first or it is refused. A change applies to the next attempt.", "", RiskRules.Default, RiskRules.Objection);
}
