using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Risk;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;

namespace Guildhall.Identity.Proofs;

/// <summary>Where every way of signing in ends, so that none asks for less than another: state of the account, second step, device, session, notice.</summary>
internal static class CompleteSignIn
{
    /// <summary>A session, or the second step that has to come first. A challenge is a result that commits.</summary>
    internal sealed record Outcome(SignedIn? SignedIn, ChallengeView? Challenge)
    {
        /// <summary>Not now: said after everything that led to it has been committed.</summary>
        public Refusal? Held { get; init; }

        public Result<SignedIn> ToResult() => Held is { } held ? held : Challenge is { } offer ? offer.ToRefusal() : SignedIn!;
    }

    /// <summary>What is known under the lock of the account's row.</summary>
    internal sealed record Locked(AccountState State, int Epoch, string? PasswordHash, bool MustChangePassword, DateTimeOffset PasswordSince);

    public static Task<Locked> Lock(Transaction tx, AccountId account) => tx.Get<Locked>(LockSql, new { account });

    /// <summary>The same for an id that may be nobody's.</summary>
    public static Task<Locked?> TryLock(Transaction tx, AccountId account) => tx.Find<Locked>(LockSql, new { account });

    private const string LockSql = """
        select state, epoch, password_hash, must_change_password, coalesce(password_changed_at, created_at) as password_since from identity.accounts where id = @account for no key update
        """;

    /// <summary>After the first factor was proven. The caller holds the account's row (<see cref="Lock"/>) and says what it read.</summary>
    /// <param name="device">The token that the device kept, when it has one.</param>
    /// <param name="signs">What a sign-in by password leaves for the judgement.</param>
    public static async Task<Result<Outcome>> Run(Transaction tx, IdentityParts identity, Caller caller, AccountId account, Locked locked, ProofMethod first, SessionKind kind, string? device, SignInSigns? signs = null)
    {
        if (locked.State is AccountState.Suspended) return IdentityRefusals.AccountSuspended;
        if (locked.State is AccountState.Unverified) return IdentityRefusals.EmailNotVerified;
        if (locked.State is not AccountState.Active) return IdentityRefusals.SignInFailed;
        var known = await KnownDevices.Recognise(tx, caller, account, device);
        var judged = await JudgeSignIn.Run(tx, identity, caller, account, first, isKnown: known is not null, signs);
        if (judged.Refusal is { } held) return new Outcome(null, null) { Held = held };
        var factors = first is ProofMethod.Passkey ? [] : Proof.Besides(first, judged.Has.SecondFactors);
        var isSuspicious = judged.Outcome is SignInOutcome.Ask;
        if (isSuspicious || (factors.Count > 0 && known is not { IsTrusted: true }))
        {
            // A code by mail strengthens nothing, but it keeps out who has the password alone.
            var offer = await Challenges.Open(tx, account, kind, first, locked.Epoch, Offered(factors));
            await tx.Audit(caller, "session.second_step_asked", "account", account.ToString(), after: new { first, isSuspicious }, personal: (account.Value, new { address = caller.Address?.ToString() }));
            return new Outcome(null, offer);
        }
        return new Outcome(await Open(tx, identity, caller, account, locked.Epoch, kind, first, second: null, known, isRemembered: factors.Count > 0, isStaff: judged.Has.Staff), null);
    }

    /// <summary>The ways of a second step: an account without second factors whose sign-in is suspicious has its e-mail.</summary>
    internal static IReadOnlyList<ProofMethod> Offered(IReadOnlyList<ProofMethod> factors) => factors.Count > 0 ? factors : [ProofMethod.EmailCode];

    /// <summary>Opens the session once everything was proven; the session the caller came with is replaced, never kept.</summary>
    public static async Task<SignedIn> Open(Transaction tx, IdentityParts identity, Caller caller, AccountId account, int epoch, SessionKind kind, ProofMethod first, ProofMethod? second,
        KnownDevice? known, bool isRemembered = false, bool? isStaff = null)
    {
        if (caller.SessionId is { } old)
        {
            await tx.Change("update identity.sessions set ended_at = @now, ended_why = 'replaced' where id = @old and ended_at is null", new { old, now = tx.Now });
            await tx.Publish(new AccountChanged(caller.AccountId!.Value));
        }
        var (device, token) = known is null ? await Meet(tx, identity, caller, account) : (known.Id, await KnownDevices.Renew(tx, known.Id));
        var place = identity.PlaceOf(caller.Address);
        await SignInPlaces.Keep(tx, account, place);
        var level = Proof.Level(first, second);
        // A remembered device has shown no second factor now, and an e-mail code is none: sensitive acts ask again.
        var isProven = !isRemembered && (second is null || level == 2);
        var signedIn = await OpenSession.Run(tx, identity.Tokens, caller, account, epoch, kind, new SessionProof(level, isProven ? tx.Now : null, second ?? first, device) { Place = place, IsStaff = isStaff });
        await tx.Audit(caller with { Kind = CallerKind.Person, AccountId = account.Value, SessionId = signedIn.Session.Id.Value }, "session.opened", "session",
            signedIn.Session.Id.ToString(), after: new { kind, first, second, level }, personal: (account.Value, new { address = caller.Address?.ToString(), agent = caller.UserAgent }));
        await tx.Publish(new SessionOpened(account.Value, signedIn.Session.Id.Value, known is null));
        return signedIn with { DeviceToken = token, Tokens = signedIn.Tokens is { } pair ? pair with { DeviceToken = token } : null };
    }

    // The first device of an account is the one it was made with: only later ones are told.
    private static async Task<(DeviceId Id, string Token)> Meet(Transaction tx, IdentityParts identity, Caller caller, AccountId account)
    {
        var isFirst = await tx.Find<DeviceId?>("select id from identity.devices where account_id = @account limit 1", new { account }) is null;
        var notMe = Secret.New();
        var device = await KnownDevices.Add(tx, caller, account, isFirst ? null : Secret.Hash(notMe));
        if (!isFirst)
        {
            await Notify.Person(tx, account.Value, "new_device", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["device"] = Devices.Describe(caller.UserAgent), ["address"] = caller.Address?.ToString() ?? "-", ["when"] = SafetyNotices.When(tx),
                ["link"] = $"{identity.Options.Issuer}/not-me#{notMe}",
            }, uniqueKey: device.Id.ToString());
        }
        return device;
    }
}

/// <summary>Somebody signed in. Runs in the transaction that opened the session.</summary>
/// <param name="NewDevice">The account has not signed in with this device before.</param>
public sealed record SessionOpened(Guid Account, Guid Session, bool NewDevice) : Foundation.Facts.IFact;
