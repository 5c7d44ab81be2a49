using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Phones;

/// <summary>Signing in by phone begins: a code goes to the number if it is a verified one. Known numbers and others get the same answer after the same work, since who has
/// the number is looked up by a job only after the answer. Staff do not sign in this way.</summary>
public static class StartPhoneSignIn
{
    public sealed record Body(string Phone);

    /// <param name="Token">Goes with the code; the id alone opens nothing.</param>
    public sealed record Answer(PhoneSignInId AttemptId, string Token, DateTimeOffset ExpiresAt, SmsRisk Risk);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/phone-sign-in", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp(success: 202))
        .WithName(nameof(StartPhoneSignIn)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret()).Produces<Answer>(202);

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (!identity.Sms.CanText) return IdentityRefusals.SmsNotConfigured;
        if (!(await AskPhoneCode.Read(identity, body.Phone, stop)).Is(out var phone, out var unfit)) return unfit;
        if (await SmsLimits.Check(identity, caller, phone, account: null, stop) is { } refusal) return refusal;

        var token = Secret.New();
        return await identity.Database.InTransaction(async tx =>
        {
            var (id, expires) = (tx.NewId<PhoneSignInId>(), tx.Now + PhoneCodes.Lifetime);
            await tx.ChangeOne(Add, new { id, tokenHash = Secret.Hash(token), phone = phone.Text, now = tx.Now, expires });
            await tx.Enqueue(new SendSignInCode(id));
            await tx.Audit(caller, "session.code_asked", "phone_sign_in", id.ToString());
            return new Answer(id, token, expires, SmsRisk.Said);
        }, stop);
    }

    private const string Add = "insert into identity.phone_sign_ins (id, token_hash, phone, created_at, expires_at) values (@id, @tokenHash, @phone, @now, @expires)";
}

/// <summary>Finds out whose number it is and, if anybody's, sends the code of this one attempt.</summary>
internal sealed record SendSignInCode(PhoneSignInId Attempt) : IJob
{
    public static string Kind => "send_sign_in_code";

    private sealed record Waiting(string Phone, DateTimeOffset ExpiresAt);

    public static async Task Run(Transaction tx, PhoneCodes codes, SendSignInCode job)
    {
        if (await tx.Find<Waiting>(LockSql, new { job.Attempt, now = tx.Now }) is not { } waiting) return;
        if (await VerifiedPhone.Owner(tx, waiting.Phone) is not { } account) return;
        var code = PhoneCodes.New();
        await tx.ChangeOne("update identity.phone_sign_ins set account_id = @account, code_hash = @hash where id = @Attempt and code_hash is null", new { job.Attempt, account, hash = codes.Hash(Purpose(job.Attempt), code) });
        await Texts.Send(tx, account.Value, waiting.Phone, "sign_in_code", new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = code }, waiting.ExpiresAt);
        await SmsLimits.Sent(tx, waiting.Phone);
    }

    internal static string Purpose(PhoneSignInId attempt) => $"sign-in {attempt}";

    private const string LockSql = "select phone, expires_at from identity.phone_sign_ins where id = @Attempt and code_hash is null and expires_at > @now for update";
}
