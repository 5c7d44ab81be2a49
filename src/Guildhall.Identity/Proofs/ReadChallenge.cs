using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Proofs;

/// <summary>What a page offers at a second step.</summary>
/// <param name="Methods">The ways on offer, the strongest first.</param>
/// <param name="ForStepUp">Of a session that proves itself anew, not of a sign-in.</param>
/// <param name="MailSent">A code is on its way by e-mail and may be typed.</param>
public sealed record OfferedSteps(IReadOnlyList<ProofMethod> Methods, bool ForStepUp, bool MailSent);

/// <summary>Looks at the second step a browser is at, without changing anything.</summary>
public static class ReadChallenge
{
    /// <summary>Null when it is over: answered, burnt by wrong answers, or older than ten minutes.</summary>
    public static Task<OfferedSteps?> Run(IdentityParts identity, Caller caller, ChallengeId id, string token, CancellationToken stop) => identity.Database.InTransaction(async tx =>
    {
        if (await Challenges.Look(tx, id, token) is not { } challenge) return null;
        var factors = await Proof.SecondFactors(tx, challenge.AccountId);
        if (challenge.Purpose is "step_up")
        {
            if (caller.SessionId != challenge.SessionId?.Value) return null;
            factors = await StepUp.Ways(tx, challenge.AccountId);
        }
        return new OfferedSteps(factors, challenge.Purpose is "step_up", challenge.CodeChannel is "email" && challenge.CodeExpiresAt > tx.Now);
    }, stop);
}
