using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Invitations;

/// <summary>sent → revoked. The link opens nothing any more.</summary>
public static class RevokeInvitation
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/invitations/{id}/actions/revoke", async (InvitationId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(RevokeInvitation)).Requires(IdentityPermissions.InvitationManage);

    public static Task<Result<Done>> Run(Database database, Caller caller, InvitationId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await Invitation.Lock(tx, id) is not { } invitation) return FoundationRefusals.NotFound;
        if (invitation.State is not InvitationState.Sent) return IdentityRefusals.InvitationEnded;
        await tx.ChangeOne("update identity.invitations set state = 'revoked', ended_at = @now where id = @id and state = 'sent'", new { id, now = tx.Now });
        await Recipients.Forget(tx, id.Value);
        await tx.Audit(caller, "invitation.revoked", "invitation", id.ToString(), before: new { state = InvitationState.Sent }, after: new { state = InvitationState.Revoked });
        return new Done();
    }, stop);
}
