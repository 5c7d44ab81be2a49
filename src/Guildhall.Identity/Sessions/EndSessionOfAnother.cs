using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Staff end a session of anybody, and may say why.</summary>
public static class EndSessionOfAnother
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/admin/sessions/{id}", async (SessionId id, Caller caller, IdentityParts identity, CancellationToken stop, string? why = null) =>
            (await Run(identity, caller, id, why, stop)).ToHttp())
        .WithName(nameof(EndSessionOfAnother)).Requires(IdentityPermissions.SessionEnd);

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, SessionId id, string? why, CancellationToken stop)
    {
        if (why is not null && ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refused) return refused;
        var result = await identity.Database.InTransaction<Result<AccountId>>(async tx =>
        {
            if (await tx.Find<AccountId?>(End, new { id, now = tx.Now }) is not { } account) return FoundationRefusals.NotFound;
            await tx.Audit(caller, "session.ended", "session", id.ToString(), after: new { why = SessionEnd.EndedByStaff }, why: why);
            await tx.Publish(new AccountChanged(account.Value));
            return account;
        }, stop);
        if (!result.Is(out var owner, out var refusal)) return refusal;
        await identity.ReachEveryNode(owner.Value);
        return new Done();
    }

    private const string End = "update identity.sessions set ended_at = @now, ended_why = 'ended_by_staff' where id = @id and ended_at is null returning account_id";
}
