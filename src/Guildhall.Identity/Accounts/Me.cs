using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>The signed-in person and what they may do. <c>*</c> among the permissions stands for all of them.</summary>
/// <param name="ImpersonatedBy">The member of staff who looks as this person; null when it is themselves.</param>
public sealed record MeView(AccountId Id, string Email, string DisplayName, string Language, string Zone, IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions,
    SessionId Session, DateTimeOffset SessionExpiresAt, AccountId? ImpersonatedBy);

/// <summary>Answers from what the session check has just found: no query of its own, and the JSON is written once per read of the session.</summary>
public static class Me
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me", (HttpContext http, IdentityParts identity) => Write(http, identity))
        .WithName(nameof(Me)).RequiresSignIn().WithMetadata(new UntimedRoute()).Produces<MeView>();

    /// <summary>The person; refused when the session ended in this moment.</summary>
    public static async Task<Result<MeView>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller.SessionId is not { } id) return FoundationRefusals.SignInFirst;
        return (identity.Sessions.Trusted(id) ?? await identity.Sessions.Read(id, stop)) is { } session ? session.Me : IdentityRefusals.SessionExpired;
    }

    private static Task Write(HttpContext http, IdentityParts identity)
    {
        var id = http.Caller().SessionId!.Value;
        return identity.Sessions.Trusted(id) is { } session ? Send(http, session) : Read();

        async Task Read()
        {
            if (await identity.Sessions.Read(id, http.RequestAborted) is { } read) await Send(http, read);
            else await Problems.Write(http, IdentityRefusals.SessionExpired);
        }
    }

    private static Task Send(HttpContext http, Session session)
    {
        var json = session.MeJson;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = json.Length;
        return http.Response.BodyWriter.WriteAsync(json, http.RequestAborted).AsTask();
    }
}
