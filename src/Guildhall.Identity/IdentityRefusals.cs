using Guildhall.Foundation;

namespace Guildhall.Identity;

/// <summary>Every expected "no" of this module.</summary>
public static class IdentityRefusals
{
    public static readonly Refusal SessionExpired = new("SESSION_EXPIRED", 401, "This session has ended. Sign in again.");
    public static readonly Refusal SessionNotExtendable = new("session_not_extendable", 403, "Sessions of staff end twelve hours after sign-in. Sign in again when this one has ended.");
    public static readonly Refusal InvalidToken = new("invalid_token", 401, "The access token is not one of ours or is damaged. Refresh it or sign in again.");
    public static readonly Refusal TokenExpired = new("token_expired", 401, "The access token has run out. Refresh it, then repeat the request.");
    public static readonly Refusal CrossSite = new("cross_site_refused", 403, "This request came from another site and was refused. Open the page here and try again.");
    public static readonly Refusal SignInFailed = new("sign_in_failed", 401, "The e-mail address or the password is wrong.");
    public static readonly Refusal MfaRequired = new("mfa_required", 401, "The first step was right. Answer the challenge named here by one of its methods, with its token.");
    public static readonly Refusal ChallengeFailed = new("challenge_failed", 401, "This code or answer is wrong, used or too late. Try another, or sign in again.");
    public static readonly Refusal MethodNotOffered = new("method_not_offered", 422, "This challenge cannot be answered in that way. Choose one of the methods it names.");
    public static readonly Refusal TooManyCodes = new("too_many_codes", 429, "No more codes are sent for this sign-in. Use one that came, another method, or sign in again later.");
    public static readonly Refusal TotpNotStarted = new("totp_not_started", 409, "No authenticator app waits to be confirmed, or it waited too long. Start again.");
    public static readonly Refusal TotpCodeWrong = new("totp_code_wrong", 422, "This code is not what the app shows now. Check the clock of your phone and type the next code.");
    public static readonly Refusal NoSecondFactor = new("no_second_factor", 409, "There is no authenticator app or passkey. Set one up first.");
    public static readonly Refusal LinkInvalid = new("link_invalid", 400, "This link is damaged or too old. Sign in and look at your devices instead.");
    public static readonly Refusal SecondStepLocked = new("second_step_locked", 429, "Too many wrong answers for this account. Wait as long as Retry-After says, or use a passkey.");
    public static readonly Refusal PasskeyRefused = new("passkey_refused", 401, "This passkey was not accepted, or it took longer than five minutes. Try again, or sign in another way.");
    public static readonly Refusal PasskeyNotAdded = new("passkey_not_added", 422, "The new passkey could not be checked, or it took longer than five minutes. Start adding it again.");
    public static readonly Refusal PasskeyTaken = new("passkey_taken", 409, "This passkey is in use for an account already. Add one from another device or security key.");
    public static readonly Refusal TooManyPasskeys = new("too_many_passkeys", 409, "This account has as many passkeys as it can. Remove one you no longer use first.");
    public static readonly Refusal LastWayIn = new("last_way_in", 409, "This is the only way to sign in to the account. Set a password or add another passkey first.");
    public static readonly Refusal LastSecondFactor = new("last_second_factor", 409, "Your role needs a second factor and this is the last one. Add another one first.");
    public static readonly Refusal SignInLocked = new("sign_in_locked", 429, "Too many failed attempts from here. Wait as long as Retry-After says, then try again.");
    public static readonly Refusal PhoneNotAccepted = new("phone_not_accepted", 422, "We cannot send codes to this number. Give a mobile number with its country, such as +965 5000 0001.");
    public static readonly Refusal PhoneCodeFailed = new("phone_code_failed", 400, "This code is wrong, used or too old. Try again, or ask for a new one.");
    public static readonly Refusal PhoneTaken = new("phone_taken", 409, "Another account has this number. Sign in there, or write to support.");
    public static readonly Refusal PhoneSignInFailed = new("phone_sign_in_failed", 401, "This code is wrong, used or too old. Try again, or ask for a new one.");
    public static readonly Refusal SmsPaused = new("sms_paused", 429, "No codes go to numbers of this range at the moment. Try later, or use another way.") { RetryAfterSeconds = 3600 };
    public static readonly Refusal TextsUsedUp = new("texts_used_up", 429, "No more codes are sent for this sign-in. Use another way, or begin again later.") { RetryAfterSeconds = 600 };
    public static readonly Refusal SmsNotConfigured = new Refusal("sms_not_configured", 503, "This installation sends no text messages. Use another way.").With(("delivered", false), ("reason", "SMS_NOT_CONFIGURED"));
    public static readonly Refusal SignInHeld = new("sign_in_held", 403,
        "This sign-in looked unusual, so we stopped it and wrote to the owner. Use a device that you signed in with before, choose a new password, or wait as long as Retry-After says.");
    public static readonly Refusal NetworkBlockExists = new("network_block_exists", 409, "This network is blocked already. Remove that entry first.");
    public static readonly Refusal EmailNotVerified = new("email_not_verified", 403, "Confirm your e-mail address first: use the link or code we sent, or ask for a new one.");
    public static readonly Refusal AccountSuspended = new("account_suspended", 403, "This account is suspended. Write to support to have it looked at.");
    public static readonly Refusal PasswordTooWeak = new("password_too_weak", 422, "This password is easy to guess. Take a longer one, for example four unrelated words.");
    public static readonly Refusal PasswordBreached = new("password_breached", 422, "This password is known from a breach of another place. Take one that you use nowhere else.");
    public static readonly Refusal PasswordUsedBefore = new("password_used_before", 422, "This is one of your last five passwords. Take a new one.");
    public static readonly Refusal CurrentPasswordWrong = new("current_password_wrong", 403, "The present password is wrong. Type it again, or have a link sent to you under Forgot your password.");
    public static readonly Refusal PasswordChangeRequired = new("password_change_required", 403, "Choose a new password first: we have sent a link to your address.");
    public static readonly Refusal PasswordResetFailed = new("password_reset_failed", 400, "This link is wrong, used or too old. Ask for a new one.");
    public static readonly Refusal VerificationFailed = new("verification_failed", 400, "This link or code is wrong, used or too old. Sign in if the address is confirmed already, else ask for a new message.");
    public static readonly Refusal Busy = new("sign_in_busy", 503, "Many people are signing in at this moment. Try again shortly.") { RetryAfterSeconds = 2 };
    public static readonly Refusal NotYourself = new("not_yourself", 409, "You cannot suspend yourself, change your own roles or reset your own factors. Ask another administrator.");
    public static readonly Refusal KeyTooYoung = new("key_too_young", 409, "The next signing key is not known to every node for sure yet. Try again five minutes after the last rotation.") { RetryAfterSeconds = 300 };
    public static readonly Refusal LastAdministrator = new("last_administrator", 409, "This is the last active administrator. Make another one first.");
    public static readonly Refusal PermissionNotHeld = new("permission_not_held", 403, "You cannot give or take what you do not hold yourself; the permission is named here. Ask somebody who does.");
    public static readonly Refusal InvitationFailed = new("invitation_failed", 400, "This invitation is wrong, used, withdrawn or too old. Ask who invited you for a new one.");
    public static readonly Refusal InvitationSignInFirst = new("invitation_sign_in_first", 409, "There is an account with this address. Sign in to it, then open the link of the invitation again.");
    public static readonly Refusal InvitationOfAnother = new("invitation_of_another", 403, "This invitation is for another address. Sign out, or sign in with the account it was sent to.");
    public static readonly Refusal InvitationOpen = new("invitation_open", 409, "There is an open invitation for this address. Send it again, or revoke it first.");
    public static readonly Refusal InvitationEnded = new("invitation_ended", 409, "This invitation was accepted or revoked already. Make a new one.");
    public static readonly Refusal SecretAsPassword = new("secret_as_password", 422, "The secret of a link cannot be your password. Choose one of your own.");
    public static readonly Refusal RoleExists = new("role_exists", 409, "There is a role of this name. Choose another name.");
    public static readonly Refusal RoleFixed = new("role_fixed", 409, "This role is built in: administrators may do everything, customers and providers nothing of staff. Make a role of its own instead.");
    public static readonly Refusal RoleHeld = new("role_held", 409, "People hold this role, or are invited to it. Take it from them first.");
    public static readonly Refusal RoleChangedMeanwhile = new("role_changed_meanwhile", 409, "Somebody changed this role after you had opened it. What differs is named here; look at it again.");
    public static readonly Refusal CannotLookAs = new("cannot_look_as", 409, "You can look only as an active customer or provider: not as yourself, not as staff.");
    public static readonly Refusal NotLooking = new("not_looking", 409, "You do not look as somebody else. There is nothing to stop.");
    public static readonly Refusal ExportUnderWay = new("export_under_way", 409, "A copy is being made already. You are told when it is ready.");
    public static readonly Refusal ErasureNotPossible = new("erasure_not_possible", 409, "The account cannot be erased yet. What stands against it, and what to do, is named here.");
    public static readonly Refusal ErasureWaiting = new("erasure_waiting", 409, "The erasure of this account is asked for already.");
    public static readonly Refusal ErasureNotWaiting = new("erasure_not_waiting", 409, "No erasure of this account waits. There is nothing to take back.");
    public static readonly Refusal ErasurePasswordWrong = new("erasure_password_wrong", 422, "The password is wrong. Nothing was asked for.");
    public static readonly Refusal WrongAccountState = new("wrong_account_state", 409, "The account is not in a state that allows this. Look at it again.");
}
