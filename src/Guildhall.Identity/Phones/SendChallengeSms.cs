using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Phones;

/// <summary>Sends the code of a second step to the account's verified number, at most three for one challenge. A new code voids the one before.</summary>
public static class SendChallengeSms
{
    private const int MostCodes = 3;

    /// <param name="ChallengeToken">As it came with the challenge.</param>
    public sealed record Body(string ChallengeToken);

    /// <param name="To">The end of the number.</param>
    /// <param name="CodesLeft">How many more may be asked for.</param>
    public sealed record Answer(string To, DateTimeOffset ExpiresAt, int CodesLeft, SmsRisk Risk);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/challenges/{id}/sms/actions/send", async (ChallengeId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(SendChallengeSms)).ForAnyone().Limited(RateClass.Code).WithMetadata(new OpenBeforeSecondFactor()).Produces<Answer>(202);

    private sealed record Target(OpenChallenge Challenge, string Phone);

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, ChallengeId id, Body body, CancellationToken stop)
    {
        if (!identity.Sms.CanText) return IdentityRefusals.SmsNotConfigured;
        var looked = await identity.Database.InTransaction(tx => Look(tx, caller, id, body.ChallengeToken), stop);
        if (!looked.Is(out var target, out var refusal)) return refusal;
        if (!PhoneNumber.Read(target.Phone, "").Is(out var phone, out var unfit)) return unfit;
        if (await SmsLimits.Check(identity, caller, phone, target.Challenge.AccountId.Value, stop) is { } limited) return limited;

        return await identity.Database.InTransaction<Result<Answer>>(async tx =>
        {
            if (!(await Look(tx, caller, id, body.ChallengeToken)).Is(out var now, out var changed)) return changed;
            if (!string.Equals(now.Phone, phone.Text, StringComparison.Ordinal)) return IdentityRefusals.ChallengeFailed;
            return await Send(tx, identity, caller, now);
        }, stop);
    }

    private static async Task<Answer> Send(Transaction tx, IdentityParts identity, Caller caller, Target target)
    {
        var ((id, account, sent), code, expires) = ((target.Challenge.Id, target.Challenge.AccountId, target.Challenge.CodesSent + 1), PhoneCodes.New(), tx.Now + PhoneCodes.Lifetime);
        await tx.ChangeOne(Put, new { id, hash = identity.PhoneCodes.Hash(Purpose(id, target.Phone), code), expires, sent });
        await Texts.Send(tx, account.Value, target.Phone, "second_step_code", new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = code }, expires);
        await SmsLimits.Sent(tx, target.Phone);
        await tx.Audit(caller, "session.second_step_sent", "account", account.ToString(), after: new { method = ProofMethod.SmsCode, challenge = id });
        return new Answer(Texts.Hint(target.Phone), expires, MostCodes - sent, SmsRisk.Said);
    }

    private static async Task<Result<Target>> Look(Transaction tx, Caller caller, ChallengeId id, string token)
    {
        if (await Challenges.Lock(tx, id, token) is not { } challenge) return IdentityRefusals.ChallengeFailed;
        if (challenge.SessionId is { } session && caller.SessionId != session.Value) return IdentityRefusals.ChallengeFailed;
        if (!await AnswerChallenge.IsOffered(tx, challenge, ProofMethod.SmsCode) || await VerifiedPhone.Of(tx, challenge.AccountId) is not { } phone) return IdentityRefusals.MethodNotOffered;
        return challenge.CodesSent >= MostCodes ? IdentityRefusals.TextsUsedUp : new Target(challenge, phone);
    }

    internal static string Purpose(ChallengeId challenge, string phone) => $"challenge {challenge} {phone}";

    private const string Put = """
        update identity.challenges set code_hash = @hash, code_channel = 'sms', code_expires_at = @expires, codes_sent = @sent
        where id = @id and used_at is null and codes_sent = @sent - 1
        """;
}
