using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>The session that asks and how long it lives. To ask is to use it: a page whose reader is still there asks this.</summary>
public static class CurrentSession
{
    /// <param name="IdleAt">When it ends unless it is used again.</param>
    /// <param name="ExpiresAt">When it ends, used or not.</param>
    /// <param name="Now">The server's time, for clocks that go wrong.</param>
    public sealed record Answer(SessionId Id, DateTimeOffset CreatedAt, DateTimeOffset IdleAt, DateTimeOffset ExpiresAt, DateTimeOffset Now);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/current", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp())
        .WithName(nameof(CurrentSession)).RequiresSignIn().ChecksSessionRow().Produces<Answer>();

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller.SessionId is not { } id) return FoundationRefusals.SignInFirst;
        if ((identity.Sessions.Trusted(id) ?? await identity.Sessions.Read(id, stop)) is not { } session) return IdentityRefusals.SessionExpired;
        // A request within two seconds of a read is not noted as a use of its own.
        var now = identity.Database.Clock.GetUtcNow();
        return new Answer(session.Id, session.Times.CreatedAt, now + session.Times.Idle - SessionLimits.Trusted, session.Times.EndsAt, now);
    }
}
