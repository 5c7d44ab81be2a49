using Guildhall.Foundation.Settings;
using Guildhall.Money.Gateways;

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

    public static readonly Setting<int> DestinationCoolingHours = new("money.destination_cooling_hours",
        "Hours a provider waits before withdrawing to bank details that were changed. The first details need no wait.", "hours", 24,
        value => value is >= 0 and <= 720 ? null : "The wait is between 0 and 720 hours.");
}
