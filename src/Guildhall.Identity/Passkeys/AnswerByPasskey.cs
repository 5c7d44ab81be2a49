using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passkeys;

/// <summary>A passkey as the second step of a sign-in or of a step-up. What was asked for one challenge answers no other.</summary>
public static class AnswerByPasskey
{
    /// <param name="ChallengeToken">As it came with the challenge.</param>
    /// <param name="Token">As it came with the options.</param>
    /// <param name="Credential">What <c>navigator.credentials.get</c> answered, as its <c>toJSON</c>.</param>
    /// <param name="Remember">Skip the second step on this device for thirty days.</param>
    /// <param name="DeviceToken">As an earlier sign-in of this device answered it.</param>
    public sealed record Body(string ChallengeToken, string Token, JsonElement Credential, bool Remember = false, string? DeviceToken = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/challenges/{id}/passkey", async (ChallengeId id, Body body, HttpContext http, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).Tokens(http))
        .WithName(nameof(AnswerByPasskey)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<TokenPair>();

    public static Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, ChallengeId id, Body body, CancellationToken stop) =>
        AnswerChallenge.Run(identity, caller, id, body.ChallengeToken, ProofMethod.Passkey, (tx, challenge) => Check(tx, identity, caller, challenge, body), stop, body.Remember, body.DeviceToken);

    private static async Task<bool> Check(Transaction tx, IdentityParts identity, Caller caller, OpenChallenge challenge, Body body)
    {
        if (await PasskeyAsks.Take(tx, body.Token, PasskeyAskKind.SecondStep, challenge.AccountId, challenge.Id) is not { } state) return false;
        var proven = await new PasskeyCheck(tx, identity.Options).Proves(state, body.Credential);
        if (proven.Owner is not null) return true;
        await tx.Audit(caller, "passkey.refused", "account", challenge.AccountId.ToString(), after: new { proven.Fault });
        return false;
    }
}
