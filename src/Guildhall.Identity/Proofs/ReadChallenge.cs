using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Proofs;

/// <summary>What a page offers at a second step.</summary>
/// <param name="Methods">The ways on offer, the strongest first.</param>
/// <param name="ForStepUp">Of a session that proves itself anew, not of a sign-in.</param>
/// <param name="MailSent">A code is on its way by e-mail and may be typed.</param>
/// <param name="TextSent">A code is on its way to the phone and may be typed.</param>
public sealed record OfferedSteps(IReadOnlyList<ProofMethod> Methods, bool ForStepUp, bool MailSent, bool TextSent);

/// <summary>Looks at the second step a browser is at, without changing anything.</summary>
public static class ReadChallenge
{
    /// <summary>Null when it is over: answered, burnt by wrong answers, or older than ten minutes.</summary>
    public static Task<OfferedSteps?> Run(IdentityParts identity, Caller caller, ChallengeId id, string token, CancellationToken stop) => identity.Database.InTransaction(async tx =>
    {
        if (await Challenges.Look(tx, id, token) is not { } challenge) return null;
        var isStepUp = challenge.Purpose is "step_up";
        if (isStepUp && caller.SessionId != challenge.SessionId?.Value) return null;
        var methods = isStepUp ? await StepUp.Ways(tx, challenge.AccountId, challenge.FirstMethod)
            : CompleteSignIn.Offered(Proof.Besides(challenge.FirstMethod, await Proof.SecondFactors(tx, challenge.AccountId)));
        var isSent = challenge.CodeExpiresAt > tx.Now;
        return new OfferedSteps(methods, isStepUp, isSent && challenge.CodeChannel is "email", isSent && challenge.CodeChannel is "sms");
    }, stop);
}
