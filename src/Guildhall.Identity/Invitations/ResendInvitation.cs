using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Invitations;

/// <summary>A new link with its whole time; the one before is void. Who sends it again stands for it from now on.</summary>
public static class ResendInvitation
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/invitations/{id}/actions/resend", async (InvitationId id, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, id, stop)).ToHttp())
        .WithName(nameof(ResendInvitation)).Requires(IdentityPermissions.InvitationManage).RequiresStepUp().Produces<InvitationView>();

    public static Task<Result<InvitationView>> Run(IdentityParts identity, Caller caller, InvitationId id, CancellationToken stop) => identity.Database.InTransaction<Result<InvitationView>>(async tx =>
    {
        await Administrators.Lock(tx);
        if (await Invitation.Lock(tx, id) is not { } invitation) return FoundationRefusals.NotFound;
        if (invitation.State is not InvitationState.Sent) return IdentityRefusals.InvitationEnded;
        if (await Granting.NotHeld(tx, caller, invitation.Roles) is { } missing) return IdentityRefusals.PermissionNotHeld.With(("permission", missing));

        var token = Secret.New();
        var again = invitation with { InvitedBy = new AccountId(caller.AccountId!.Value), SentAt = tx.Now, ExpiresAt = tx.Now.AddDays(invitation.Days) };
        await tx.ChangeOne("update identity.invitations set token_hash = @hash, invited_by = @InvitedBy, sent_at = @now, expires_at = @ExpiresAt where id = @id and state = 'sent'",
            new { id, hash = Secret.Hash(token), again.InvitedBy, now = tx.Now, again.ExpiresAt });
        await Invitation.Send(tx, identity, caller, id, again, token);
        await tx.Audit(caller, "invitation.sent_again", "invitation", id.ToString(), before: new { invitation.InvitedBy, invitation.ExpiresAt }, after: new { again.InvitedBy, again.ExpiresAt });
        return again.ToView();
    }, stop);
}
