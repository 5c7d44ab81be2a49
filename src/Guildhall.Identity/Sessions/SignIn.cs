using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>E-mail and password for a new session. Who fails learns nothing about the account: unknown address, wrong password and every state
/// cost the same and say the same; only who knows the password is told that the address is unconfirmed or the account suspended.</summary>
public static class SignIn
{
    /// <summary>Failed attempts at one account from one network before it has to wait. Other networks are not affected, so nobody can lock
    /// the owner out.</summary>
    public const int Attempts = 5;

    /// <summary>The attempts are counted over this many seconds.</summary>
    public const int AttemptsWithinSeconds = 15 * 60;

    public sealed record Body(string Email, string Password);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/sign-in", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
        {
            var result = await Run(identity, caller, body, SessionKind.Bearer, stop);
            return result.Is(out var signedIn, out var refusal) ? Results.Json(signedIn.Tokens, JsonRules.Options) : refusal.ToHttp();
        })
        .WithName(nameof(SignIn)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret()).Produces<TokenPair>();

    private sealed record Found(AccountId Id, string PasswordHash);
    private sealed record Locked(AccountState State, int Epoch, string PasswordHash);

    /// <summary>Opens a session of the asked kind; the session the caller came with is replaced, never kept.</summary>
    public static async Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, Body body, SessionKind kind, CancellationToken stop)
    {
        if (body.Password.Length > 2 * PasswordRules.MaxLength || body.Email.Length > 320) return IdentityRefusals.SignInFailed;
        EmailAddress.TryParse(body.Email, out var email);
        var attempts = AttemptsKey(email.Key ?? body.Email, caller);
        if (await identity.Limits.Hit(attempts, Attempts, AttemptsWithinSeconds, stop) is { } wait) return IdentityRefusals.SignInLocked with { RetryAfterSeconds = wait };

        var found = email.Key is null ? null : await identity.Database.Find<Found>("select id, password_hash from identity.accounts where email_key = @key", new { key = email.Key }, stop);
        var stored = found?.PasswordHash ?? identity.Passwords.Nobody;
        var hashing = identity.Hashing.TryRun(() => Compare(identity.Passwords, body.Password, stored), stop);
        if (hashing is null)
        {
            await identity.Limits.TakeBack(attempts, stop);
            return IdentityRefusals.Busy;
        }
        var (fits, better) = await hashing;
        if (!fits || found is null) return await Failed(identity, caller, found?.Id, stop);

        await identity.Limits.Forget(attempts, stop);
        var result = await identity.Database.InTransaction(tx => Open(tx, identity, caller, found, better, kind), stop);
        if (result.Granted && caller.AccountId is { } replaced) await identity.ReachEveryNode(replaced);
        return result;
    }

    private static (bool Fits, string? Better) Compare(PasswordHash passwords, string given, string stored) =>
        passwords.Fits(given, stored) ? (true, PasswordHash.IsOutdated(stored) ? passwords.Make(given) : null) : (false, null);

    private static async Task<Result<SignedIn>> Open(Transaction tx, IdentityParts identity, Caller caller, Found found, string? better, SessionKind kind)
    {
        // The row is locked: a suspension, a new password or the end of all sessions comes wholly before or wholly after this sign-in.
        var account = await tx.Get<Locked>("select state, epoch, password_hash from identity.accounts where id = @id for no key update", new { id = found.Id });
        if (!string.Equals(account.PasswordHash, found.PasswordHash, StringComparison.Ordinal)) return IdentityRefusals.SignInFailed;
        if (account.State is AccountState.Suspended) return IdentityRefusals.AccountSuspended;
        if (account.State is AccountState.Unverified) return IdentityRefusals.EmailNotVerified;

        if (better is not null) await tx.ChangeOne("update identity.accounts set password_hash = @better, changed_at = @now where id = @id", new { id = found.Id, better, now = tx.Now });
        if (caller.SessionId is { } old)
        {
            await tx.Change("update identity.sessions set ended_at = @now, ended_why = 'replaced' where id = @old and ended_at is null", new { old, now = tx.Now });
            await tx.Publish(new AccountChanged(caller.AccountId!.Value));
        }
        var signedIn = await OpenSession.Run(tx, identity.Tokens, caller, found.Id, account.Epoch, kind);
        await tx.Audit(caller with { Kind = CallerKind.Person, AccountId = found.Id.Value, SessionId = signedIn.Session.Id.Value }, "session.opened", "session",
            signedIn.Session.Id.ToString(), after: new { kind });
        return signedIn;
    }

    // Known and unknown addresses leave the same trace and take the same way.
    private static async Task<Result<SignedIn>> Failed(IdentityParts identity, Caller caller, AccountId? account, CancellationToken stop)
    {
        await identity.Database.InTransaction(tx => tx.Audit(caller, "session.refused", "account", account?.ToString() ?? "unknown",
            personal: account is { } known ? (known.Value, new { address = caller.Address?.ToString() }) : null), stop);
        return IdentityRefusals.SignInFailed;
    }

    private static string AttemptsKey(string email, Caller caller) =>
        $"sign-in:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)))}:{RateLimits.AddressKey(caller.Address)}";
}
