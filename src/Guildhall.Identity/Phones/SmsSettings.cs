using Guildhall.Foundation.Settings;

namespace Guildhall.Identity.Phones;

/// <summary>How many codes may go out by text message.</summary>
/// <param name="PerNumberPerHour">To one number.</param>
/// <param name="PerNumberPerDay">To one number.</param>
/// <param name="PerAccountPerDay">Asked for by one account, to whatever numbers.</param>
/// <param name="PerNetworkPerHour">Asked for from one network: /24 of IPv4, /48 of IPv6.</param>
/// <param name="PerCountryPerDay">To numbers of one country.</param>
/// <param name="LeastUsedPercent">When fewer of the codes sent to a range of ten thousand numbers in six hours are entered, the range is paused; 0: never.</param>
public sealed record SmsCaps(int PerNumberPerHour = 5, int PerNumberPerDay = 15, int PerAccountPerDay = 15, int PerNetworkPerHour = 20, int PerCountryPerDay = 500, int LeastUsedPercent = 20);

/// <summary>Business knobs of codes by text message.</summary>
public static class SmsSettings
{
    public static readonly Setting<string[]> Countries = new("identity.sms_countries", "Countries whose numbers get codes by text message; none named: all of them", "ISO 3166 codes",
        [], codes => codes.Length <= 250 && codes.All(c => c is { Length: 2 } && PhoneNumber.IsCountry(c)) ? null : "Two-letter codes of countries in capitals, such as KW.");

    public static readonly Setting<string> HomeCountry = new("identity.phone_country", "Country of numbers that are written without one; empty: the international form is needed", "ISO 3166 code",
        "", code => code.Length == 0 || PhoneNumber.IsCountry(code) ? null : "The two-letter code of a country in capitals, such as KW, or nothing.");

    public static readonly Setting<SmsCaps> Caps = new("identity.sms_caps", "How many codes go out by text message, and when a range of numbers is paused since nobody enters its codes", "codes",
        new SmsCaps(), Objection);

    private static string? Objection(SmsCaps caps) =>
        caps is { PerNumberPerHour: < 1 or > 20 } or { PerNumberPerDay: < 1 or > 100 } ? "To one number 1 to 20 an hour and 1 to 100 a day."
        : caps is { PerAccountPerDay: < 1 or > 100 } or { PerNetworkPerHour: < 1 or > 1000 } ? "For one account 1 to 100 a day, from one network 1 to 1000 an hour."
        : caps.PerCountryPerDay is < 0 or > 10_000 ? "To one country 0 to 10000 a day."
        : caps.LeastUsedPercent is < 0 or > 90 ? "The percentage is 0 to 90."
        : null;
}
