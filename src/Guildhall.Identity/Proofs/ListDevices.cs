using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Proofs;

/// <summary>A browser or program that has signed in to the account.</summary>
/// <param name="Name">What it claims to be.</param>
/// <param name="RememberedUntil">Until when it skips the second step; null when it does not.</param>
/// <param name="Current">The one that asks.</param>
public sealed record DeviceView(DeviceId Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset? RememberedUntil, bool Current);

/// <summary>One's own devices, the last used first; at most fifty.</summary>
public static class ListDevices
{
    private const int Limit = 50;

    public sealed record Answer(IReadOnlyList<DeviceView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/auth/devices", async (Caller caller, IdentityParts identity, CancellationToken stop) => ((Result<Answer>)new Answer(await Run(identity, caller, stop))).ToHttp())
        .WithName(nameof(ListDevices)).RequiresSignIn().ChecksSessionRow().Produces<Answer>();

    private sealed record Row(DeviceId Id, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset? TrustedUntil, bool Current);

    public static async Task<IReadOnlyList<DeviceView>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        var now = identity.Database.Clock.GetUtcNow();
        var rows = await identity.Database.List<Row>(Read, new { account = caller.AccountId, session = caller.SessionId, limit = Limit }, stop);
        return [.. rows.Select(r => new DeviceView(r.Id, Devices.Describe(r.UserAgent), r.CreatedAt, r.LastSeenAt, r.TrustedUntil > now ? r.TrustedUntil : null, r.Current))];
    }

    private const string Read = """
        select d.id, d.user_agent, d.created_at, d.last_seen_at, d.trusted_until,
            exists (select 1 from identity.sessions s where s.id = @session and s.device_id = d.id) as current
        from identity.devices d where d.account_id = @account and d.revoked_at is null order by d.last_seen_at desc, d.id desc limit @limit
        """;
}
