using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;

namespace Guildhall.Money;

/// <summary>A setting that names one amount per currency: <c>KWD 5.000, USD 20.00</c>.</summary>
internal static class AmountsByCurrency
{
    private const int MaxLength = 1000;

    public static Setting<string> Setting(string key, string says) => new(key, says, "KWD 5.000, USD 20.00", "", Objection);

    /// <summary>The amount in force for this currency, or null when none is named.</summary>
    public static async Task<Amount?> Of(Transaction tx, Setting<string> setting, Currency currency) =>
        TryParse(await tx.Setting(setting), out var amounts) && amounts.TryGetValue(currency, out var amount) ? amount : null;

    private static string? Objection(string value) => TryParse(value, out _) ? null : "Write one amount per currency, such as: KWD 5.000, USD 20.00";

    public static bool TryParse(string text, out Dictionary<Currency, Amount> amounts)
    {
        amounts = [];
        if (text.Length > MaxLength) return false;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var code, var figure] || !Currency.TryParse(code, out var currency)) return false;
            if (!Amount.TryParse(figure, currency, CultureInfo.InvariantCulture, out var amount) || amount.Minor < 0 || !amounts.TryAdd(currency, amount)) return false;
        }
        return true;
    }
}
