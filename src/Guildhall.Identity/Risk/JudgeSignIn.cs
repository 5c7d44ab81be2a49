using System.Net;
using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Identity.Places;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;

namespace Guildhall.Identity.Risk;

/// <summary>Scores a sign-in whose first factor was right, under the lock of its account and before any session, and keeps the decision with all it rests on. Looks at
/// the database and at files in memory; asks nobody else. What it says no to is committed: the hold, the mail to the owner, the decision.</summary>
internal static class JudgeSignIn
{
    // Reasons that the owner should know of even when the code was asked for only.
    private static readonly string[] Told = ["new_country", "impossible_travel", "concurrent_countries"];

    /// <param name="Refusal">The answer when it is held.</param>
    /// <param name="Has">Read in the same look.</param>
    internal sealed record Judgement(SignInOutcome Outcome, Refusal? Refusal, Proof.Has Has);

    private sealed record Seen(int AddressAccounts, int NetworkAccounts, int PasswordAccounts, int GlobalAccounts, int AccountFailures, bool HasDevices, bool Blocked,
        DateTimeOffset? HeldSince, DateTimeOffset? HeldUntil, DateTimeOffset? PasswordChangedAt, bool Totp, bool Passkey, bool Backup, bool Sms, bool Staff)
    {
        public Proof.Has Has => new(Totp, Passkey, Backup, Sms, Staff);
    }

    /// <param name="isKnown">The device has signed in to this account before.</param>
    /// <param name="signs">Of a password.</param>
    public static async Task<Judgement> Run(Transaction tx, IdentityParts identity, Caller caller, AccountId account, ProofMethod method, bool isKnown, SignInSigns? signs)
    {
        var seen = await tx.Get<Seen>(Look, new
        {
            account, address = RateLimits.AddressKey(caller.Address), network = SignInFailures.Network(caller.Address), ip = Plain(caller.Address), key = signs?.Account, mark = signs?.Password,
            hour = tx.Now - SignInFailures.Kept, minutes = tx.Now.AddMinutes(-10), now = tx.Now,
        });
        if (method is ProofMethod.Password && !isKnown && StillHeld(seen, tx.Now) is { } held)
        {
            await tx.Audit(caller, "session.held", "account", account.ToString(), after: new { until = held }, personal: (account.Value, new { address = caller.Address?.ToString() }));
            return new Judgement(SignInOutcome.Hold, Refuse(held, tx.Now), seen.Has);
        }
        var rules = (await tx.Setting(IdentitySettings.SignInRules)).Times(identity.Limits.Factor);
        var here = identity.PlaceOf(caller.Address);
        var place = await SignInPlaces.Compare(tx, identity.PlaceOf, account, here, rules.ConcurrentMinutes);
        var inputs = new SignInInputs(method, isKnown, !seen.HasDevices, place.New, place.Km, place.Minutes, place.Others, seen.AccountFailures, signs is { Guessed: true },
            seen.AddressAccounts, seen.NetworkAccounts, seen.PasswordAccounts, seen.GlobalAccounts, [.. identity.Lists.Naming(caller.Address)], seen.Blocked);
        var verdict = SignInScore.Of(inputs, rules);
        var decision = await Keep(tx, caller, account, method, here, inputs, rules, verdict);
        return verdict.Outcome switch
        {
            SignInOutcome.Allow => new Judgement(SignInOutcome.Allow, null, seen.Has),
            SignInOutcome.Ask => await Asked(tx, identity, caller, account, here, verdict, seen.Has),
            SignInOutcome.Hold => await Hold(tx, identity, caller, account, here, decision, verdict, tx.Now.AddMinutes(rules.HoldMinutes), seen.Has),
        };
    }

    private static DateTimeOffset? StillHeld(Seen seen, DateTimeOffset now) => seen.HeldUntil > now && !(seen.PasswordChangedAt >= seen.HeldSince) ? seen.HeldUntil : null;

    private static Refusal Refuse(DateTimeOffset until, DateTimeOffset now) => IdentityRefusals.SignInHeld with { RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling((until - now).TotalSeconds)) };

    private static async Task<SignInDecisionId> Keep(Transaction tx, Caller caller, AccountId account, ProofMethod method, Place here, SignInInputs inputs, SignInRules rules, SignInVerdict verdict)
    {
        var id = tx.NewId<SignInDecisionId>();
        var personal = await PersonKeys.Seal(tx, account.Value, new SignInOrigin(caller.Address?.ToString(), here.Country, here.City, Devices.Describe(caller.UserAgent)));
        await tx.ChangeOne(Insert, new { id, account, now = tx.Now, method, verdict.Outcome, verdict.Score, SignInScore.Version, inputs = Json(inputs), rules = Json(rules), reasons = Json(verdict.Reasons), personal });
        return id;
    }

    private static async Task<Judgement> Asked(Transaction tx, IdentityParts identity, Caller caller, AccountId account, Place here, SignInVerdict verdict, Proof.Has has)
    {
        if (verdict.Reasons.Any(r => Told.Contains(r.Code, StringComparer.Ordinal))) await Tell(tx, identity, caller, account, here);
        return new Judgement(SignInOutcome.Ask, null, has);
    }

    private static async Task<Judgement> Hold(Transaction tx, IdentityParts identity, Caller caller, AccountId account, Place here, SignInDecisionId decision, SignInVerdict verdict, DateTimeOffset until, Proof.Has has)
    {
        await tx.ChangeOne(HoldSql, new { account, decision, until, now = tx.Now });
        await tx.Audit(caller, "session.held", "account", account.ToString(), after: new { decision, verdict.Score, until, reasons = verdict.Reasons.Select(r => r.Code) },
            personal: (account.Value, new { address = caller.Address?.ToString() }));
        await Tell(tx, identity, caller, account, here);
        return new Judgement(SignInOutcome.Hold, Refuse(until, tx.Now), has);
    }

    // Once an hour, however often somebody tries.
    private static Task Tell(Transaction tx, IdentityParts identity, Caller caller, AccountId account, Place here) =>
        Notify.Person(tx, account.Value, "suspicious_sign_in", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device"] = Devices.Describe(caller.UserAgent), ["address"] = Plain(caller.Address)?.ToString() ?? "-",
            ["place"] = here switch { { City: { } city, Country: { } country } => $"{city}, {country}", { Country: { } country } => country, _ => "-" },
            ["when"] = SafetyNotices.When(tx), ["link"] = identity.Options.Issuer + "/forgot-password",
        }, uniqueKey: SafetyNotices.Hour(tx));

    private static IPAddress? Plain(IPAddress? address) => address is null ? null : ClientAddress.Plain(address);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonRules.Options);

    private const string Look = $"""
        select
            (select count(distinct f.account_key) from (select account_key from identity.sign_in_failures where address = @address and at > @hour order by at desc limit 2000) f)::int as address_accounts,
            (select count(distinct f.account_key) from (select account_key from identity.sign_in_failures where network = @network and at > @hour order by at desc limit 2000) f)::int as network_accounts,
            (select count(distinct f.account_key) from (select account_key from identity.sign_in_failures where password_mark = @mark and at > @hour order by at desc limit 2000) f)::int as password_accounts,
            (select count(distinct f.account_key) from (select account_key from identity.sign_in_failures where at > @minutes order by at desc limit 5000) f)::int as global_accounts,
            (select count(*) from (select 1 from identity.sign_in_failures where account_key = @key and at > @hour limit 1000) f)::int as account_failures,
            exists (select 1 from identity.devices d where d.account_id = @account) as has_devices,
            exists (select 1 from identity.network_blocks b where b.removed_at is null and (b.expires_at is null or b.expires_at > @now) and b.network >>= @ip) as blocked,
            h.since as held_since, h.until as held_until, a.password_changed_at,
            {Proof.HasColumns}
        from identity.accounts a left join identity.sign_in_holds h on h.account_id = a.id where a.id = @account
        """;

    private const string Insert = """
        insert into identity.risk_decisions (id, account_id, at, method, outcome, score, version, inputs, rules, reasons, personal)
        values (@id, @account, @now, @method, @Outcome, @Score, @Version, @inputs, @rules, @reasons, @personal)
        """;

    private const string HoldSql = """
        insert into identity.sign_in_holds (account_id, since, until, decision_id) values (@account, @now, @until, @decision)
        on conflict (account_id) do update set since = excluded.since, until = excluded.until, decision_id = excluded.decision_id
        """;
}
