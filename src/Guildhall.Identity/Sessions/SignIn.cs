using System.Diagnostics;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Risk;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>E-mail and password for a new session. Who fails learns nothing about the account: unknown address, wrong password and every state
/// cost the same and say the same; only who knows the password is told that the address is unconfirmed or the account suspended.</summary>
public static class SignIn
{
    /// <summary>Failed attempts at one account from one network, or from one device that the account knows, before it has to wait; see <see cref="SignInLimits"/>.</summary>
    public const int Attempts = 5;

    /// <summary>The attempts are counted over this many seconds.</summary>
    public const int AttemptsWithinSeconds = 15 * 60;

    /// <param name="DeviceToken">As an earlier sign-in of this device answered it.</param>
    public sealed record Body(string Email, string Password, string? DeviceToken = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/sign-in", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, body, SessionKind.Bearer, stop)).Tokens())
        .WithName(nameof(SignIn)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret()).Produces<TokenPair>();

    private sealed record Found(AccountId Id, string? PasswordHash, DateTimeOffset? PasswordChangedAt, DateTimeOffset PasswordSince, DeviceId? Device);

    /// <summary>Opens a session of the asked kind; the session the caller came with is replaced, never kept.</summary>
    public static async Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, Body body, SessionKind kind, CancellationToken stop)
    {
        if (body.Password.Length > 2 * PasswordRules.MaxLength || body.Email.Length > 320) return IdentityRefusals.SignInFailed;
        var came = Stopwatch.GetTimestamp();
        if (identity.Hashing.IsFull) return await Refuse(identity, IdentityRefusals.Busy, came, stop); // before a flood costs the database anything
        EmailAddress.TryParse(body.Email, out var email);
        var found = email.Key is null ? null : await Find(identity.Database, email.Key, body.DeviceToken, stop);
        var account = identity.Marks.Account(email.Key ?? body.Email);
        var attempt = SignInLimits.Attempt.Of(account, found?.PasswordChangedAt, caller.Address, found?.Device);
        var counted = await SignInLimits.Count(identity, attempt, stop);
        if (counted.Wait is { } wait) return await Refuse(identity, IdentityRefusals.SignInLocked with { RetryAfterSeconds = wait }, came, stop);

        var stored = found?.PasswordHash ?? identity.Passwords.Nobody;
        var hashing = identity.Hashing.TryRun(() => Compare(identity.Passwords, body.Password, stored), stop);
        if (hashing is null)
        {
            await SignInLimits.TakeBack(identity, attempt, counted.Guessed, stop);
            return await Refuse(identity, IdentityRefusals.Busy, came, stop);
        }
        var (fits, better) = await hashing;
        var signs = new SignInSigns(account, identity.Marks.Password(body.Password, identity.Database.Clock.GetUtcNow()), counted.Guessed);
        if (!fits || found is null) return await Failed(identity, caller, found?.Id, signs, came, stop);

        var result = await identity.Database.InTransaction(async tx =>
        {
            await SignInLimits.Passed(tx, attempt, counted.Guessed);
            return await Open(tx, identity, caller, found, better, kind, body.DeviceToken, signs, counted.Failed);
        }, stop);
        if (!result.Is(out var outcome, out var refusal))
        {
            await identity.Database.InTransaction(tx => SignInLimits.Passed(tx, attempt, counted.Guessed), stop); // the password was right all the same
            return refusal;
        }
        if (outcome is { SignedIn: null, Challenge: null, Held: null }) return await SendToChange(identity, email, found.Id, stop);
        if (outcome.SignedIn is not null && caller.AccountId is { } replaced) await identity.ReachEveryNode(replaced);
        return outcome.ToResult();
    }

    private static Task<Found?> Find(Database database, string email, string? device, CancellationToken stop) =>
        database.Find<Found>(FindSql, new { key = email, hash = Secret.LooksLikeOne(device) ? Secret.Hash(device!) : null, since = KnownDevices.Since(database.Clock.GetUtcNow()) }, stop);

    private static (bool Fits, string? Better) Compare(PasswordHash passwords, string given, string stored) =>
        passwords.Fits(given, stored) ? (true, passwords.IsOutdated(stored) ? passwords.Make(given) : null) : (false, null);

    private static async Task<Result<CompleteSignIn.Outcome>> Open(Transaction tx, IdentityParts identity, Caller caller, Found found, string? better, SessionKind kind, string? device, SignInSigns signs, int failures)
    {
        // The row is locked: a suspension, a new password or the end of all sessions comes wholly before or wholly after this sign-in.
        var account = await CompleteSignIn.Lock(tx, found.Id);
        // Another sign-in just then may have stored the same password by today's recipe: that is no other password.
        var same = string.Equals(account.PasswordHash, found.PasswordHash, StringComparison.Ordinal);
        if (!same && (account.PasswordHash is null || account.PasswordSince != found.PasswordSince)) return IdentityRefusals.SignInFailed;
        if (better is not null && same) await tx.ChangeOne("update identity.accounts set password_hash = @better, changed_at = @now where id = @id", new { id = found.Id, better, now = tx.Now });
        if (failures >= SafetyNotices.ToldAfter) await SafetyNotices.AfterFailures(tx, identity, caller, found.Id);
        if (account.State is not AccountState.Active || !await MustChange(tx, account)) return await CompleteSignIn.Run(tx, identity, caller, found.Id, account, ProofMethod.Password, kind, device, signs);
        await tx.Audit(caller, "session.password_change_required", "account", found.Id.ToString(), personal: (found.Id.Value, new { address = caller.Address?.ToString() }));
        return new CompleteSignIn.Outcome(null, null);
    }

    private static async Task<bool> MustChange(Transaction tx, CompleteSignIn.Locked account) =>
        account.MustChangePassword || (await tx.Setting(PasswordSettings.Days) is > 0 and var days && tx.Now - account.PasswordSince >= TimeSpan.FromDays(days));

    // Such a password opens nothing but the way to a new one, which leads through the mailbox. Who gets here often is not mailed more often.
    private static async Task<Refusal> SendToChange(IdentityParts identity, EmailAddress email, AccountId account, CancellationToken stop)
    {
        if (await RequestPasswordReset.TooMany(identity, email.Key, stop) is null)
            await identity.Database.InTransaction(tx => tx.Enqueue(new MailPasswordReset(account.Value)), stop);
        return IdentityRefusals.PasswordChangeRequired;
    }

    // Known and unknown addresses leave the same trace, take the same way and are answered after the same time.
    private static async Task<Result<SignedIn>> Failed(IdentityParts identity, Caller caller, AccountId? account, SignInSigns signs, long came, CancellationToken stop)
    {
        await identity.Database.InTransaction(async tx =>
        {
            await SignInFailures.Add(tx, caller.Address, signs);
            await tx.Audit(caller, "session.refused", "account", account?.ToString() ?? "unknown",
                personal: account is { } known ? (known.Value, new { address = caller.Address?.ToString() }) : null);
        }, stop);
        return await Refuse(identity, IdentityRefusals.SignInFailed, came, stop);
    }

    // Not before a failed try would be: the time tells nothing, and who asks again at once, as a flood does, takes no core from those who are served.
    private static async Task<Refusal> Refuse(IdentityParts identity, Refusal refusal, long came, CancellationToken stop)
    {
        // Timers count in whole milliseconds of a coarse clock and may be early.
        while (identity.Passwords.RefusesAfter - Stopwatch.GetElapsedTime(came) is var left && left > TimeSpan.Zero) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), stop);
        return refusal;
    }

    private const string FindSql = $"""
        select a.id, a.password_hash, a.password_changed_at, coalesce(a.password_changed_at, a.created_at) as password_since, ({KnownDevices.OfAccount}) as device
        from identity.accounts a where a.email_key = @key
        """;
}
