using System.Globalization;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>Stripe's amount rules: integers in the smallest unit,
/// three-decimal currencies end with 0 (docs.stripe.com/currencies).</summary>
internal static class Currencies
{
    private const long Largest = 99_999_999;

    private static readonly string[] ZeroDecimal =
        ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"];

    private static readonly string[] ThreeDecimal = ["bhd", "jod", "kwd", "omr", "tnd"];

    /// <summary>Passed with two decimals although the currency has none.</summary>
    private static readonly string[] WholeOnly = ["isk", "ugx"];

    public static string Check(string currency)
    {
        var known = currency.Length == 3 && currency.All(char.IsAsciiLetter);
        return known
            ? currency.ToLowerInvariant()
            : throw StripeRefusal.Invalid($"Invalid currency: {currency}.", "currency");
    }

    public static long CheckAmount(long amount, string currency, string param)
    {
        if (amount < 1) throw StripeRefusal.Invalid("Invalid positive integer", param, "parameter_invalid_integer");
        if (amount > Largest)
            throw StripeRefusal.Invalid("Amount must be no more than 999,999.99 or its equivalent", param, "amount_too_large");
        if (ThreeDecimal.Contains(currency) && amount % 10 != 0)
            throw StripeRefusal.Invalid($"Invalid amount: the last digit must be 0 in {currency.ToUpperInvariant()}", param);
        if (WholeOnly.Contains(currency) && amount % 100 != 0)
            throw StripeRefusal.Invalid($"Invalid amount: must be divisible by 100 in {currency.ToUpperInvariant()}", param);
        return amount;
    }

    public static void CheckPayout(long amount, string currency)
    {
        if (currency is "huf" or "twd" && amount % 100 != 0)
            throw StripeRefusal.Invalid($"Invalid amount: payouts in {currency.ToUpperInvariant()} are divisible by 100", "amount");
    }

    public static void CheckMinimum(long amount, string currency)
    {
        var least = currency switch { "usd" or "eur" => 50, "gbp" => 30, _ => 1 };
        if (amount < least) throw StripeRefusal.Invalid("Amount is below the minimum charge amount", "amount", "amount_too_small");
    }

    public static int Decimals(string currency) =>
        ZeroDecimal.Contains(currency) ? 0 : ThreeDecimal.Contains(currency) ? 3 : 2;

    public static string Format(long amount, string currency)
    {
        var decimals = Decimals(currency);
        var scale = decimals switch { 0 => 1L, 3 => 1000L, _ => 100L };
        var whole = (Math.Abs(amount) / scale).ToString("#,0", CultureInfo.InvariantCulture);
        var rest = decimals == 0 ? "" : "." + (Math.Abs(amount) % scale).ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0');
        return $"{(amount < 0 ? "−" : "")}{whole}{rest} {currency.ToUpperInvariant()}";
    }
}
