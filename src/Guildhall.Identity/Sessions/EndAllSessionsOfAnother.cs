using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Staff sign somebody out everywhere. The account stays as it is and may sign in again; to keep somebody out there is <see cref="SuspendAccount"/>.</summary>
public static class EndAllSessionsOfAnother
{
    public sealed record Body(string Why);
    public sealed record Answer(int Ended);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/accounts/{id}/sessions/actions/end-all", async (AccountId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body.Why, stop)).ToHttp())
        .WithName(nameof(EndAllSessionsOfAnother)).Requires(IdentityPermissions.SessionEnd).Produces<Answer>();

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, AccountId id, string why, CancellationToken stop)
    {
        if (ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal) return refusal;
        var result = await identity.Database.InTransaction<Result<Answer>>(async tx =>
        {
            if (await tx.Find<AccountId?>("select id from identity.accounts where id = @id for no key update", new { id }) is null) return FoundationRefusals.NotFound;
            var ended = await tx.ChangeNow(End, new { id, now = tx.Now });
            await EndAllSessions.Bump(tx, id); // tokens, and challenges that are under way
            await tx.Audit(caller, "session.all_ended", "account", id.ToString(), after: new { ended, why = SessionEnd.EndedByStaff }, why: why);
            return new Answer(ended);
        }, stop);
        if (result.Granted) await identity.ReachEveryNode(id.Value);
        return result;
    }

    private const string End = "update identity.sessions set ended_at = @now, ended_why = 'ended_by_staff' where account_id = @id and ended_at is null";
}
