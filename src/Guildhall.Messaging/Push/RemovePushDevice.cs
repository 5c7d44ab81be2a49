using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Push;

/// <summary>The device of this session wants no push messages any more. None there is also fine.</summary>
public static class RemovePushDevice
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/me/push-device", async (Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller), stop)).ToHttp())
        .WithName(nameof(RemovePushDevice)).RequiresSignIn().Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller)
    {
        if (caller.SessionId is not { } session) return FoundationRefusals.SignInFirst;
        await PushDevices.Forget(tx, [session]);
        await tx.Audit(caller, "push_device.removed", "push_device", session.ToString());
        return new Done();
    }
}
