using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Signs everybody out but who asks: for the day on which nobody knows what was stolen. One step of the generation that every session carries;
/// second steps that are under way are over too.</summary>
public static class EndEverybodysSessions
{
    public sealed record Body(string Why);
    public sealed record Answer(int Generation);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/sessions/actions/end-everyone", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, body.Why, stop)).ToHttp())
        .WithName(nameof(EndEverybodysSessions)).Requires(IdentityPermissions.SessionEnd).RequiresStepUp().Produces<Answer>();

    /// <summary>When it grants, no node accepts any session but the caller's.</summary>
    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, string why, CancellationToken stop)
    {
        if (caller.SessionId is not { } session) return FoundationRefusals.SignInFirst;
        if (ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal) return refusal;
        var result = await identity.Database.InTransaction(tx => Write(tx, caller, session, why), stop);
        if (result.Granted) await identity.ReachEveryNodeForEverybody();
        return result;
    }

    private static async Task<Result<Answer>> Write(Transaction tx, Caller caller, Guid session, string why)
    {
        var before = await tx.Get<int>("select g.generation from identity.session_generation g for update");
        // Of two who do this at once the second is signed out by the first.
        if (await tx.ChangeNow(Keep, new { session, before, next = before + 1 }) == 0) return IdentityRefusals.SessionExpired;
        await tx.ChangeOne("update identity.session_generation set generation = @next, changed_at = @now where generation = @before", new { before, next = before + 1, now = tx.Now });
        await tx.Change("update identity.challenges set used_at = @now where used_at is null and expires_at > @now", new { now = tx.Now });
        await tx.Audit(caller, "session.everybodys_ended", "session_generation", (before + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
            before: new { generation = before }, after: new { generation = before + 1, kept = new SessionId(session) }, why: why);
        return new Answer(before + 1);
    }

    private const string Keep = "update identity.sessions set generation = @next where id = @session and generation = @before and ended_at is null";
}
