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

/// <summary>A passkey for a new session: something the person has, unlocked by something they know or are, so no second step follows. Wrong passwords
/// that others try count nothing here.</summary>
public static class SignInByPasskey
{
    /// <param name="Token">As it came with the options.</param>
    /// <param name="Credential">What <c>navigator.credentials.get</c> answered, as its <c>toJSON</c>.</param>
    /// <param name="DeviceToken">As an earlier sign-in of this device answered it.</param>
    public sealed record Body(string Token, JsonElement Credential, string? DeviceToken = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/passkey-sign-in", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, SessionKind.Bearer, stop)).Tokens())
        .WithName(nameof(SignInByPasskey)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret()).Produces<TokenPair>();

    // A refusal that uses up the ask commits, so it is no Result.
    private sealed record Outcome(SignedIn? SignedIn, Refusal? Refusal);

    /// <summary>Opens a session of the asked kind; the session the caller came with is replaced, never kept.</summary>
    public static async Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, Body body, SessionKind kind, CancellationToken stop)
    {
        var outcome = await identity.Database.InTransaction(tx => Open(tx, identity, caller, body, kind), stop);
        if (outcome.SignedIn is not { } signedIn) return outcome.Refusal!;
        if (caller.AccountId is { } replaced) await identity.ReachEveryNode(replaced);
        return signedIn;
    }

    private static async Task<Outcome> Open(Transaction tx, IdentityParts identity, Caller caller, Body body, SessionKind kind)
    {
        if (await PasskeyAsks.Take(tx, body.Token, PasskeyAskKind.SignIn) is not { } state) return await Refused(tx, caller, new ProvenPasskey(null, PasskeyFault.NotValid));
        var proven = await new PasskeyCheck(tx, identity.Options).Proves(state, body.Credential);
        if (proven.Owner is not { Account: { } account } owner) return await Refused(tx, caller, proven);
        var result = await CompleteSignIn.Run(tx, identity, caller, owner.Id, account, ProofMethod.Passkey, kind, body.DeviceToken);
        if (!result.Is(out var done, out var refusal)) return new Outcome(null, refusal);
        return done.SignedIn is { } signedIn ? new Outcome(signedIn, null) : new Outcome(null, done.Challenge!.ToRefusal());
    }

    private static async Task<Outcome> Refused(Transaction tx, Caller caller, ProvenPasskey proven)
    {
        await tx.Audit(caller, "session.refused", "account", proven.Whose?.ToString() ?? "unknown", after: new { method = ProofMethod.Passkey, proven.Fault },
            personal: proven.Whose is { } known ? (known.Value, new { address = caller.Address?.ToString() }) : null);
        return new Outcome(null, IdentityRefusals.PasskeyRefused);
    }
}
