using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passkeys;

/// <summary>Somebody wants to sign in by passkey: what their browser has to sign. Nobody says who they are, the passkey does, so the answer has the same
/// shape for everyone and tells nothing about any account.</summary>
public static class BeginPasskeySignIn
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/passkey-sign-in/actions/begin", async (IdentityParts identity, CancellationToken stop) => ((Result<PasskeyAsk>)await Run(identity, stop)).ToHttp())
        .WithName(nameof(BeginPasskeySignIn)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new Sessions.BringsOwnSecret()).Produces<PasskeyAsk>();

    public static Task<PasskeyAsk> Run(IdentityParts identity, CancellationToken stop) =>
        identity.Database.InTransaction(tx => new PasskeyCheck(tx, identity.Options).AskToSign(), stop);
}
