using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passkeys;

/// <summary>Somebody wants to answer a challenge by passkey: what their browser has to sign, and which passkeys it may take.</summary>
public static class BeginPasskeyAnswer
{
    /// <param name="ChallengeToken">As it came with the challenge.</param>
    public sealed record Body(string ChallengeToken);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/challenges/{id}/passkey/actions/begin", async (ChallengeId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).ToHttp())
        .WithName(nameof(BeginPasskeyAnswer)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<PasskeyAsk>();

    public static Task<Result<PasskeyAsk>> Run(IdentityParts identity, Caller caller, ChallengeId id, Body body, CancellationToken stop) => identity.Database.InTransaction<Result<PasskeyAsk>>(async tx =>
    {
        if (await Challenges.Lock(tx, id, body.ChallengeToken) is not { } challenge) return IdentityRefusals.ChallengeFailed;
        if (challenge.SessionId is { } session && caller.SessionId != session.Value) return IdentityRefusals.ChallengeFailed;
        if (!(await Proof.SecondFactors(tx, challenge.AccountId)).Contains(ProofMethod.Passkey)) return IdentityRefusals.MethodNotOffered;
        return await new PasskeyCheck(tx, identity.Options).AskToSign(challenge.AccountId, id);
    }, stop);
}
