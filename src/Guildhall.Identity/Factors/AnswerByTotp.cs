using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>Answers a challenge by the code that the authenticator app shows.</summary>
public static class AnswerByTotp
{
    /// <param name="ChallengeToken">As it came with the challenge.</param>
    /// <param name="Remember">Skip the second step on this device for thirty days; for a sign-in.</param>
    /// <param name="DeviceToken">As an earlier sign-in of this device answered it.</param>
    public sealed record Body(string ChallengeToken, string Code, bool Remember = false, string? DeviceToken = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/challenges/{id}/totp", async (ChallengeId id, Body body, HttpContext http, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).Tokens(http))
        .WithName(nameof(AnswerByTotp)).ForAnyone().Limited(RateClass.Auth).Produces<TokenPair>();

    public static Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, ChallengeId id, Body body, CancellationToken stop) =>
        AnswerChallenge.Run(identity, caller, id, body.ChallengeToken, ProofMethod.Totp, (tx, challenge) => Totp.Use(tx, identity.Options.Master, challenge.AccountId, body.Code),
            stop, body.Remember, body.DeviceToken);
}
