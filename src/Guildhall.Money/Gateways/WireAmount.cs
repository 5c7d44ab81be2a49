using Guildhall.Foundation;

namespace Guildhall.Money.Gateways;

/// <summary>Amounts as gateways write them: ASCII digits with a point, no sign, no grouping. Never through a fraction of the machine's.</summary>
internal static class WireAmount
{
    private const int Longest = 24;

    /// <summary>With all decimals of the currency: <c>25.000</c> for 25000 minor units of KWD.</summary>
    public static string Write(Amount amount) => amount.Minor >= 0 ? amount.Text : throw new ArgumentOutOfRangeException(nameof(amount));

    /// <summary>Fewer decimals than the currency has are filled up, more are only taken when they are zero.</summary>
    public static bool TryRead(string? text, Currency currency, out Amount amount)
    {
        amount = default;
        if (text is null || text.Length is 0 or > Longest || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[^1])) return false;
        UInt128 minor = 0;
        var decimals = -1;
        foreach (var c in text)
        {
            if (c is '.' && decimals < 0) { decimals = 0; continue; }
            if (!char.IsAsciiDigit(c)) return false;
            if (decimals >= currency.Exponent) { if (c is not '0') return false; continue; }
            minor = (minor * 10) + (uint)(c - '0');
            if (decimals >= 0) decimals++;
        }
        for (var missing = currency.Exponent - Math.Max(decimals, 0); missing > 0; missing--) minor *= 10;
        if (minor > long.MaxValue) return false;
        amount = new Amount((long)minor, currency);
        return true;
    }
}
