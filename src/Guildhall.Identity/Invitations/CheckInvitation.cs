using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Invitations;

/// <summary>What an invitation is to, for whoever holds its secret; uses nothing up.</summary>
public static class CheckInvitation
{
    public sealed record Body(string Token);

    /// <param name="HasAccount">The address has an account: it accepts signed in. Otherwise a password is chosen.</param>
    public sealed record Answer(string Email, string? DisplayName, IReadOnlyList<string> Roles, DateTimeOffset ExpiresAt, bool HasAccount);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/invitations/actions/check", async (Body body, Database database, CancellationToken stop) => (await Run(database, body.Token, stop)).ToHttp())
        .WithName(nameof(CheckInvitation)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret()).Produces<Answer>();

    public static async Task<Result<Answer>> Run(Database database, string token, CancellationToken stop) => await Find(database, token, stop) is { } found
        ? new Answer(found.Invitation.Email, found.Invitation.DisplayName, found.Invitation.Roles, found.Invitation.ExpiresAt, found.State is not (null or AccountState.Unverified))
        : IdentityRefusals.InvitationFailed;

    internal sealed record Found(Invitation Invitation, AccountState? State);

    /// <summary>The open invitation of this secret with the state of its address's account, or null.</summary>
    internal static async Task<Found?> Find(Database database, string? token, CancellationToken stop)
    {
        if (!Secret.LooksLikeOne(token)) return null;
        var invitation = await database.Find<Invitation>($"select {Invitation.Columns} from identity.invitations i where i.token_hash = @hash", new { hash = Secret.Hash(token!) }, stop);
        if (invitation?.IsOpenAt(database.Clock.GetUtcNow()) is not true) return null;
        return new Found(invitation, await database.Find<AccountState?>("select state from identity.accounts where email_key = @EmailKey", new { invitation.EmailKey }, stop));
    }
}
