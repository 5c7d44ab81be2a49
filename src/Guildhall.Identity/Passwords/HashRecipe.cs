using System.Globalization;
using System.Security.Cryptography;

namespace Guildhall.Identity.Passwords;

/// <summary>How new passwords are hashed, as an operator writes it: <c>pbkdf2-sha512:1:210000</c> (scheme, version of the pepper, rounds). What was stored by
/// another recipe still fits, since it names its own, and is stored anew at the next sign-in.</summary>
public sealed record HashRecipe(string Scheme, int Pepper, int Rounds)
{
    // OWASP password storage cheat sheet, the least rounds of each.
    private static readonly Dictionary<string, (HashAlgorithmName Algorithm, int Least)> Schemes = new(StringComparer.Ordinal)
    {
        ["pbkdf2-sha512"] = (HashAlgorithmName.SHA512, 210_000),
        ["pbkdf2-sha256"] = (HashAlgorithmName.SHA256, 600_000),
    };

    private const int MostRounds = 10_000_000;

    public static HashRecipe Default { get; } = new("pbkdf2-sha512", 1, 210_000);

    internal HashAlgorithmName Algorithm => AlgorithmOf(Scheme);

    internal static HashAlgorithmName AlgorithmOf(string scheme) =>
        Schemes.TryGetValue(scheme, out var known) ? known.Algorithm : throw new FormatException("A stored password has an unknown form.");

    /// <summary>False when it is not written so, or cheaper than OWASP allows.</summary>
    /// <param name="anyCost">Cheap ones too: for drills in sandbox mode.</param>
    public static bool TryParse(string text, out HashRecipe recipe, bool anyCost = false)
    {
        recipe = Default;
        if (text.Split(':') is not [var scheme, var pepper, var rounds] || !Schemes.TryGetValue(scheme, out var known)) return false;
        if (!int.TryParse(pepper, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version is < 1 or > 1000) return false;
        if (!int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < (anyCost ? 1 : known.Least) || count > MostRounds) return false;
        recipe = new HashRecipe(scheme, version, count);
        return true;
    }
}
