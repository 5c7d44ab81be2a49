using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>The app's first code sets it up, in place of the one before if there was one; that code cannot sign in afterwards. Answers ten backup codes, shown this once, and a new session in place of
/// the one that asked; all other sessions end.</summary>
public static class ConfirmTotp
{
    public sealed record Body(string Code);

    /// <param name="BackupCodes">Each signs in once when the app is lost. Nobody can show them again.</param>
    /// <param name="Tokens">The next tokens of this session; null for a browser, whose cookie was replaced.</param>
    public sealed record Answer(IReadOnlyList<string> BackupCodes, TokenPair? Tokens);

    /// <summary>What came of it, for who hands out the session.</summary>
    public sealed record Confirmed(IReadOnlyList<string> BackupCodes, SignedIn SignedIn);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/totp/actions/confirm", async (Body body, HttpContext http, Caller caller, IdentityParts identity, SessionCookie cookie, CancellationToken stop) =>
        {
            if (!(await Run(identity, caller, body, stop)).Is(out var done, out var refusal)) return refusal.ToHttp();
            if (done.SignedIn.CookieToken is not null) cookie.Write(http, done.SignedIn);
            return Results.Json(new Answer(done.BackupCodes, done.SignedIn.Tokens), JsonRules.Options);
        })
        .WithName(nameof(ConfirmTotp)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<Answer>();

    public static async Task<Result<Confirmed>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (caller is not { AccountId: { } id, SessionId: { } session }) return FoundationRefusals.SignInFirst;
        var account = new AccountId(id);
        var codes = BackupCodes.Make(identity, account);
        var result = await identity.Database.InTransaction<Result<Confirmed>>(async tx =>
        {
            var locked = await CompleteSignIn.Lock(tx, account);
            // Ended with all others since the request came in: it must not go on as a new one.
            if (await tx.Find<SessionId?>(StillCurrent, new { session }) is null) return IdentityRefusals.SessionExpired;
            if (await StartTotp.Waiting(tx, identity, account) is not { } waiting) return IdentityRefusals.TotpNotStarted;
            if (Totp.Match(waiting.Seed, body.Code, tx.Now) is not { } step) return IdentityRefusals.TotpCodeWrong;
            var had = (await Proof.SecondFactors(tx, account)).Contains(ProofMethod.Totp);
            await tx.ChangeOne(Confirm, new { account, step, now = tx.Now });
            await BackupCodes.Put(tx, account, codes);
            var signedIn = await StepUp.Replace(tx, identity, caller, account, locked.Epoch, new SessionId(session), ProofMethod.Totp, level: 2);
            await FactorChange.Finish(tx, identity, caller with { SessionId = signedIn.Session.Id.Value }, account, "totp_added", before: new { totp = had }, after: new { totp = true, backupCodes = codes.Texts.Count });
            return new Confirmed(codes.Texts, signedIn);
        }, stop);
        if (result.Granted) await identity.ReachEveryNode(id);
        return result;
    }

    private const string StillCurrent = $"select s.id from identity.sessions s join identity.accounts a on a.id = s.account_id where s.id = @session and {SessionSql.Current}";

    private const string Confirm = """
        update identity.totp set secret = next_secret, next_secret = null, next_at = null, confirmed_at = @now, last_step = @step
        where account_id = @account and next_secret is not null
        """;
}
