using System.Text;

namespace Guildhall.Identity.Passwords;

/// <summary>What a new password must be: 8 to 256 characters (code points), kept exactly as typed, not on the list of common ones, and of
/// zxcvbn score 3 or better with the person's own name and address counted as known words.</summary>
public static class PasswordRules
{
    public const int MinLength = 8;
    public const int MaxLength = 256;
    private const int MinScore = 3;

    // zxcvbn's work grows faster than its input; what a guesser gains from later characters is nothing.
    private const int MaxScored = 100;
    private static readonly Zxcvbn.Zxcvbn Scorer = new();

    /// <summary>Null when the length and the characters are right, else the sentence that says what is not. Cheap.</summary>
    public static string? Objection(string password)
    {
        var length = 0;
        for (var rest = password.AsSpan(); rest.Length > 0; length++)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done) return "The password has a broken character. Type it again.";
            rest = rest[used..];
            if (length == MaxLength) return $"A password has at most {MaxLength} characters.";
        }
        return length < MinLength ? $"A password has at least {MinLength} characters." : null;
    }

    /// <summary>0 (guessed at once) to 4. Takes milliseconds: off the request's thread.</summary>
    public static int Score(string password, params string[] known) =>
        Scorer.EvaluatePassword(password.Length > MaxScored ? password[..MaxScored] : password, ["guildhall", .. known]).Score;

    internal static bool IsStrong(string password, params string[] known) => Score(password, known) >= MinScore;
}
