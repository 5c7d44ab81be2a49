using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Factors;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Guildhall.Identity.Passkeys;

/// <summary>Adds the passkey that a browser made in answer to <see cref="BeginPasskey"/>. From then on it signs in, alone or as the second step; devices
/// that skipped the second step are asked again, other sessions end.</summary>
public static class AddPasskey
{
    /// <summary>Passkeys of one account.</summary>
    public const int Most = 20;

    private const int ShortestId = 16;
    private static readonly string[] Transports = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

    /// <param name="Token">As it came with the options.</param>
    /// <param name="Credential">What <c>navigator.credentials.create</c> answered, as its <c>toJSON</c>.</param>
    /// <param name="Name">What its owner calls it; by the browser when none is given.</param>
    public sealed record Body(string Token, JsonElement Credential, string? Name = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/passkeys", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(AddPasskey)).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<PasskeyView>(201);

    // A refusal that has to be remembered commits, so it is no Result.
    private sealed record Outcome(PasskeyView? Added, Refusal? Refusal);

    public static async Task<Result<PasskeyView>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        var name = string.IsNullOrWhiteSpace(body.Name) ? Devices.Describe(caller.UserAgent) : ProfileRules.CleanName(body.Name);
        if (ProfileRules.Refuse(("name", ProfileRules.NameObjection(name))) is { } refusal) return refusal;
        var outcome = await identity.Database.InTransaction(tx => Write(tx, identity, caller, new AccountId(account), body with { Name = name }), stop);
        if (outcome.Added is not { } added) return outcome.Refusal!;
        await identity.ReachEveryNode(account);
        return added;
    }

    private static async Task<Outcome> Write(Transaction tx, IdentityParts identity, Caller caller, AccountId account, Body body)
    {
        if (await PasskeyAsks.Take(tx, body.Token, PasskeyAskKind.Register, account) is not { } state) return new Outcome(null, IdentityRefusals.PasskeyNotAdded);
        await CompleteSignIn.Lock(tx, account);
        if (await HasMost(tx, account)) return new Outcome(null, IdentityRefusals.TooManyPasskeys);
        var made = await new PasskeyCheck(tx, identity.Options).Made(account, state, body.Credential);
        if (made.Info is not { CredentialId.Length: >= ShortestId } info) return await Refused(tx, caller, account, made.Fault);

        var id = tx.NewId<PasskeyId>();
        if (!await tx.Attempt(() => Insert(tx, id, account, body.Name!, info), PostgresErrorCodes.UniqueViolation)) return await Refused(tx, caller, account, PasskeyFault.Taken);
        await FactorChange.Settle(tx, caller, account);
        await tx.Audit(caller, "passkey.added", "passkey", id.ToString(), after: new { account, transports = Known(info.Transports), info.IsBackedUp }, personal: (account.Value, new { body.Name }));
        await Tell(tx, account, "passkey_added", body.Name!, id);
        return new Outcome(new PasskeyView(id, body.Name!, info.IsBackedUp, tx.Now, null), null);
    }

    /// <summary>Asked under the lock of the account's row.</summary>
    internal static async Task<bool> HasMost(Transaction tx, AccountId account) => await tx.Get<long>("select count(*) from identity.passkeys where account_id = @account", new { account }) >= Most;

    internal static Task Tell(Transaction tx, AccountId account, string template, string name, PasskeyId id) => Notify.Person(tx, account.Value, template, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["passkey"] = name, ["when"] = SafetyNotices.When(tx), ["link"] = "/account",
    }, uniqueKey: id.ToString());

    private static Task Insert(Transaction tx, PasskeyId id, AccountId account, string name, UserPasskeyInfo info) => tx.ChangeOne(AddSql, new
    {
        id, account, credential = info.CredentialId, key = info.PublicKey, name, count = (long)info.SignCount, transports = Known(info.Transports),
        info.IsUserVerified, info.IsBackupEligible, info.IsBackedUp, attestation = info.AttestationObject, clientData = info.ClientDataJson, now = tx.Now,
    });

    // What the browser says of them is only a hint for the next time; words that nobody defined are dropped.
    private static string[] Known(string[]? said) => [.. Transports.Intersect(said ?? [], StringComparer.Ordinal)];

    private static async Task<Outcome> Refused(Transaction tx, Caller caller, AccountId account, PasskeyFault fault)
    {
        await tx.Audit(caller, "passkey.not_added", "account", account.ToString(), after: new { fault });
        return new Outcome(null, fault is PasskeyFault.Taken ? IdentityRefusals.PasskeyTaken : IdentityRefusals.PasskeyNotAdded);
    }

    private const string AddSql = """
        insert into identity.passkeys (id, account_id, credential_id, public_key, name, sign_count, transports, verified, backup_eligible, backed_up, attestation, client_data, created_at)
        values (@id, @account, @credential, @key, @name, @count, @transports, @IsUserVerified, @IsBackupEligible, @IsBackedUp, @attestation, @clientData, @now)
        """;
}
