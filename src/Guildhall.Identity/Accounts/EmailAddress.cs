using System.Buffers;
using System.Globalization;

namespace Guildhall.Identity.Accounts;

/// <summary>An e-mail address as given, and the key it is compared by. Only ASCII is compared, so that no look-alike letter folds into
/// another's address; an international domain is kept as its ASCII form (IDNA).</summary>
public readonly record struct EmailAddress
{
    private const int MaxLength = 254;
    private const int MaxLocal = 64;
    private static readonly SearchValues<char> LocalLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string text) => (Text, Key) = (text, string.Create(text.Length, text, (key, source) => System.Text.Ascii.ToLower(source, key, out _)));

    /// <summary>As the person wrote it.</summary>
    public string Text { get; }

    /// <summary>Two addresses are the same when their keys are.</summary>
    public string Key { get; }

    /// <summary>False when it is not an address we can write to.</summary>
    public static bool TryParse(string? text, out EmailAddress address)
    {
        address = default;
        text = text?.Trim(' ');
        if (text is not { Length: >= 3 and <= MaxLength } || text.LastIndexOf('@') is not (> 0 and <= MaxLocal and var at)) return false;
        var local = text.AsSpan(0, at);
        if (local.ContainsAnyExcept(LocalLetters) || local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return false;
        if (DomainOf(text[(at + 1)..]) is not { } domain || at + 1 + domain.Length > MaxLength) return false;
        address = new EmailAddress(string.Concat(local, "@", domain));
        return true;
    }

    private static string? DomainOf(string given)
    {
        try
        {
            var domain = Idn.GetAscii(given);
            var (labels, givenLabels) = (domain.Split('.'), given.Split('.'));
            if (labels.Length < 2 || labels.Length != givenLabels.Length || labels[^1].All(char.IsAsciiDigit)) return null;
            // A label that was not ASCII and became plain ASCII was a look-alike (the Kelvin sign for k).
            for (var i = 0; i < labels.Length; i++)
                if (!System.Text.Ascii.IsValid(givenLabels[i]) && !labels[i].StartsWith("xn--", StringComparison.Ordinal)) return null;
            return domain;
        }
        catch (ArgumentException) { return null; }
    }
}
