using System.Security.Cryptography;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>Answers a challenge by the code that <see cref="SendEmailCode"/> mailed. It recovers access and strengthens nothing: the session stays on level 1, sensitive acts
/// ask again, and no device is remembered by it.</summary>
public static class AnswerByEmailCode
{
    /// <param name="ChallengeToken">As it came with the challenge.</param>
    /// <param name="DeviceToken">As an earlier sign-in of this device answered it.</param>
    public sealed record Body(string ChallengeToken, string Code, string? DeviceToken = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/challenges/{id}/email", async (ChallengeId id, Body body, HttpContext http, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).Tokens(http))
        .WithName(nameof(AnswerByEmailCode)).ForAnyone().Limited(RateClass.Auth).Produces<TokenPair>();

    public static Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, ChallengeId id, Body body, CancellationToken stop) =>
        AnswerChallenge.Run(identity, caller, id, body.ChallengeToken, ProofMethod.EmailCode, (tx, challenge) => Task.FromResult(Fits(identity, challenge, body.Code, tx.Now)), stop, device: body.DeviceToken);

    // The challenge is used up with the code, under its lock: a second answer finds no challenge.
    private static bool Fits(IdentityParts identity, OpenChallenge challenge, string code, DateTimeOffset now) =>
        challenge is { CodeChannel: "email", CodeHash: { } hash } && challenge.CodeExpiresAt > now && code.Trim() is { Length: VerificationCodes.Digits } given
        && CryptographicOperations.FixedTimeEquals(identity.Codes.Hash(challenge.Id, given), hash);
}
