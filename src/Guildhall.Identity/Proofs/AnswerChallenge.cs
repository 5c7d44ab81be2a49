using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;

namespace Guildhall.Identity.Proofs;

/// <summary>Answers a challenge by one way. The way's own check runs in the transaction, under the lock of the challenge and of the account; whatever it says,
/// the count of tries commits. Five wrong answers burn the challenge, ten an hour the account's second steps.</summary>
internal static class AnswerChallenge
{
    /// <summary>Wrong second steps of one account, over all its challenges.</summary>
    public const int Attempts = 10;

    /// <summary>They are counted over this many seconds.</summary>
    public const int AttemptsWithinSeconds = 3600;

    /// <summary>Whether what was given proves it: uses up what may be used once, in this transaction.</summary>
    internal delegate Task<bool> Check(Transaction tx, OpenChallenge challenge);

    private sealed record Outcome(SignedIn? SignedIn, Refusal? Refusal, Guid? Account);

    /// <summary>A new session when the answer proves it; for a step-up it takes the place of the one that asked.</summary>
    /// <param name="remember">Skip the second step on this device for thirty days.</param>
    public static async Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, ChallengeId id, string? token, ProofMethod method, Check check, CancellationToken stop, bool remember = false, string? device = null)
    {
        var outcome = await identity.Database.InTransaction(async tx =>
        {
            if (await Challenges.Lock(tx, id, token) is not { } challenge) return new Outcome(null, IdentityRefusals.ChallengeFailed, null);
            if (challenge.SessionId is { } session && caller.SessionId != session.Value) return new Outcome(null, IdentityRefusals.ChallengeFailed, null);
            var locked = await CompleteSignIn.Lock(tx, challenge.AccountId);
            if (locked.Epoch != challenge.Epoch || locked.State is not AccountState.Active) return new Outcome(null, IdentityRefusals.ChallengeFailed, null);
            if (!await IsOffered(tx, challenge, method)) return new Outcome(null, IdentityRefusals.MethodNotOffered, null);
            if (await identity.Limits.Hit(Key(challenge.AccountId), Attempts, AttemptsWithinSeconds, stop) is { } wait) return new Outcome(null, IdentityRefusals.SecondStepLocked with { RetryAfterSeconds = wait }, null);
            if (!await check(tx, challenge)) return await Failed(tx, caller, challenge, method);

            await Challenges.UseUp(tx, id);
            var (first, second) = challenge.Purpose is "step_up" && method is ProofMethod.Password ? (method, (ProofMethod?)null) : (challenge.FirstMethod, method);
            var known = await KnownDevices.Recognise(tx, challenge.AccountId, device);
            var signedIn = challenge.Purpose is "step_up"
                ? await StepUp.Replace(tx, identity, caller, challenge, first, second)
                : await CompleteSignIn.Open(tx, identity, caller, challenge.AccountId, challenge.Epoch, challenge.SessionKind, first, second, known);
            if (remember && challenge.Purpose is "sign_in" && second is not (null or ProofMethod.EmailCode)) await Remember(tx, signedIn);
            return new Outcome(signedIn, null, challenge.AccountId.Value);
        }, stop);
        if (outcome.SignedIn is not { } done) return outcome.Refusal!;
        await identity.Limits.Forget(Key(done.Account), stop);
        await identity.ReachEveryNode(outcome.Account!.Value);
        return done;
    }

    internal static string Key(AccountId account) => "second-step:" + account.Value.ToString("n", CultureInfo.InvariantCulture);

    private static async Task<bool> IsOffered(Transaction tx, OpenChallenge challenge, ProofMethod method)
    {
        var factors = await Proof.SecondFactors(tx, challenge.AccountId);
        return challenge.Purpose is "step_up" ? StepUp.Methods(factors, hasPassword: true).Contains(method) : (factors.Count > 0 ? factors : CompleteSignIn.OnlyByMail).Contains(method);
    }

    private static async Task<Outcome> Failed(Transaction tx, Caller caller, OpenChallenge challenge, ProofMethod method)
    {
        await Challenges.CountFailure(tx, challenge.Id);
        await tx.Audit(caller, "session.second_step_refused", "account", challenge.AccountId.ToString(), after: new { method, challenge = challenge.Id },
            personal: (challenge.AccountId.Value, new { address = caller.Address?.ToString() }));
        if (challenge.Tries + 1 == Challenges.Tries) await tx.Publish(new SecondStepFailed(challenge.AccountId.Value));
        return new Outcome(null, IdentityRefusals.ChallengeFailed, null);
    }

    private static Task Remember(Transaction tx, SignedIn signedIn) =>
        tx.ChangeOne("update identity.devices set trusted_until = @until where id = (select device_id from identity.sessions where id = @session)", new { session = signedIn.Session.Id, until = tx.Now + KnownDevices.Trusted });
}

/// <summary>Somebody who knew the first factor failed the second as often as a challenge allows.</summary>
public sealed record SecondStepFailed(Guid Account) : Foundation.Facts.IFact;
