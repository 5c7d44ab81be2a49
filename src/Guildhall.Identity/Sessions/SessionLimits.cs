namespace Guildhall.Identity.Sessions;

/// <summary>Limits of a session; the documentation's numbers are these, and nothing else says how long one lives. Staff are who hold a permission by a role,
/// now: a role that is given later shortens a session that is open, one that is taken lengthens none.</summary>
public static class SessionLimits
{
    /// <summary>A session ends this long after sign-in, unless its owner extends it.</summary>
    public static readonly TimeSpan Absolute = TimeSpan.FromHours(24);

    /// <summary>A session ends when it was not used for this long.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(2);

    /// <summary><see cref="Absolute"/> of staff, and of staff who look at the product as somebody else. Never extended.</summary>
    public static readonly TimeSpan StaffAbsolute = TimeSpan.FromHours(12);

    /// <summary><see cref="Idle"/> of staff, and of staff who look at the product as somebody else.</summary>
    public static readonly TimeSpan StaffIdle = TimeSpan.FromMinutes(15);

    /// <summary>However often it is extended, a session ends this long after sign-in.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(72);

    /// <summary>How long before the idle end a page asks whether somebody is still there.</summary>
    public static readonly TimeSpan Warning = TimeSpan.FromMinutes(2);

    /// <summary>A node trusts what it read about a session for this long, in real time.</summary>
    public static readonly TimeSpan Trusted = TimeSpan.FromSeconds(2);

    /// <summary>Living sessions per account; opening one more ends the oldest.</summary>
    public const int PerAccount = 50;

    internal static TimeSpan AbsoluteOf(bool staff) => staff ? StaffAbsolute : Absolute;

    internal static TimeSpan IdleOf(bool staff) => staff ? StaffIdle : Idle;
}

/// <summary>The times of a session with the roles its account has now.</summary>
/// <param name="CreatedAt">The sign-in; a step-up keeps it.</param>
/// <param name="IdleSeconds">As it was when the session was opened.</param>
internal readonly record struct SessionTimes(DateTimeOffset CreatedAt, DateTimeOffset LastActive, DateTimeOffset ExpiresAt, int IdleSeconds, bool Staff)
{
    public DateTimeOffset EndsAt => Staff && CreatedAt + SessionLimits.StaffAbsolute < ExpiresAt ? CreatedAt + SessionLimits.StaffAbsolute : ExpiresAt;

    public TimeSpan Idle => Staff && TimeSpan.FromSeconds(IdleSeconds) > SessionLimits.StaffIdle ? SessionLimits.StaffIdle : TimeSpan.FromSeconds(IdleSeconds);

    public DateTimeOffset IdleAt => LastActive + Idle;

    public bool IsIdle(DateTimeOffset now) => now >= IdleAt;

    public bool IsOver(DateTimeOffset now) => now >= EndsAt || IsIdle(now);
}

/// <summary>The same rule for statements that look for sessions: <c>s</c> is the session, <c>a</c> its account, <c>@now</c> the time. A test compares the two.</summary>
internal static class SessionSql
{
    public const string Staff = """
        (s.impersonator_id is not null or exists (select 1 from identity.account_roles r join identity.role_permissions p on p.role = r.role where r.account_id = s.account_id))
        """;

    /// <summary>Nobody ended it, one by one or with others.</summary>
    public const string Current = """
        s.ended_at is null and s.epoch = a.epoch and s.generation = (select g.generation from identity.session_generation g)
        """;

    public const string Lives = $"""
        {Current} and a.state = 'active' and s.expires_at > @now and s.last_active > @now - s.idle_seconds * interval '1 second'
            and ((s.created_at > @now - interval '12 hours' and s.last_active > @now - interval '15 minutes') or not {Staff})
        """;
}
