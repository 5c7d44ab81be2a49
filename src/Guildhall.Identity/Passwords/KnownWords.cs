using Guildhall.Identity.Accounts;

namespace Guildhall.Identity.Passwords;

/// <summary>Words that whoever guesses at an account would try first: the product's name and address, the person's name and address. They may stand in a password
/// but count for nothing: what is left without them has to be strong by itself.</summary>
internal static class KnownWords
{
    private const string Product = "guildhall";
    private const int MinLength = 3;
    private static readonly char[] Between = [' ', '.', '_', '-', '+', '@', '\'', ','];

    /// <summary>The longest first.</summary>
    public static string[] Of(IdentityOptions options, string? email, string? name)
    {
        var key = EmailAddress.TryParse(email, out var address) ? address.Key : "";
        string[] given = [Product, options.Product.Host, key, key.Split('@')[0], name ?? ""];
        return [.. given.Concat(given.SelectMany(g => g.Split(Between))).Append(name?.Replace(" ", "", StringComparison.Ordinal) ?? "")
            .Select(w => w.ToLowerInvariant()).Where(w => w.Length >= MinLength && w is not "www").Distinct(StringComparer.Ordinal).OrderByDescending(w => w.Length)];
    }

    /// <summary>What is left of a password without them.</summary>
    public static string Without(string password, string[] words) =>
        words.Aggregate(password, (rest, word) => rest.Replace(word, "", StringComparison.OrdinalIgnoreCase));
}
