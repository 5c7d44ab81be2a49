using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>A living session in a list.</summary>
/// <param name="Device">What the browser claims to be.</param>
/// <param name="Current">The one that asks.</param>
public sealed record SessionView(SessionId Id, SessionKind Kind, string Device, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastActive, DateTimeOffset ExpiresAt, bool Current);

/// <summary>One's own living sessions, newest first.</summary>
public static class ListSessions
{
    public sealed record Answer(IReadOnlyList<SessionView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions", async (Caller caller, Database database, CancellationToken stop) =>
            ((Result<Answer>)new Answer(await Run(database, caller.AccountId!.Value, caller.SessionId, stop))).ToHttp())
        .WithName(nameof(ListSessions)).RequiresSignIn().ChecksSessionRow().Produces<Answer>();

    private sealed record Row(SessionId Id, SessionKind Kind, string? UserAgent, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastActive, DateTimeOffset ExpiresAt);

    public static async Task<IReadOnlyList<SessionView>> Run(Database database, Guid account, Guid? current, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        var rows = await database.List<Row>(Living, new { account, now, idleSince = now - SessionLimits.Idle, limit = SessionLimits.PerAccount }, stop);
        return [.. rows.Select(r => new SessionView(r.Id, r.Kind, Devices.Describe(r.UserAgent), r.Address, r.CreatedAt, r.LastActive, r.ExpiresAt, r.Id.Value == current))];
    }

    private const string Living = """
        select s.id, s.kind, s.user_agent, host(s.address) as address, s.created_at, s.last_active, s.expires_at
        from identity.sessions s join identity.accounts a on a.id = s.account_id
        where s.account_id = @account and s.ended_at is null and s.epoch = a.epoch and s.expires_at > @now and s.last_active > @idleSince
        order by s.created_at desc, s.id desc limit @limit
        """;
}
