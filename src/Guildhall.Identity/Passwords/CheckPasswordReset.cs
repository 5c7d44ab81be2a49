using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passwords;

/// <summary>Whether a link to reset a password is still good, for the form that asks for the new one. It uses nothing up.</summary>
public static class CheckPasswordReset
{
    public sealed record Body(string Token);

    /// <param name="MinLength">Characters that the new password needs: fewer with a second factor.</param>
    public sealed record Answer(DateTimeOffset ExpiresAt, int MinLength);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/password-resets/actions/check", async (Body body, IdentityParts identity, CancellationToken stop) => (await Run(identity, body, stop)).ToHttp())
        .WithName(nameof(CheckPasswordReset)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret(), new OpenBeforeSecondFactor()).Produces<Answer>();

    public static async Task<Result<Answer>> Run(IdentityParts identity, Body body, CancellationToken stop) => await Find(identity, body.Token, stop) is { } open
        ? new Answer(open.ExpiresAt, PasswordRules.MinLengthFor(open.SecondFactor)) : IdentityRefusals.PasswordResetFailed;

    /// <summary>Whose link it is, as far as it can be used now.</summary>
    internal sealed record Open(AccountId Id, string Email, string EmailKey, string DisplayName, string? PasswordHash, bool SecondFactor, DateTimeOffset ExpiresAt);

    internal static async Task<Open?> Find(IdentityParts identity, string token, CancellationToken stop) => !Secret.LooksLikeOne(token) ? null
        : await identity.Database.Find<Open>(ReadSql, new { token = Secret.Hash(token), now = identity.Database.Clock.GetUtcNow() }, stop);

    private const string ReadSql = """
        select a.id, a.email, a.email_key, a.display_name, a.password_hash, a.second_factor, r.expires_at
        from identity.password_resets r join identity.accounts a on a.id = r.account_id
        where r.token_hash = @token and r.used_at is null and r.expires_at > @now and a.state = 'active'
        """;
}
