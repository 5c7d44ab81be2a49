using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passkeys;

/// <summary>A signed-in person wants a passkey: what their browser has to make. <see cref="AddPasskey"/> takes the answer; that this act needed a fresh
/// proof stands behind the token.</summary>
public static class BeginPasskey
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/passkeys/actions/begin", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp())
        .WithName(nameof(BeginPasskey)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<PasskeyAsk>();

    public static async Task<Result<PasskeyAsk>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        return await identity.Database.InTransaction<Result<PasskeyAsk>>(async tx =>
        {
            await CompleteSignIn.Lock(tx, new AccountId(account));
            if (await AddPasskey.HasMost(tx, new AccountId(account))) return IdentityRefusals.TooManyPasskeys;
            var person = await Accounts.Accounts.Summary(tx, account);
            return await new PasskeyCheck(tx, identity.Options).AskToCreate(new AccountId(account), person.Email, person.DisplayName);
        }, stop);
    }
}
