using Guildhall.Foundation;

namespace Guildhall.Identity;

/// <summary>Every expected "no" of this module.</summary>
public static class IdentityRefusals
{
    public static readonly Refusal SessionExpired = new("SESSION_EXPIRED", 401, "This session has ended. Sign in again.");
    public static readonly Refusal InvalidToken = new("invalid_token", 401, "The access token is not one of ours or is damaged. Refresh it or sign in again.");
    public static readonly Refusal TokenExpired = new("token_expired", 401, "The access token has run out. Refresh it, then repeat the request.");
    public static readonly Refusal CrossSite = new("cross_site_refused", 403, "This request came from another site and was refused. Open the page here and try again.");
    public static readonly Refusal SignInFailed = new("sign_in_failed", 401, "The e-mail address or the password is wrong.");
    public static readonly Refusal MfaRequired = new("mfa_required", 401, "The first step was right. Answer the challenge named here by one of its methods, with its token.");
    public static readonly Refusal ChallengeFailed = new("challenge_failed", 401, "This code or answer is wrong, used or too late. Try another, or sign in again.");
    public static readonly Refusal MethodNotOffered = new("method_not_offered", 422, "This challenge cannot be answered in that way. Choose one of the methods it names.");
    public static readonly Refusal SecondStepLocked = new("second_step_locked", 429, "Too many wrong answers for this account. Wait as long as Retry-After says, or use a passkey.");
    public static readonly Refusal SignInLocked = new("sign_in_locked", 429, "Too many failed attempts from here. Wait as long as Retry-After says, then try again.");
    public static readonly Refusal SignInHeld = new("sign_in_held", 403,
        "This sign-in looked unusual, so we stopped it and wrote to the owner. Use a device that you signed in with before, choose a new password, or wait as long as Retry-After says.");
    public static readonly Refusal NetworkBlockExists = new("network_block_exists", 409, "This network is blocked already. Remove that entry first.");
    public static readonly Refusal EmailNotVerified = new("email_not_verified", 403, "Confirm your e-mail address first: use the link or code we sent, or ask for a new one.");
    public static readonly Refusal AccountSuspended = new("account_suspended", 403, "This account is suspended. Write to support to have it looked at.");
    public static readonly Refusal PasswordTooWeak = new("password_too_weak", 422, "This password is easy to guess. Take a longer one, for example four unrelated words.");
    public static readonly Refusal VerificationFailed = new("verification_failed", 400, "This link or code is wrong, used or too old. Ask for a new message.");
    public static readonly Refusal Busy = new("sign_in_busy", 503, "Many people are signing in at this moment. Try again shortly.") { RetryAfterSeconds = 2 };
    public static readonly Refusal NotYourself = new("not_yourself", 409, "You cannot suspend yourself or change your own roles. Ask another administrator.");
    public static readonly Refusal LastAdministrator = new("last_administrator", 409, "This is the last active administrator. Make another one first.");
    public static readonly Refusal WrongAccountState = new("wrong_account_state", 409, "The account is not in a state that allows this. Look at it again.");
}
