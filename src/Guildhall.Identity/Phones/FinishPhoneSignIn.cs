using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Phones;

/// <summary>The code of one attempt for a session, or for the second step the account asks for. One statement checks the code and uses it up: it fits no other attempt, and
/// of many at once one succeeds.</summary>
public static class FinishPhoneSignIn
{
    /// <param name="DeviceToken">As an earlier sign-in of this device answered it.</param>
    public sealed record Body(PhoneSignInId AttemptId, string Token, string Code, string? DeviceToken = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/phone-sign-in/actions/verify", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, body, SessionKind.Bearer, stop)).Tokens())
        .WithName(nameof(FinishPhoneSignIn)).ForAnyone().Limited(RateClass.Code).WithMetadata(new BringsOwnSecret()).Produces<TokenPair>();

    private sealed record Tried(AccountId AccountId, string Phone, bool Fits);

    // No refusal by type: what was tried and used up commits whatever comes of it.
    private sealed record Verdict(Refusal? Refusal, CompleteSignIn.Outcome? Outcome);

    /// <summary>Opens a session of the asked kind; the session the caller came with is replaced, never kept.</summary>
    public static async Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, Body body, SessionKind kind, CancellationToken stop)
    {
        if (!Secret.LooksLikeOne(body.Token) || !PhoneCodes.LooksLikeOne(body.Code)) return IdentityRefusals.PhoneSignInFailed;
        var (refusal, outcome) = await identity.Database.InTransaction(tx => Try(tx, identity, caller, body, kind), stop);
        if (refusal is not null) return refusal;
        if (outcome!.SignedIn is not null && caller.AccountId is { } replaced) await identity.ReachEveryNode(replaced);
        return outcome.ToResult();
    }

    private static async Task<Verdict> Try(Transaction tx, IdentityParts identity, Caller caller, Body body, SessionKind kind)
    {
        var args = new { body.AttemptId, token = Secret.Hash(body.Token), code = identity.PhoneCodes.Hash(SendSignInCode.Purpose(body.AttemptId), body.Code), now = tx.Now };
        var tried = await tx.Find<Tried>(UseCode, args);
        if (tried is { Fits: true })
        {
            var locked = await CompleteSignIn.Lock(tx, tried.AccountId);
            // The number may have gone to somebody else since the code was sent.
            if (string.Equals(await VerifiedPhone.Of(tx, tried.AccountId), tried.Phone, StringComparison.Ordinal))
            {
                await SmsLimits.Used(tx, tried.Phone);
                var result = await CompleteSignIn.Run(tx, identity, caller, tried.AccountId, locked, ProofMethod.PhoneCode, kind, body.DeviceToken);
                return result.Is(out var outcome, out var refusal) ? new Verdict(null, outcome) : new Verdict(refusal, null);
            }
        }
        // The same entry for an attempt that is somebody's and one that is nobody's.
        await tx.Audit(caller, "session.refused", "phone_sign_in", body.AttemptId.ToString(), after: new { account = tried?.AccountId });
        return new Verdict(IdentityRefusals.PhoneSignInFailed, null);
    }

    private const string UseCode = """
        update identity.phone_sign_ins set tries = tries + 1, used_at = case when code_hash = @code then @now end
        where id = @AttemptId and token_hash = @token and code_hash is not null and used_at is null and tries < 5 and expires_at > @now
        returning account_id, phone, used_at is not null as fits
        """;
}
