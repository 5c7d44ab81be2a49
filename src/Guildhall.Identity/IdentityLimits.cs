using System.Globalization;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Risk;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;

namespace Guildhall.Identity;

/// <summary>The limits of this module as they are enforced.</summary>
internal static class IdentityLimits
{
    /// <summary>Messages to one e-mail address, known or not, that confirm it.</summary>
    public static readonly Quota ConfirmationsByMail = new("confirmations_by_mail", 20, QuotaPeriod.Day, "Links and codes mailed to one address to confirm it");

    private const string Locked = "429 `sign_in_locked` with `Retry-After`";

    public static ProductLimit[] All =>
    [
        new("Signing in", "wrong passwords for an account from one network (IPv6: its /64), device not known", Say($"{SignIn.Attempts} in {Span(SignIn.AttemptsWithinSeconds)}"), Locked),
        new("Signing in", "wrong passwords from a device that the account knows", Say($"{SignIn.Attempts} in {Span(SignIn.AttemptsWithinSeconds)}, counted apart"), Locked),
        new("Signing in", "wrong passwords for an account from anywhere, device not known", Say($"{SignInLimits.PerAccount} in {Span(SignInLimits.PerAccountSeconds)}"), "the right password needs a code by e-mail too"),
        new("Signing in", "the same in a day", Say($"{SignInLimits.PerAccountDay} in {Span(SignInLimits.DaySeconds)}"), Locked + "; a known device, a passkey or a new password gets in"),
        new("Signing in", "accounts that one address (IPv6: its /64) fails at", Say($"{SignInLimits.AccountsPerAddress} in {ProductLimits.Say(SignInFailures.Kept)}"), Locked),
        new("Signing in", "suspicion", "setting `identity.sign_in_risk_rules`", "a code by e-mail, or 403 `sign_in_held` with `Retry-After`"),
        new("Signing in", "passwords being looked at and waiting, per core", Say($"1 and {HashingThreads.WaitingPerThread}"), "503 `sign_in_busy` with `Retry-After`"),
        new("Signing in", "length of a password", Say($"{PasswordRules.MinLength} to {PasswordRules.MaxLength} characters"), "422 `invalid_input`"),
        new("Second steps and codes", "a challenge", Say($"{ProductLimits.Say(Challenges.Lifetime)}, {Challenges.Tries} answers"), "401 `challenge_failed`"),
        new("Second steps and codes", "wrong answers of an account over all its challenges", Say($"{AnswerChallenge.Attempts} in {Span(AnswerChallenge.AttemptsWithinSeconds)}"), "429 `second_step_locked` with `Retry-After`"),
        new("Second steps and codes", "a proof for sensitive acts", ProductLimits.Say(StepUpRoute.Within), "403 `step_up_required`"),
        new("Second steps and codes", "a remembered device", ProductLimits.Say(KnownDevices.Trusted), "the second step is asked"),
        new("Second steps and codes", "confirmations, password resets mailed to one address", Say($"{ConfirmationMails.PerHour}; {RequestPasswordReset.PerHour} in {Span(3600)}"), "429 `RATE_LIMITED` with `Retry-After`"),
        ProductLimits.Of(ConfirmationsByMail),
        new("Sessions", "life; without use", Say($"{ProductLimits.Say(SessionLimits.Absolute)}; {ProductLimits.Say(SessionLimits.Idle)}"), "401 `SESSION_EXPIRED`"),
        new("Sessions", "an access token", ProductLimits.Say(AccessTokens.Lifetime), "401 `token_expired`"),
        new("Sessions", "sessions of an account", Say($"{SessionLimits.PerAccount}"), "the oldest ends"),
        new("Sessions", "a node trusts what it read about a session", ProductLimits.Say(SessionLimits.Trusted), "it is read again"),
        new("Lists", "accounts; judged sign-ins on a page", Say($"{ListAccounts.MaxPage}; {ListSignIns.MaxPage}"), "the next page"),
    ];

    private static string Span(int seconds) => ProductLimits.Say(TimeSpan.FromSeconds(seconds));

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
