using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Push.Firebase;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Push;

/// <summary>Whether the device of this session gets push messages.</summary>
public static class ReadPushDevice
{
    /// <param name="Available">False: this installation pushes nothing.</param>
    /// <param name="Platform">Null: this session has no token.</param>
    public sealed record View(bool Available, PushPlatform? Platform, DateTimeOffset? RegisteredAt);

    private sealed record Row(PushPlatform Platform, DateTimeOffset RegisteredAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me/push-device", async (Caller caller, Database database, FirebaseApi firebase, CancellationToken stop) => (await Run(database, firebase, caller, stop)).ToHttp())
        .WithName(nameof(ReadPushDevice)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, FirebaseApi firebase, Caller caller, CancellationToken stop)
    {
        if (caller.SessionId is not { } session) return FoundationRefusals.SignInFirst;
        var row = await database.Find<Row>("select platform, registered_at from messaging.push_devices where session_id = @session", new { session }, stop);
        return new View(firebase.IsConfigured, row?.Platform, row?.RegisteredAt);
    }
}
