using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Phones;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging.Push;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Proofs;

/// <summary>A signed-in person proves again who they are, for sensitive acts. Answered like any challenge; the session is replaced by one that is proven,
/// so that a copy of the old token gains nothing.</summary>
public static class StepUp
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/auth/step-ups", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp(success: 201))
            .WithName(nameof(StepUp)).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<ChallengeView>(201);
        api.MapPost("/auth/challenges/{id}/password", async (ChallengeId id, PasswordBody body, HttpContext http, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await ByPassword(identity, caller, id, body, stop)).Tokens(http))
            .WithName("AnswerByPassword").ForAnyone().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<TokenPair>();
    }

    /// <param name="ChallengeToken">As it came with the challenge.</param>
    public sealed record PasswordBody(string ChallengeToken, string Password);

    /// <summary>Opens the challenge with the ways this person has: their second factors, or the password when they have none.</summary>
    public static async Task<Result<ChallengeView>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller is not { AccountId: { } account, SessionId: { } session }) return FoundationRefusals.SignInFirst;
        return await identity.Database.InTransaction<Result<ChallengeView>>(async tx =>
        {
            var id = new AccountId(account);
            var locked = await CompleteSignIn.Lock(tx, id);
            if (await Look(tx, session) is not { } held) return IdentityRefusals.SessionExpired;
            return await Challenges.Open(tx, id, held.Kind, held.First, locked.Epoch, await Ways(tx, id, held.First), session);
        }, stop);
    }

    /// <summary>The ways this person has, the strongest first, without opening a challenge: for the page that offers them.</summary>
    public static Task<IReadOnlyList<ProofMethod>> Ways(IdentityParts identity, Caller caller, CancellationToken stop) =>
        identity.Database.InTransaction(async tx => await Look(tx, caller.SessionId!.Value) is { } held ? await Ways(tx, new AccountId(caller.AccountId!.Value), held.First) : [], stop);

    internal static async Task<IReadOnlyList<ProofMethod>> Ways(Transaction tx, AccountId account, ProofMethod first)
    {
        var hasPassword = await tx.Get<bool>("select password_hash is not null from identity.accounts where id = @account", new { account });
        return Methods(Proof.Besides(first, await Proof.SecondFactors(tx, account)), hasPassword, hasPhone: await VerifiedPhone.Of(tx, account) is not null);
    }

    private sealed record Held(SessionKind Kind, string ProvenBy)
    {
        public ProofMethod First => ProvenBy is "phone_code" ? ProofMethod.PhoneCode : ProofMethod.Password;
    }

    private static Task<Held?> Look(Transaction tx, Guid session) => tx.Find<Held>("select kind, proven_by from identity.sessions where id = @session and ended_at is null", new { session });

    // A code by mail strengthens nothing. Who has no second factor proves the first again.
    internal static IReadOnlyList<ProofMethod> Methods(IReadOnlyList<ProofMethod> factors, bool hasPassword, bool hasPhone = true)
    {
        if (factors.Count > 0) return [.. factors.Where(f => f is not ProofMethod.EmailCode)];
        List<ProofMethod> methods = [];
        if (hasPassword) methods.Add(ProofMethod.Password);
        if (hasPhone) methods.Add(ProofMethod.SmsCode);
        return methods;
    }

    /// <summary>The password of somebody without a second factor.</summary>
    public static async Task<Result<SignedIn>> ByPassword(IdentityParts identity, Caller caller, ChallengeId id, PasswordBody body, CancellationToken stop)
    {
        if (body.Password.Length > 2 * PasswordRules.MaxLength || caller.AccountId is not { } account) return IdentityRefusals.ChallengeFailed;
        var stored = await identity.Database.Find<string>("select password_hash from identity.accounts where id = @account", new { account }, stop) ?? identity.Passwords.Nobody;
        if (identity.Hashing.TryRun(() => identity.Passwords.Fits(body.Password, stored), stop) is not { } hashing) return IdentityRefusals.Busy;
        var fits = await hashing;
        return await AnswerChallenge.Run(identity, caller, id, body.ChallengeToken, ProofMethod.Password,
            async (tx, _) => fits && string.Equals((await CompleteSignIn.Lock(tx, new AccountId(account))).PasswordHash ?? identity.Passwords.Nobody, stored, StringComparison.Ordinal), stop);
    }

    /// <summary>A proven session in place of the one that asked, with its times and its device.</summary>
    internal static Task<SignedIn> Replace(Transaction tx, IdentityParts identity, Caller caller, OpenChallenge challenge, ProofMethod first, ProofMethod? second) =>
        Replace(tx, identity, caller, challenge.AccountId, challenge.Epoch, challenge.SessionId!.Value, second ?? first, Proof.Level(first, second));

    /// <inheritdoc cref="Replace(Transaction, IdentityParts, Caller, OpenChallenge, ProofMethod, ProofMethod?)"/>
    internal static async Task<SignedIn> Replace(Transaction tx, IdentityParts identity, Caller caller, AccountId account, int epoch, SessionId session, ProofMethod by, short level)
    {
        var old = await tx.Get<Old>("select kind, created_at, expires_at, generation, device_id from identity.sessions where id = @session and ended_at is null for update", new { session });
        await tx.ChangeOne("update identity.sessions set ended_at = @now, ended_why = 'replaced' where id = @session and ended_at is null", new { session, now = tx.Now });
        var proof = new SessionProof(level, tx.Now, by, old.DeviceId)
        {
            Opened = old.CreatedAt, Ends = old.ExpiresAt, Generation = old.Generation, Place = identity.PlaceOf(caller.Address),
        };
        var signedIn = await OpenSession.Run(tx, identity.Tokens, caller, account, epoch, old.Kind, proof);
        await PushDevices.Move(tx, session.Value, signedIn.Session.Id.Value);
        await tx.Audit(caller with { SessionId = signedIn.Session.Id.Value }, "session.stepped_up", "session", signedIn.Session.Id.ToString(), before: new { session }, after: new { by });
        await tx.Publish(new AccountChanged(account.Value));
        return signedIn;
    }

    private sealed record Old(SessionKind Kind, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, int Generation, DeviceId? DeviceId);
}
