using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Guildhall.Foundation;

/// <summary>An exact amount: signed minor units of one currency. All arithmetic is checked: a result that does not fit 64 bits throws
/// <see cref="OverflowException"/>, and amounts of two currencies never meet (<see cref="InvalidOperationException"/>).</summary>
/// <remarks>JSON shape: <c>{"minor": 12500, "currency": "KWD", "text": "12.500"}</c>; <c>text</c> is for people and is not read.</remarks>
[JsonConverter(typeof(AmountJson))]
public readonly record struct Amount(long Minor, Currency Currency) : IComparable<Amount>
{
    /// <summary>Nothing, in the given currency.</summary>
    public static Amount Zero(Currency currency) => new(0, currency);

    public bool IsPositive => Minor > 0;
    public bool IsZero => Minor == 0;

    public static Amount operator +(Amount left, Amount right) => new(checked(left.Minor + right.Same(left).Minor), left.Currency);
    public static Amount operator -(Amount left, Amount right) => new(checked(left.Minor - right.Same(left).Minor), left.Currency);
    public static Amount operator -(Amount amount) => new(checked(-amount.Minor), amount.Currency);
    public static bool operator <(Amount left, Amount right) => left.CompareTo(right) < 0;
    public static bool operator >(Amount left, Amount right) => left.CompareTo(right) > 0;
    public static bool operator <=(Amount left, Amount right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Amount left, Amount right) => left.CompareTo(right) >= 0;
    public int CompareTo(Amount other) => Minor.CompareTo(other.Same(this).Minor);

    /// <summary>This many basis points (1/10,000) of the amount, rounded half to even, exact at any size.</summary>
    public Amount BasisPoints(int basisPoints)
    {
        var (quotient, remainder) = BigInteger.DivRem(BigInteger.Abs((BigInteger)Minor * basisPoints), 10_000);
        var twice = remainder * 2;
        if (twice > 10_000 || (twice == 10_000 && !quotient.IsEven)) quotient++;
        return this with { Minor = (long)(Minor < 0 != basisPoints < 0 ? -quotient : quotient) };
    }

    /// <summary>Shares the amount by weights so that the parts sum to it exactly: each part is floored, then the largest remainders get one
    /// unit more; equal remainders go to the lower index. Weights are not negative and not all zero.</summary>
    public IReadOnlyList<Amount> Allocate(IReadOnlyList<long> weights)
    {
        UInt128 sum = 0;
        foreach (var weight in weights) sum += weight < 0 ? throw new ArgumentOutOfRangeException(nameof(weights)) : (ulong)weight;
        if (sum == 0) throw new ArgumentException("At least one weight must be positive.", nameof(weights));

        // 63 bits times 63 bits fit 128.
        var (size, negative) = ((UInt128)Int128.Abs(Minor), Minor < 0);
        var (parts, remainders) = (new UInt128[weights.Count], new UInt128[weights.Count]);
        var left = size;
        for (var i = 0; i < parts.Length; i++)
        {
            (parts[i], remainders[i]) = UInt128.DivRem(size * (ulong)weights[i], sum);
            left -= parts[i];
        }
        if (left > 0) foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).ThenBy(i => i).Take((int)left)) parts[i]++;
        var currency = Currency;
        return [.. parts.Select(part => new Amount((long)(negative ? -(Int128)part : (Int128)part), currency))];
    }

    /// <summary>Reads digits as people type them, in the given culture: <c>12.5</c> KWD is 12500. More decimals than the currency has,
    /// letters, or more than 64 bits: false, never a rounded value. Arabic-Indic digits and separators are understood.</summary>
    public static bool TryParse(string? text, Currency currency, CultureInfo culture, out Amount amount)
    {
        amount = default;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 40) return false;
        var point = culture.NumberFormat.NumberDecimalSeparator is "," ? ',' : '.';
        var negative = false;
        BigInteger minor = 0;
        var (decimals, digits) = (-1, 0);
        foreach (var c in text.Trim())
        {
            if (c is '-' && digits == 0 && decimals < 0 && !negative) { negative = true; continue; }
            if (c == point || c == '٫') { if (decimals >= 0 || currency.Exponent == 0) return false; decimals = 0; continue; }
            if (c is ' ' or '\u00a0' or '\u202f' or '\'' or '٬' || (c is ',' or '.' && c != point)) { if (decimals >= 0 || digits == 0) return false; continue; }
            var digit = (int)CharUnicodeInfo.GetDecimalDigitValue(c);
            if (digit < 0 || (decimals >= 0 && ++decimals > currency.Exponent)) return false;
            minor = (minor * 10) + digit;
            digits++;
        }
        minor *= BigInteger.Pow(10, currency.Exponent - Math.Max(decimals, 0));
        if (digits == 0 || minor > long.MaxValue) return false;
        amount = new Amount((long)(negative ? -minor : minor), currency);
        return true;
    }

    /// <summary>Digits only, invariant: <c>12.500</c> for 12500 minor units of KWD.</summary>
    public string Text => Format(CultureInfo.InvariantCulture, grouped: false);

    /// <summary>Digits for people of a culture, with group separators: <c>1,234.500</c>. Latin digits in every culture.</summary>
    public string ToText(CultureInfo culture) => Format(culture, grouped: true);

    public override string ToString() => $"{Text} {Currency.Code}";

    private string Format(CultureInfo culture, bool grouped)
    {
        var (major, rest) = UInt128.DivRem((UInt128)Int128.Abs(Minor), (ulong)Currency.MinorPerMajor);
        var whole = ((BigInteger)major).ToString(grouped ? "N0" : "D", culture);
        var tail = Currency.Exponent == 0 ? "" : culture.NumberFormat.NumberDecimalSeparator + rest.ToString(CultureInfo.InvariantCulture).PadLeft(Currency.Exponent, '0');
        return (Minor < 0 ? "-" : "") + whole + tail;
    }

    private Amount Same(Amount other) => Currency == other.Currency
        ? this
        : throw new InvalidOperationException($"{Currency.Code} and {other.Currency.Code} cannot be mixed.");
}

internal sealed class AmountJson : JsonConverter<Amount>
{
    private sealed record Shape(
        [property: JsonRequired] long Minor, [property: JsonRequired] Currency Currency, string? Text = null);

    public override Amount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<Shape>(ref reader, options) is { } shape ? new Amount(shape.Minor, shape.Currency) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Amount value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("minor", value.Minor);
        writer.WriteString("currency", value.Currency.Code);
        writer.WriteString("text", value.Text);
        writer.WriteEndObject();
    }
}
