using Guildhall.Foundation;
using PhoneNumbers;

namespace Guildhall.Identity.Phones;

/// <summary>A number that can take a text message and costs nobody more than that: a mobile number in E.164. Numbers that earn money for whoever is called (premium, shared
/// cost), that take no messages (toll-free, landline, short codes, pagers) or belong to no country (satellites, international networks) are refused.</summary>
public readonly record struct PhoneNumber
{
    private const int MaxLength = 40;
    internal const int RangeCut = 4;

    private PhoneNumber(string text, string country) => (Text, Country) = (text, country);

    /// <summary>E.164: <c>+96550000001</c>.</summary>
    public string Text { get; }

    /// <summary>ISO 3166 code of its country.</summary>
    public string Country { get; }

    /// <summary>The number without its last four digits: ten thousand neighbours, which whoever pumps codes for money has a share in.</summary>
    public string Range => Text[..^RangeCut];

    /// <summary>Reads what a person wrote, also in Arabic digits, with spaces and dashes; without a country's number in front it is of <paramref name="country"/>.</summary>
    /// <param name="country">ISO 3166 code, or empty: then the international form is needed.</param>
    internal static Result<PhoneNumber> Read(string? text, string country)
    {
        if (text?.Trim() is not { Length: > 0 and <= MaxLength } given) return Refused("not_a_number");
        var util = PhoneNumberUtil.GetInstance();
        try
        {
            var number = util.Parse(given, country.Length == 0 ? "ZZ" : country);
            if (number.HasExtension || !util.IsValidNumber(number)) return Refused("not_a_number");
            var region = util.GetRegionCodeForNumber(number);
            if (region is not { Length: 2 } || region is "ZZ") return Refused("no_country");
            return util.GetNumberType(number) is PhoneNumberType.MOBILE or PhoneNumberType.FIXED_LINE_OR_MOBILE
                ? new PhoneNumber(util.Format(number, PhoneNumberFormat.E164), region)
                : Refused("not_a_mobile_number");
        }
        catch (NumberParseException) { return Refused("not_a_number"); }
    }

    /// <summary>The number as people write it: <c>+965 5000 0001</c>.</summary>
    public static string Show(string text)
    {
        var util = PhoneNumberUtil.GetInstance();
        try { return util.Format(util.Parse(text, "ZZ"), PhoneNumberFormat.INTERNATIONAL); }
        catch (NumberParseException) { return text; }
    }

    /// <summary>Whether it is the code of a country that has phone numbers.</summary>
    internal static bool IsCountry(string code) => PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(code);

    internal static Refusal Refused(string reason) => IdentityRefusals.PhoneNotAccepted.With(("reason", reason));
}
