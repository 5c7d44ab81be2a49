using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Guildhall.Foundation;

/// <summary>An ISO 4217 currency: its three-letter code and how many decimals its minor unit has (JPY 0, USD 2, KWD 3, CLF 4).</summary>
[JsonConverter(typeof(CurrencyJson))]
public readonly struct Currency : IEquatable<Currency>
{
    private readonly string? _code;

    private Currency(string code, int exponent) => (_code, Exponent) = (code, exponent);

    /// <summary>Three upper-case letters; <c>XXX</c> (no currency) for the default value.</summary>
    public string Code => _code ?? "XXX";

    /// <summary>Decimals of the minor unit, 0 to 4.</summary>
    public int Exponent { get; }

    /// <summary>Minor units in one major unit: 10 to the power of <see cref="Exponent"/>.</summary>
    public long MinorPerMajor => Exponent switch { 0 => 1, 1 => 10, 2 => 100, 3 => 1000, _ => 10_000 };

    /// <summary>Every active ISO 4217 currency with a minor unit.</summary>
    public static IReadOnlyCollection<Currency> All => Known.Values;

    /// <summary>Finds a currency by its code in any case.</summary>
    public static bool TryParse(string? code, out Currency currency)
    {
        currency = default;
        return code is { Length: 3 } && Known.TryGetValue(code.ToUpperInvariant(), out currency);
    }

    /// <summary>Finds a currency by its code; throws <see cref="FormatException"/> for a code that ISO 4217 does not list.</summary>
    public static Currency Of(string code) => TryParse(code, out var currency) ? currency : throw new FormatException($"No such currency: {code}");

    public bool Equals(Currency other) => string.Equals(Code, other.Code, StringComparison.Ordinal);
    public override bool Equals(object? obj) => obj is Currency other && Equals(other);
    public override int GetHashCode() => Code.GetHashCode(StringComparison.Ordinal);
    public static bool operator ==(Currency left, Currency right) => left.Equals(right);
    public static bool operator !=(Currency left, Currency right) => !left.Equals(right);
    public override string ToString() => Code;

    // ISO 4217 list one (active codes), grouped by the exponent of the minor unit.
    private static readonly FrozenDictionary<string, Currency> Known = Build(
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
        (2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP " +
            "CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD " +
            "KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR " +
            "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU " +
            "UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"));

    private static FrozenDictionary<string, Currency> Build(params (int Exponent, string Codes)[] groups) =>
        groups.SelectMany(group => group.Codes.Split(' ').Select(code => new Currency(code, group.Exponent))).ToFrozenDictionary(c => c.Code, StringComparer.Ordinal);
}

internal sealed class CurrencyJson : JsonConverter<Currency>
{
    public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Currency.TryParse(reader.GetString(), out var currency)
            ? currency
            : throw new JsonException("An ISO 4217 currency code is expected.");

    public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
}
