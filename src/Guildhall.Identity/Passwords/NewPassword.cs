using Guildhall.Foundation;
using Guildhall.Identity.Accounts;

namespace Guildhall.Identity.Passwords;

/// <summary>The one gate of every password that somebody chooses: at sign-up, by a reset, by a change, with an invitation. Cheap checks first, then the lists, then
/// the range service; no transaction is open meanwhile. It looks at the password and the words given, never at whether an account exists.</summary>
internal static class NewPassword
{
    /// <summary>Null when it may be taken.</summary>
    /// <param name="field">What the field is called in the request.</param>
    /// <param name="words">What a guesser knows: <see cref="KnownWords.Of"/>.</param>
    public static async Task<Refusal?> Objection(IdentityParts identity, string field, string password, string[] words, int minLength, CancellationToken stop)
    {
        if (ProfileRules.Refuse((field, PasswordRules.Objection(password, minLength))) is { } refusal) return refusal;
        if (identity.Hashing.TryRun(() => IsEasy(password, words), stop) is not { } judging) return IdentityRefusals.Busy;
        if (await judging) return IdentityRefusals.PasswordTooWeak;
        return await identity.Breached.Find(password, stop) is BreachVerdict.Found ? IdentityRefusals.PasswordBreached : null;
    }

    /// <summary>The hash to store.</summary>
    public static async Task<Result<string>> Hash(IdentityParts identity, string password, CancellationToken stop) =>
        identity.Hashing.TryRun(() => identity.Passwords.Make(password), stop) is { } hashing ? await hashing : IdentityRefusals.Busy;

    private static bool IsEasy(string password, string[] words) => CommonPasswords.Has(password) || !PasswordRules.IsStrong(PasswordRules.ScoreWithout(password, words));
}
