using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Push;

/// <summary>The device of this session wants push messages. The token lives as long as the session; a later one takes its place, and an account that had it before loses it.</summary>
public static class RegisterPushDevice
{
    private const int Shortest = 20, Longest = 4096;

    /// <param name="Token">The registration token that Firebase gave the app.</param>
    public sealed record Body(string Token, PushPlatform Platform);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/me/push-device", async (Body body, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller, body), stop)).ToHttp())
        .WithName(nameof(RegisterPushDevice)).RequiresSignIn().Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, Body body)
    {
        if (caller is not { AccountId: { } person, SessionId: { } session }) return FoundationRefusals.SignInFirst;
        var token = body.Token.Trim();
        if (token.Length is < Shortest or > Longest || token.Any(c => c is <= ' ' or > '~')) return MessagingRefusals.PushTokenInvalid;
        await PushDevices.Put(tx, person, session, token, body.Platform);
        await tx.Audit(caller, "push_device.registered", "push_device", session.ToString(), after: new { body.Platform });
        return new Done();
    }
}
