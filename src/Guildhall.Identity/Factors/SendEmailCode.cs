using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Proofs;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>Mails a code that answers this challenge alone; the code before it is void. At most three for a challenge and ten an hour for an account.</summary>
public static class SendEmailCode
{
    /// <summary>Codes of one challenge.</summary>
    public const int PerChallenge = 3;

    /// <summary>Codes of one account in an hour.</summary>
    public const int PerHour = 10;

    /// <param name="ChallengeToken">As it came with the challenge.</param>
    public sealed record Body(string ChallengeToken);

    /// <param name="ExpiresAt">Until when the code is good.</param>
    /// <param name="Left">How often a code can still be sent.</param>
    public sealed record Answer(DateTimeOffset ExpiresAt, int Left);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/challenges/{id}/email/actions/send", async (ChallengeId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(SendEmailCode)).ForAnyone().Limited(RateClass.Code).Produces<Answer>(202);

    public static Task<Result<Answer>> Run(IdentityParts identity, Caller caller, ChallengeId id, Body body, CancellationToken stop) => identity.Database.InTransaction<Result<Answer>>(async tx =>
    {
        if (await AnswerChallenge.Opened(tx, caller, id, body.ChallengeToken) is not { } challenge) return IdentityRefusals.ChallengeFailed;
        if (!await AnswerChallenge.IsOffered(tx, challenge, ProofMethod.EmailCode)) return IdentityRefusals.MethodNotOffered;
        if (challenge.CodesSent >= PerChallenge) return IdentityRefusals.TooManyCodes;
        if (await RateLimits.Hit(tx, $"email-code:{challenge.AccountId.Value:n}", PerHour, 3600) is { } wait) return IdentityRefusals.TooManyCodes with { RetryAfterSeconds = wait };

        var (code, expires) = (VerificationCodes.New(), tx.Now + VerificationCodes.Lifetime);
        await tx.ChangeOne(Put, new { id, hash = identity.Codes.Hash(id, code), expires, sent = challenge.CodesSent });
        await Notify.Person(tx, challenge.AccountId.Value, "second_step_code", new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = code });
        await tx.Audit(caller, "session.second_step_code_sent", "account", challenge.AccountId.ToString(), after: new { challenge = id, channel = "email" });
        return new Answer(expires, PerChallenge - challenge.CodesSent - 1);
    }, stop);

    private const string Put = """
        update identity.challenges set code_hash = @hash, code_channel = 'email', code_expires_at = @expires, codes_sent = codes_sent + 1
        where id = @id and codes_sent = @sent and used_at is null
        """;
}
