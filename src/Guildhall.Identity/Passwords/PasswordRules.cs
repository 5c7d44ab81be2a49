using System.Text;

namespace Guildhall.Identity.Passwords;

/// <summary>What a new password must be: 15 to 256 characters (code points), from 8 on for who has a second factor or a passkey; kept exactly as typed; of any kind of
/// letters. Not on the list of common ones, not known from a breach, and of zxcvbn score 3 or better without the words that a guesser knows.
/// Source of the lengths: NIST SP 800-63B-4 section 3.1.1.2.</summary>
public static class PasswordRules
{
    public const int MinLength = 15;
    public const int MinLengthWithFactor = 8;
    public const int MaxLength = 256;
    private const int MinScore = 3;

    // zxcvbn's work grows faster than its input; what a guesser gains from later characters is nothing.
    private const int MaxScored = 64;
    private static readonly Zxcvbn.Zxcvbn Scorer = new();

    internal static int MinLengthFor(bool hasSecondFactor) => hasSecondFactor ? MinLengthWithFactor : MinLength;

    /// <summary>Null when the length and the characters are right, else the sentence that says what is not. Cheap.</summary>
    public static string? Objection(string password, int minLength = MinLength)
    {
        var length = 0;
        for (var rest = password.AsSpan(); rest.Length > 0; length++)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done) return "The password has a broken character. Type it again.";
            rest = rest[used..];
            if (length == MaxLength) return $"A password has at most {MaxLength} characters.";
        }
        return length < minLength ? $"A password has at least {minLength} characters. Four unrelated words are easy to keep and hard to guess." : null;
    }

    /// <summary>0 (guessed at once) to 4. Takes milliseconds: off the request's thread.</summary>
    public static int Score(string password, params string[] known) =>
        Scorer.EvaluatePassword(password.Length > MaxScored ? password[..MaxScored] : password, ["guildhall", .. known]).Score;

    /// <inheritdoc cref="Score"/>
    internal static int ScoreWithout(string password, string[] known) => KnownWords.Without(password, known) is { Length: > 0 } rest ? Score(rest, known) : 0;

    internal static bool IsStrong(int score) => score >= MinScore;
}
