using System.Net;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>How a session stands: it lives, it has run out and nobody has written that down yet, or it ended.</summary>
public enum SessionState { Living, RanOut, Ended }

/// <summary>A session in the console's list.</summary>
/// <param name="EndedWhy">Null while nobody has written down that it ended.</param>
public sealed record SessionRowView(SessionId Id, AccountId Account, string DisplayName, SessionKind Kind, DeviceType DeviceType, string Device, string? Address, string? Country, string? City,
    DateTimeOffset CreatedAt, DateTimeOffset LastActive, DateTimeOffset ExpiresAt, SessionState State, DateTimeOffset? EndedAt, SessionEnd? EndedWhy, short Level, ProofMethod ProvenBy, bool ByStaff);

/// <summary>Sessions of everybody, newest first, by pages. Each filter has an index of its own.</summary>
public static class ListAllSessions
{
    public const int MaxPage = 100;

    /// <param name="Person">An account's id or its e-mail address.</param>
    /// <param name="State"><c>living</c>, or <c>ended</c>: those whose end is written down. One that just ran out is in neither until it is cleaned up.</param>
    /// <param name="Address">An address or a network such as <c>203.0.113.0/24</c>.</param>
    public sealed record Filter(string? Person = null, string? Country = null, string? DeviceType = null, string? State = null, string? Kind = null, string? Address = null);

    /// <param name="Next">Pass it as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<SessionRowView> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/sessions", async (Database database, CancellationToken stop, string? person = null, string? country = null, string? deviceType = null, string? state = null,
            string? kind = null, string? address = null, string? after = null, int limit = 50) =>
            (await Run(database, new Filter(person, country, deviceType, state, kind, address), after, limit, stop)).ToHttp())
        .WithName(nameof(ListAllSessions)).Requires(IdentityPermissions.AccountView).Produces<Page>();

    private sealed record Row(SessionId Id, AccountId AccountId, string DisplayName, SessionKind Kind, DeviceType DeviceType, string? UserAgent, string? Address, string? Country, string? City,
        DateTimeOffset CreatedAt, DateTimeOffset LastActive, DateTimeOffset ExpiresAt, int IdleSeconds, bool Staff, bool Lives, DateTimeOffset? EndedAt, SessionEnd? EndedWhy, short Level,
        ProofMethod ProvenBy, bool ByStaff)
    {
        public SessionRowView ToView() => new(Id, AccountId, DisplayName, Kind, DeviceType, Devices.Describe(UserAgent), Address, Country, City, CreatedAt, LastActive,
            new SessionTimes(CreatedAt, LastActive, ExpiresAt, IdleSeconds, Staff).EndsAt, Lives ? SessionState.Living : EndedAt is null ? SessionState.RanOut : SessionState.Ended,
            EndedAt, EndedWhy, Level, ProvenBy, ByStaff);
    }

    public static async Task<Result<Page>> Run(Database database, Filter filter, string? after, int limit, CancellationToken stop)
    {
        var size = Math.Clamp(limit, 1, MaxPage);
        if (Objection(filter, after) is { } refusal) return refusal;
        var account = await AccountOf(database, filter.Person, stop);
        if (!string.IsNullOrEmpty(filter.Person) && account is null) return new Page([], null);
        var last = PageMark.Read(after);
        var rows = await database.List<Row>(Read(filter, last is not null), new
        {
            now = database.Clock.GetUtcNow(), account, Country = Blank(filter.Country), DeviceType = Blank(filter.DeviceType), Kind = Blank(filter.Kind), network = Blank(filter.Address),
            at = last?.At, id = last?.Id, limit = size + 1,
        }, stop);
        var items = rows.Take(size).Select(r => r.ToView()).ToArray();
        return new Page(items, rows.Count > size ? new PageMark(items[^1].CreatedAt, items[^1].Id.Value).ToString() : null);
    }

    private static Refusal? Objection(Filter filter, string? after) => ProfileRules.Refuse(
        ("country", Blank(filter.Country) is null or { Length: 2 } ? null : "A country is two letters, such as KW."),
        ("deviceType", Blank(filter.DeviceType) is null or "phone" or "tablet" or "computer" or "program" or "unknown" ? null : "The type is phone, tablet, computer, program or unknown."),
        ("state", Blank(filter.State) is null or "living" or "ended" ? null : "The state is living or ended."),
        ("kind", Blank(filter.Kind) is null or "cookie" or "bearer" ? null : "The kind is cookie or bearer."),
        ("address", Blank(filter.Address) is not { } text || IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _) ? null : "An address or network, such as 203.0.113.0/24."),
        ("after", Blank(after) is null || PageMark.Read(after) is not null ? null : "Take it from the page before."));

    private static async Task<AccountId?> AccountOf(Database database, string? person, CancellationToken stop) =>
        Id.TryParse<AccountId>(person, out var id) ? id
        : EmailAddress.TryParse(person ?? "", out var email) ? await database.Find<AccountId?>("select id from identity.accounts where email_key = @key", new { key = email.Key }, stop) : null;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    // Only the conditions that were asked for stand in the statement, so that the planner sees which index serves it.
    private static string Read(Filter filter, bool isFurther)
    {
        var conditions = string.Concat(
            Blank(filter.Person) is null ? "" : " and s.account_id = @account",
            Blank(filter.Country) is null ? "" : " and s.country = upper(@Country)",
            Blank(filter.DeviceType) is null ? "" : " and s.device_type = @DeviceType",
            Blank(filter.Kind) is null ? "" : " and s.kind = @Kind",
            Blank(filter.Address) is null ? "" : " and s.address <<= @network::inet",
            Blank(filter.State) switch { "living" => " and s.ended_at is null", "ended" => " and s.ended_at is not null", _ => "" },
            isFurther ? " and (s.created_at, s.id) < (@at, @id)" : "");
        return Blank(filter.State) is "living" ? Living(conditions) : $"{Columns} {From} where true{conditions} order by s.created_at desc, s.id desc limit @limit";
    }

    // What says "living" looks far rarer to the planner than it is: it would read all open sessions to sort a few. So the newest are found by what the planner knows,
    // and looked at one by one until the page is full; each offset 0 keeps it from joining the parts.
    private static string Living(string conditions) => $"""
        select x.id, x.account_id, x.display_name, x.kind, x.device_type, x.user_agent, x.address, x.country, x.city, x.created_at, x.last_active, x.expires_at, x.idle_seconds, x.staff, x.lives,
            x.ended_at, x.ended_why, x.level, x.proven_by, x.by_staff
        from (select s.id, s.created_at from identity.sessions s where true{conditions} order by s.created_at desc, s.id desc offset 0) n
        cross join lateral ({Columns} {From} where s.id = n.id and {SessionSql.Lives} offset 0) x order by n.created_at desc, n.id desc limit @limit
        """;

    private const string Columns = $"""
        select s.id, s.account_id, a.display_name, s.kind, s.device_type, s.user_agent, host(s.address) as address, s.country, s.city, s.created_at, s.last_active, s.expires_at, s.idle_seconds,
            {SessionSql.Staff} as staff, {SessionSql.Lives} as lives, s.ended_at, s.ended_why, s.level, s.proven_by, s.impersonator_id is not null as by_staff
        """;

    private const string From = "from identity.sessions s join identity.accounts a on a.id = s.account_id";
}

/// <summary>Where a page of sessions ended. Two sessions may share their time: a step-up keeps it.</summary>
internal sealed record PageMark(DateTimeOffset At, Guid Id)
{
    public override string ToString() => $"{At.UtcTicks.ToString("x", System.Globalization.CultureInfo.InvariantCulture)}.{Id:n}";

    public static PageMark? Read(string? text) =>
        text?.Split('.') is [{ Length: <= 16 } time, { Length: 32 } id] && long.TryParse(time, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var ticks)
        && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParseExact(id, "n", out var guid) ? new PageMark(new DateTimeOffset(ticks, TimeSpan.Zero), guid) : null;
}
