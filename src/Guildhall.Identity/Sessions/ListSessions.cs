using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>A living session in a list.</summary>
/// <param name="Device">What the browser claims to be, in one line; <c>Browser</c> and <c>System</c> are its parts.</param>
/// <param name="Country">ISO 3166-1 code; null when nobody knows.</param>
/// <param name="Current">The one that asks.</param>
/// <param name="Level">2: two factors or a passkey; 1: one factor.</param>
/// <param name="ProvenAt">When everything the account asks for was last proven in this session; null when it was not.</param>
/// <param name="Remembered">Its device skips the second step for now.</param>
/// <param name="ByStaff">A member of staff looks at the product as this person, and can change nothing.</param>
/// <param name="ExpiresAt">Its end, used or not; <c>IdleAt</c>: its end when it is not used any more.</param>
public sealed record SessionView(SessionId Id, SessionKind Kind, DeviceType DeviceType, string Device, string? Browser, string? System, string? Address, string? Country, string? City,
    DateTimeOffset CreatedAt, DateTimeOffset LastActive, DateTimeOffset ExpiresAt, DateTimeOffset IdleAt, bool Current, short Level, ProofMethod ProvenBy, DateTimeOffset? ProvenAt,
    bool Remembered, bool ByStaff);

/// <summary>One's own living sessions, newest first.</summary>
public static class ListSessions
{
    public sealed record Answer(IReadOnlyList<SessionView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions", async (Caller caller, Database database, CancellationToken stop) =>
            ((Result<Answer>)new Answer(await Run(database, caller.AccountId!.Value, caller.SessionId, stop))).ToHttp())
        .WithName(nameof(ListSessions)).RequiresSignIn().ChecksSessionRow().Produces<Answer>();

    private sealed record Row(SessionId Id, SessionKind Kind, string? UserAgent, string? Address, string? Country, string? City, DateTimeOffset CreatedAt, DateTimeOffset LastActive,
        DateTimeOffset ExpiresAt, int IdleSeconds, bool Staff, short Level, ProofMethod ProvenBy, DateTimeOffset? ProvenAt, bool Remembered, bool ByStaff)
    {
        public SessionView ToView(Guid? current)
        {
            var (device, times) = (Devices.Read(UserAgent), new SessionTimes(CreatedAt, LastActive, ExpiresAt, IdleSeconds, Staff));
            return new SessionView(Id, Kind, device.Type, device.ToString(), device.Browser, device.System, Address, Country, City, CreatedAt, LastActive, times.EndsAt, times.IdleAt,
                Id.Value == current, Level, ProvenBy, ProvenAt, Remembered, ByStaff);
        }
    }

    public static async Task<IReadOnlyList<SessionView>> Run(Database database, Guid account, Guid? current, CancellationToken stop)
    {
        var rows = await database.List<Row>(Living, new { account, now = database.Clock.GetUtcNow(), current, limit = SessionLimits.PerAccount }, stop);
        return [.. rows.Select(r => r.ToView(current))];
    }

    // The one that asks lives: that it was used is perhaps not written yet.
    private const string Living = $"""
        select s.id, s.kind, s.user_agent, host(s.address) as address, s.country, s.city, s.created_at, s.last_active, s.expires_at, s.idle_seconds, {SessionSql.Staff} as staff,
            s.level, s.proven_by, s.proven_at, coalesce(d.trusted_until > @now and d.revoked_at is null, false) as remembered,
            s.impersonator_id is not null as by_staff
        from identity.sessions s join identity.accounts a on a.id = s.account_id left join identity.devices d on d.id = s.device_id
        where s.account_id = @account and s.ended_at is null and ({SessionSql.Lives} or s.id = @current)
        order by s.created_at desc, s.id desc limit @limit
        """;
}
