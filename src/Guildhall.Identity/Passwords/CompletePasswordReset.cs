using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passwords;

/// <summary>A new password by the link of our mail. The link is used up by one statement in the transaction that stores the password, ends every session and writes the
/// audit: all of it holds, or none. It signs nobody in, and the second factor is asked at the next sign-in as ever. A link that is wrong, used, replaced, run out or of a
/// suspended account is one refusal; a password that is not taken leaves the link good.</summary>
public static class CompletePasswordReset
{
    public sealed record Body(string Token, string Password);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/password-resets/actions/complete", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(CompletePasswordReset)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret(), new OpenBeforeSecondFactor());

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (await CheckPasswordReset.Find(identity, body.Token, stop) is not { } open) return IdentityRefusals.PasswordResetFailed;
        var words = KnownWords.Of(identity.Options, open.Email, open.DisplayName);
        if (await NewPassword.Objection(identity, "password", body.Password, words, PasswordRules.MinLengthFor(open.SecondFactor), stop) is { } objection) return objection;
        if (await PasswordHistory.Objection(identity, open.Id, open.PasswordHash, body.Password, stop) is { } used) return used;
        if (!(await NewPassword.Hash(identity, body.Password, stop)).Is(out var hash, out var busy)) return busy;

        var result = await identity.Database.InTransaction(tx => Write(tx, caller, open.Id, Secret.Hash(body.Token), hash), stop);
        if (!result.Granted) return result;
        await identity.ReachEveryNode(open.Id.Value);
        return result;
    }

    private static async Task<Result<Done>> Write(Transaction tx, Caller caller, AccountId account, byte[] token, string hash)
    {
        var locked = await CompleteSignIn.Lock(tx, account);
        if (locked.State is not AccountState.Active || await tx.ChangeNow(UseUp, new { account, token, now = tx.Now }) == 0) return IdentityRefusals.PasswordResetFailed;
        await StorePassword.Run(tx, account, locked.PasswordHash, hash);
        await tx.Audit(caller, "password.reset", "account", account.ToString(), before: new { changedAt = locked.PasswordSince, mustChange = locked.MustChangePassword },
            after: new { changedAt = tx.Now, sessions = "ended" }, personal: (account.Value, new { address = caller.Address?.ToString() }));
        return new Done();
    }

    private const string UseUp = """
        update identity.password_resets set used_at = @now where account_id = @account and token_hash = @token and used_at is null and expires_at > @now
        """;
}
