using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Proofs;

/// <summary>Forgets one of one's own devices: its sessions end, and when it signs in again it is a stranger. Another person's is not found.</summary>
public static class ForgetDevice
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/auth/devices/{id}", async (DeviceId id, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, id, stop)).ToHttp())
        .WithName(nameof(ForgetDevice)).RequiresSignIn().ChecksSessionRow();

    /// <summary>When it grants, no node accepts a session of the device any more.</summary>
    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, DeviceId id, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        var forgotten = await identity.Database.InTransaction(async tx =>
        {
            if (await tx.ChangeNow(Revoke, new { id, account, now = tx.Now }) == 1)
            {
                await tx.Change(EndSessions, new { id, now = tx.Now });
                await tx.Audit(caller, "device.forgotten", "device", id.ToString());
                await tx.Publish(new AccountChanged(account));
                return true;
            }
            return false;
        }, stop);
        if (!forgotten) return FoundationRefusals.NotFound;
        await identity.ReachEveryNode(account);
        return new Done();
    }

    private const string Revoke = "update identity.devices set revoked_at = @now, trusted_until = null where id = @id and account_id = @account and revoked_at is null";
    private const string EndSessions = "update identity.sessions set ended_at = @now, ended_why = 'ended_by_owner' where device_id = @id and ended_at is null";
}
