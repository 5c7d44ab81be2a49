using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passwords;

/// <summary>A signed-in person changes their own password, with the present one. A wrong one counts like a failed sign-in. Every session ends; the one that asked goes on
/// as a new one with its times.</summary>
public static class ChangePassword
{
    public sealed record Body(string CurrentPassword, string NewPassword);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/me/password", async (Body body, HttpContext http, Caller caller, IdentityParts identity, SessionCookie cookie, CancellationToken stop) =>
        {
            var result = await Run(identity, caller, body, stop);
            if (!result.Is(out var signedIn, out _) || signedIn.CookieToken is null) return result.Tokens();
            cookie.Write(http, signedIn);
            return Results.NoContent();
        })
        .WithName(nameof(ChangePassword)).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<TokenPair>();

    private sealed record Found(AccountId Id, string Email, string EmailKey, string DisplayName, string? PasswordHash, DateTimeOffset? PasswordChangedAt, bool SecondFactor);

    /// <summary>The session in place of the one that asked.</summary>
    public static async Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (caller is not { AccountId: { } account, SessionId: { } session }) return FoundationRefusals.SignInFirst;
        if (body.CurrentPassword.Length > 2 * PasswordRules.MaxLength) return IdentityRefusals.CurrentPasswordWrong;
        if (await identity.Database.Find<Found>(ReadSql, new { account }, stop) is not { } found) return IdentityRefusals.SessionExpired;
        if (await CurrentIsWrong(identity, caller, found, body.CurrentPassword, stop) is { } wrong) return wrong;

        var words = KnownWords.Of(identity.Options, found.Email, found.DisplayName);
        if (await NewPassword.Objection(identity, "newPassword", body.NewPassword, words, PasswordRules.MinLengthFor(found.SecondFactor), stop) is { } objection) return objection;
        if (await PasswordHistory.Objection(identity, found.Id, found.PasswordHash, body.NewPassword, stop) is { } used) return used;
        if (!(await NewPassword.Hash(identity, body.NewPassword, stop)).Is(out var hash, out var busy)) return busy;

        var result = await identity.Database.InTransaction(tx => Write(tx, identity, caller, found, new SessionId(session), hash), stop);
        if (result.Granted) await identity.ReachEveryNode(account);
        return result;
    }

    private static async Task<Refusal?> CurrentIsWrong(IdentityParts identity, Caller caller, Found found, string given, CancellationToken stop)
    {
        // As wrong sign-ins count, from here and from anywhere: a stolen session is no place to guess at the password from.
        var attempt = SignInLimits.Attempt.Of(identity.Marks.Account(found.EmailKey), found.PasswordChangedAt, caller.Address, device: null);
        if (await identity.Limits.Hit(attempt.Near, SignIn.Attempts, SignIn.AttemptsWithinSeconds, stop) is { } wait) return IdentityRefusals.SignInLocked with { RetryAfterSeconds = wait };
        if (await identity.Limits.Hit(attempt.Day, SignInLimits.PerAccountDay, SignInLimits.DaySeconds, stop) is { } day) return IdentityRefusals.SignInLocked with { RetryAfterSeconds = day };
        if (identity.Hashing.TryRun(() => identity.Passwords.Fits(given, found.PasswordHash ?? identity.Passwords.Nobody), stop) is not { } comparing)
        {
            await identity.Limits.TakeBack(attempt.Near, stop);
            await identity.Limits.TakeBack(attempt.Day, stop);
            return IdentityRefusals.Busy;
        }
        if (await comparing)
        {
            await identity.Limits.Forget(attempt.Near, stop);
            await identity.Limits.TakeBack(attempt.Day, stop);
            return null;
        }
        await identity.Database.InTransaction(tx => tx.Audit(caller, "password.change_refused", "account", found.Id.ToString()), stop);
        return IdentityRefusals.CurrentPasswordWrong;
    }

    private sealed record Old(SessionKind Kind, short Level, DateTimeOffset? ProvenAt, ProofMethod ProvenBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DeviceId? DeviceId, int Generation);

    private static async Task<Result<SignedIn>> Write(Transaction tx, IdentityParts identity, Caller caller, Found found, SessionId session, string hash)
    {
        var locked = await CompleteSignIn.Lock(tx, found.Id);
        // Changed or upgraded meanwhile by somebody else: what was compared is not what is stored.
        if (!string.Equals(locked.PasswordHash, found.PasswordHash, StringComparison.Ordinal)) return FoundationRefusals.TryAgain;
        if (await tx.Find<Old>(ReadSession, new { session }) is not { } old) return IdentityRefusals.SessionExpired;
        var isOnlyFactor = (await Proof.SecondFactors(tx, found.Id)).Count == 0;
        await StorePassword.Run(tx, found.Id, locked.PasswordHash, hash);
        // The password alone proves anew who has nothing else; a session of two factors keeps the time it proved both.
        var proof = new SessionProof(old.Level, isOnlyFactor ? tx.Now : old.ProvenAt, old.ProvenBy, old.DeviceId) { Opened = old.CreatedAt, Ends = old.ExpiresAt, Generation = old.Generation };
        var signedIn = await OpenSession.Run(tx, identity.Tokens, caller, found.Id, locked.Epoch + 1, old.Kind, proof);
        await tx.Audit(caller with { SessionId = signedIn.Session.Id.Value }, "password.changed", "account", found.Id.ToString(),
            before: new { changedAt = locked.PasswordSince, mustChange = locked.MustChangePassword, session }, after: new { changedAt = tx.Now, otherSessions = "ended", session = signedIn.Session.Id });
        return signedIn;
    }

    private const string ReadSql = "select id, email, email_key, display_name, password_hash, password_changed_at, second_factor from identity.accounts where id = @account";

    // The account is locked: a session that was ended with all others meanwhile is seen as ended.
    private const string ReadSession = $"""
        select s.kind, s.level, s.proven_at, s.proven_by, s.created_at, s.expires_at, s.device_id, s.generation from identity.sessions s join identity.accounts a on a.id = s.account_id
        where s.id = @session and s.impersonator_id is null and {SessionSql.Current} for update of s
        """;
}
