using System.Diagnostics;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;

namespace Guildhall.Identity.Sessions;

/// <summary>How a session is presented: by the browser's cookie or by bearer tokens. Never both.</summary>
public enum SessionKind { Cookie, Bearer }

/// <summary>Why a session ended.</summary>
public enum SessionEnd { SignedOut, EndedByOwner, EndedByStaff, Replaced, Expired, Idle, TokenReuse, TooMany, NotMe, PasswordChanged, CleanedUp }

/// <summary>A session and its account as one read found them. Never changed: a newer read makes a new one.</summary>
internal sealed class Session
{
    private readonly SessionRow _row;
    private readonly Caller _caller;
    private byte[]? _me;

    public Session(SessionRow row, DateTimeOffset lastActive, long readAt)
    {
        (_row, LastActive, ReadAt) = (row, lastActive, readAt);
        Roles = Split(row.Roles);
        Permissions = Split(row.Permissions);
        Times = new SessionTimes(row.CreatedAt, lastActive, row.ExpiresAt, row.IdleSeconds, Permissions.Count > 0 || row.ImpersonatorId is not null);
        _caller = new Caller
        {
            Kind = CallerKind.Person, AccountId = row.AccountId.Value, SessionId = row.Id.Value, ByCookie = row.Kind is SessionKind.Cookie,
            Roles = Roles, Permissions = Permissions, ProvenAt = row.ProvenAt, ImpersonatedBy = row.ImpersonatorId,
            LacksSecondFactor = row.NeedsSecondFactor && !row.SecondFactor && row.ImpersonatorId is null,
        };
    }

    public SessionId Id => _row.Id;
    public AccountId Account => _row.AccountId;
    public SessionKind Kind => _row.Kind;
    public int Epoch => _row.AccountEpoch;
    public DateTimeOffset LastActive { get; }
    public SessionTimes Times { get; }

    /// <summary>Real time (the machine's running clock), taken before the read began.</summary>
    public long ReadAt { get; }

    public IReadOnlySet<string> Roles { get; }
    public IReadOnlySet<string> Permissions { get; }

    /// <summary>Who looks as this account in this session.</summary>
    public Guid? ImpersonatedBy => _row.ImpersonatorId;

    public bool IsFresh => Stopwatch.GetElapsedTime(ReadAt) < SessionLimits.Trusted;

    /// <summary>The one rule of what a living session is.</summary>
    public bool LivesAt(DateTimeOffset now) =>
        _row.EndedAt is null && _row.State is AccountState.Active && _row.Epoch == _row.AccountEpoch && _row.ImpersonatorMay && _row.Generation == _row.LivingGeneration && !Times.IsOver(now);

    /// <summary>Nothing ended it, but this read knows of no use in time: a later read may know of one.</summary>
    public bool LooksIdleAt(DateTimeOffset now) => _row.EndedAt is null && Times.IsIdle(now);

    public Caller CallerOf(Microsoft.AspNetCore.Http.HttpContext http) => _caller with
    {
        Address = http.Connection.RemoteIpAddress,
        UserAgent = http.Request.Headers.UserAgent is [{ Length: > 0 } agent] ? agent : null,
        RequestId = http.TraceIdentifier,
    };

    public MeView Me => new(_row.AccountId, _row.Email, _row.DisplayName, _row.Language, _row.Zone, [.. Roles.Order(StringComparer.Ordinal)],
        [.. Permissions.Order(StringComparer.Ordinal)], _row.Id, Times.EndsAt,
        _row.ImpersonatorId is { } staff ? new AccountId(staff) : null);

    /// <summary><see cref="Me"/> as JSON, written once.</summary>
    public byte[] MeJson => _me ??= JsonSerializer.SerializeToUtf8Bytes(Me, JsonRules.Options);

    private static HashSet<string> Split(string names) => new(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}

internal sealed record SessionRow(SessionId Id, AccountId AccountId, SessionKind Kind, int Epoch, int Generation, int LivingGeneration, DateTimeOffset CreatedAt,
    DateTimeOffset LastActive, int IdleSeconds, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt, AccountState State, int AccountEpoch, string Email, string DisplayName, string Language, string Zone, string Roles, string Permissions,
    short Level, DateTimeOffset? ProvenAt, Guid? ImpersonatorId, bool SecondFactor, bool NeedsSecondFactor, bool ImpersonatorMay);
