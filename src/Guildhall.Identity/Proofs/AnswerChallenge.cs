using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
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
            if (await Opened(tx, caller, id, token) is not { } challenge) return No(IdentityRefusals.ChallengeFailed);
            if (!await IsOffered(tx, challenge, method)) return No(IdentityRefusals.MethodNotOffered);
            var known = challenge.Purpose is "sign_in" ? await KnownDevices.Recognise(tx, caller, challenge.AccountId, device) : null;
            var key = Key(challenge, known);
            if (IsGuessable(method) && await RateLimits.Hit(tx, key, Attempts, AttemptsWithinSeconds) is { } wait) return No(IdentityRefusals.SecondStepLocked with { RetryAfterSeconds = wait });
            if (!await check(tx, challenge)) return await Failed(tx, caller, challenge, method, known);

            var signedIn = await Granted(tx, identity, caller, challenge, method, known);
            if (remember && challenge.Purpose is "sign_in" && method is not ProofMethod.EmailCode) await Remember(tx, caller, signedIn);
            if (challenge.Tries >= SafetyNotices.ToldAfter) await SafetyNotices.AfterFailures(tx, identity, caller, challenge.AccountId);
            await RateLimits.Forget(tx, key);
            return new Outcome(signedIn, null, challenge.AccountId.Value);
        }, stop);
        if (outcome.SignedIn is not { } done) return outcome.Refusal!;
        await identity.ReachEveryNode(outcome.Account!.Value);
        return done;
    }

    /// <summary>The challenge when it may be answered by this caller now: its row and the account's are locked then.</summary>
    internal static async Task<OpenChallenge?> Opened(Transaction tx, Caller caller, ChallengeId id, string? token)
    {
        if (await Challenges.Lock(tx, id, token) is not { } challenge || (challenge.SessionId is { } session && caller.SessionId != session.Value)) return null;
        var locked = await CompleteSignIn.Lock(tx, challenge.AccountId);
        return locked.Epoch == challenge.Epoch && locked.State is AccountState.Active ? challenge : null;
    }

    internal static async Task<bool> IsOffered(Transaction tx, OpenChallenge challenge, ProofMethod method)
    {
        var factors = Proof.Besides(challenge.FirstMethod, await Proof.SecondFactors(tx, challenge.AccountId));
        return challenge.Purpose is "step_up" ? StepUp.Methods(factors, hasPassword: true).Contains(method) : CompleteSignIn.Offered(factors).Contains(method);
    }

    private static async Task<SignedIn> Granted(Transaction tx, IdentityParts identity, Caller caller, OpenChallenge challenge, ProofMethod method, KnownDevice? known)
    {
        await Challenges.UseUp(tx, challenge.Id);
        if (challenge.Purpose is "sign_in") return await CompleteSignIn.Open(tx, identity, caller, challenge.AccountId, challenge.Epoch, challenge.SessionKind, challenge.FirstMethod, method, known);
        var (first, second) = method is ProofMethod.Password ? (method, (ProofMethod?)null) : (challenge.FirstMethod, method);
        return await StepUp.Replace(tx, identity, caller, challenge, first, second);
    }

    private static Outcome No(Refusal refusal) => new(null, refusal, null);

    // What a key of the device signs cannot be guessed, so it stays open to the owner while somebody else tries codes.
    private static bool IsGuessable(ProofMethod method) => method is not ProofMethod.Passkey;

    // Wrong answers of strangers are counted apart from those of a session or of a device that has signed in before: they cannot lock the owner out there.
    private static string Key(OpenChallenge challenge, KnownDevice? known) => string.Create(CultureInfo.InvariantCulture,
        $"second-step:{challenge.AccountId.Value:n}:{(challenge.SessionId is { } session ? session.Value.ToString("n") : known?.Id.Value.ToString("n") ?? "stranger")}");

    private static async Task<Outcome> Failed(Transaction tx, Caller caller, OpenChallenge challenge, ProofMethod method, KnownDevice? known)
    {
        await Challenges.CountFailure(tx, challenge.Id);
        await tx.Audit(caller, "session.second_step_refused", "account", challenge.AccountId.ToString(), after: new { method, challenge = challenge.Id },
            personal: (challenge.AccountId.Value, new { address = caller.Address?.ToString() }));
        // Owners mistype at their own devices; elsewhere somebody knows the first factor and not the second.
        if (challenge.Tries + 1 == Challenges.Tries || (challenge.Purpose is "sign_in" && known is null)) await tx.Publish(new SecondStepFailed(challenge.AccountId.Value));
        return No(IdentityRefusals.ChallengeFailed);
    }

    private static async Task Remember(Transaction tx, Caller caller, SignedIn signedIn) =>
        await KnownDevices.Trust(tx, caller, await tx.Get<DeviceId>("select device_id from identity.sessions where id = @session", new { session = signedIn.Session.Id }));
}

/// <summary>Somebody who knew the first factor failed the second: on a device that is not known, or as often as a challenge allows.</summary>
public sealed record SecondStepFailed(Guid Account) : Foundation.Facts.IFact;
