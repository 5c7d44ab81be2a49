using System.Security.Cryptography;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Phones;

/// <summary>Answers a challenge with the code that went to the account's number. It fits this challenge and this number only; challenge and code are used up together.</summary>
public static class AnswerBySms
{
    /// <param name="RememberDevice">Skip the second step on this device for thirty days.</param>
    /// <param name="DeviceToken">As an earlier sign-in of this device answered it.</param>
    public sealed record Body(string ChallengeToken, string Code, bool RememberDevice = false, string? DeviceToken = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/challenges/{id}/sms", async (ChallengeId id, Body body, HttpContext http, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).Tokens(http))
        .WithName(nameof(AnswerBySms)).ForAnyone().Limited(RateClass.Code).WithMetadata(new OpenBeforeSecondFactor()).Produces<TokenPair>();

    public static Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, ChallengeId id, Body body, CancellationToken stop) =>
        AnswerChallenge.Run(identity, caller, id, body.ChallengeToken, ProofMethod.SmsCode, (tx, challenge) => Fits(tx, identity, challenge, body.Code), stop, body.RememberDevice, body.DeviceToken);

    private static async Task<bool> Fits(Transaction tx, IdentityParts identity, OpenChallenge challenge, string code)
    {
        if (challenge is not { CodeChannel: "sms", CodeHash: { } expected, CodeExpiresAt: { } expires } || tx.Now >= expires || !PhoneCodes.LooksLikeOne(code)) return false;
        if (await VerifiedPhone.Of(tx, challenge.AccountId) is not { } phone) return false;
        if (!CryptographicOperations.FixedTimeEquals(identity.PhoneCodes.Hash(SendChallengeSms.Purpose(challenge.Id, phone), code), expected)) return false;
        await SmsLimits.Used(tx, phone);
        return true;
    }
}
