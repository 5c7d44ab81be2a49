using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Impersonation;

/// <summary>Staff look at the product as a customer or provider, for half an hour, to see what they see. The session of its own can change nothing, never
/// counts as proven, ends with the session it came from or with the permission, and every page and route it asks for is audited as the looker's.</summary>
public static class ImpersonateAccount
{
    /// <summary>How long one look lasts at most.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(30);

    private const int MaxPath = 300;

    public sealed record Body(string Why);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/accounts/{id}/actions/impersonate", async (AccountId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body.Why, SessionKind.Bearer, stop)).Tokens())
        .WithName(nameof(ImpersonateAccount)).Requires(IdentityPermissions.AccountImpersonate).RequiresStepUp().Produces<TokenPair>();

    private sealed record Looked(AccountState State, int Epoch, bool Staff);

    /// <summary>A session of the asked kind; the looker's own stays as it is.</summary>
    public static async Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, AccountId id, string why, SessionKind kind, CancellationToken stop)
    {
        if (caller is not { AccountId: { } staff, SessionId: { } origin }) return FoundationRefusals.SignInFirst;
        if (caller.Is(id.Value)) return IdentityRefusals.CannotLookAs;
        if (ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal) return refusal;
        return await identity.Database.InTransaction<Result<SignedIn>>(async tx =>
        {
            if (await tx.Find<Looked>(ReadSql, new { id }) is not { } looked) return FoundationRefusals.NotFound;
            if (looked is not { State: AccountState.Active, Staff: false }) return IdentityRefusals.CannotLookAs;
            if (await tx.Find<DateTimeOffset?>("select expires_at from identity.sessions where id = @origin and ended_at is null for key share", new { origin }) is not { } ends) return IdentityRefusals.SessionExpired;
            // One look at a time.
            await tx.Change("update identity.sessions set ended_at = @now, ended_why = 'replaced' where impersonator_session = @origin and ended_at is null", new { origin, now = tx.Now });

            var until = tx.Now + Lasts < ends ? tx.Now + Lasts : ends;
            var proof = new SessionProof(1, null, ProofMethod.Impersonation, null) { Impersonator = staff, ImpersonatorSession = origin, Ends = until };
            // The person may see their sessions: where staff sit is not theirs to know.
            var signedIn = await OpenSession.Run(tx, identity.Tokens, caller with { Address = null, UserAgent = null }, id, looked.Epoch, kind, proof);
            await tx.Audit(caller, "account.impersonation_started", "account", id.ToString(), after: new { session = signedIn.Session.Id, until }, why: why);
            await tx.Enqueue(new TellOfImpersonation(signedIn.Session.Id), runAt: until, uniqueKey: signedIn.Session.Id.ToString());
            return signedIn;
        }, stop);
    }

    /// <summary>Writes down what is asked for while looking, before it is shown.</summary>
    internal static Task NoteLook(Database database, HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)) return Task.CompletedTask;
        var caller = http.Caller();
        var path = http.Request.Path.Value is { Length: > MaxPath } long_ ? long_[..MaxPath] : http.Request.Path.Value;
        return database.InTransaction(tx => tx.Audit(caller, "account.looked_at", "account", new AccountId(caller.AccountId!.Value).ToString(), after: new { method = http.Request.Method, path }), http.RequestAborted);
    }

    private const string ReadSql = """
        select a.state, a.epoch, exists (select 1 from identity.account_roles r join identity.role_permissions p on p.role = r.role where r.account_id = a.id) as staff
        from identity.accounts a where a.id = @id for no key update of a
        """;
}
