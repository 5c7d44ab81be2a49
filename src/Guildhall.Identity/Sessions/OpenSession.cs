using System.Net;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Places;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Tokens;

namespace Guildhall.Identity.Sessions;

/// <summary>A session as its owner's program sees it.</summary>
public sealed record OpenedSession(SessionId Id, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>What a program gets to act with.</summary>
/// <param name="ExpiresIn">Seconds until the access token runs out.</param>
/// <param name="DeviceToken">At a sign-in: keep it and send it with the next one, by which this device is known.</param>
public sealed record TokenPair(string AccessToken, string RefreshToken, int ExpiresIn, OpenedSession Session, string TokenType = "Bearer", string? DeviceToken = null);

/// <summary>A sign-in that succeeded. Exactly one of the two holds is set, by the kind of session that was asked for.</summary>
/// <param name="DeviceToken">What the device keeps to be known by; null when it keeps what it has.</param>
public sealed record SignedIn(AccountId Account, OpenedSession Session, string? CookieToken, TokenPair? Tokens, string? DeviceToken = null);

/// <summary>What a session rests on.</summary>
/// <param name="Level">1 or 2, see <see cref="Proofs.Proof"/>.</param>
/// <param name="At">When everything the account asks for was proven; null when not in this session.</param>
internal sealed record SessionProof(short Level, DateTimeOffset? At, ProofMethod By, DeviceId? Device)
{
    /// <summary>Times of the session that this one replaces; null for a new one.</summary>
    public DateTimeOffset? Opened { get; init; }

    /// <inheritdoc cref="Opened"/>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>The generation of the session that this one replaces: what was ended for everybody stays ended.</summary>
    public int? Generation { get; init; }

    /// <summary>Where the address is.</summary>
    public Place Place { get; init; } = Place.Unknown;

    /// <summary>Whether the account has permissions of staff, when that was read under its lock; else it is read.</summary>
    public bool? IsStaff { get; init; }

    /// <summary>Who looks at the product as this account.</summary>
    public Guid? Impersonator { get; init; }

    /// <summary>The session they came from: when it ends, this one does.</summary>
    public Guid? ImpersonatorSession { get; init; }
}

/// <summary>Writes a session for an account whose row the transaction has locked.</summary>
internal static class OpenSession
{
    private const int MaxAgent = 400;

    public static async Task<SignedIn> Run(Transaction tx, AccessTokens tokens, Caller caller, AccountId account, int epoch, SessionKind kind, SessionProof proof)
    {
        var isStaff = proof.Impersonator is not null || (proof.IsStaff ?? await tx.Get<bool>(IsStaff, new { account }));
        var (opened, device) = (proof.Opened ?? tx.Now, Devices.Read(caller.UserAgent).Type);
        var ends = proof.Ends ?? tx.Now + SessionLimits.AbsoluteOf(isStaff);
        if (isStaff && opened + SessionLimits.StaffAbsolute < ends) ends = opened + SessionLimits.StaffAbsolute;
        var session = new OpenedSession(tx.NewId<SessionId>(), opened, ends);
        var cookie = kind is SessionKind.Cookie ? Secret.New() : null;
        await tx.ChangeOne(Add, new
        {
            id = session.Id, account, kind, epoch, cookieHash = cookie is null ? null : Secret.Hash(cookie), now = tx.Now, session.CreatedAt, session.ExpiresAt,
            proof.Level, proof.At, proof.By, proof.Device, proof.Impersonator, proof.ImpersonatorSession, proof.Generation, proof.Place.Country, proof.Place.City,
            deviceType = device, idleSeconds = (int)SessionLimits.IdleOf(isStaff).TotalSeconds,
            agent = caller.UserAgent is { Length: > MaxAgent } agent ? agent[..MaxAgent] : caller.UserAgent, address = Plain(caller.Address),
        });
        if (proof is { Opened: null, Impersonator: null }) await SessionDays.CountSignIn(tx, device);
        await tx.Change(EndTheOldest, new { account, now = tx.Now, keep = SessionLimits.PerAccount });
        if (cookie is not null) return new SignedIn(account, session, cookie, null);

        var refresh = Secret.New();
        await tx.ChangeOne(RefreshSql.First, new { hash = Secret.Hash(refresh), session = session.Id, now = tx.Now });
        return new SignedIn(account, session, null, Pair(tokens, account, session, epoch, refresh, tx.Now));
    }

    public static TokenPair Pair(AccessTokens tokens, AccountId account, OpenedSession session, int epoch, string refresh, DateTimeOffset now) =>
        new(tokens.Issue(account.Value, session.Id.Value, epoch, now, session.ExpiresAt), refresh, (int)Math.Min(AccessTokens.Lifetime.TotalSeconds, (session.ExpiresAt - now).TotalSeconds), session);

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address is null ? null : new IPAddress(address.GetAddressBytes());

    private const string Add = """
        insert into identity.sessions (id, account_id, kind, epoch, cookie_hash, created_at, last_active, expires_at, user_agent, address, level, proven_at, proven_by, device_id, impersonator_id, impersonator_session,
            device_type, country, city, idle_seconds, generation)
        values (@id, @account, @kind, @epoch, @cookieHash, @CreatedAt, @now, @ExpiresAt, @agent, @address, @Level, @At, @By, @Device, @Impersonator, @ImpersonatorSession,
            @deviceType, @Country, @City, @idleSeconds, coalesce(@Generation, (select g.generation from identity.session_generation g)))
        """;

    private const string IsStaff = """
        select exists (select 1 from identity.account_roles r join identity.role_permissions p on p.role = r.role where r.account_id = @account)
        """;

    private const string EndTheOldest = """
        update identity.sessions set ended_at = @now, ended_why = 'too_many'
        where id in (select id from identity.sessions where account_id = @account and ended_at is null and impersonator_id is null order by created_at desc, id desc offset @keep)
        """;
}
