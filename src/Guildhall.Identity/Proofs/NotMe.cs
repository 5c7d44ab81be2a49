using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Proofs;

/// <summary>"This wasn't me", from the message about a new device: the device and all sessions are out at once, no device skips the second step, and a new password is asked for.
/// Pressing it again changes nothing more.</summary>
public static class NotMe
{
    /// <summary>How long the link of the message works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <param name="Token">What stands behind # in the link.</param>
    public sealed record Body(string Token);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/not-me", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(NotMe)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret());

    private sealed record Denied(DeviceId Id, AccountId AccountId);

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (!Secret.LooksLikeOne(body.Token)) return IdentityRefusals.LinkInvalid;
        var result = await identity.Database.InTransaction<Result<AccountId>>(async tx =>
        {
            var args = new { hash = Secret.Hash(body.Token), now = tx.Now, since = tx.Now - Lifetime };
            if (await tx.Find<Denied>(Deny, args) is not { } device)
                return await tx.Find<AccountId?>("select account_id from identity.devices where not_me_hash = @hash and not_me_at is not null", args) is { } before ? before : IdentityRefusals.LinkInvalid;
            await Lock(tx, identity, caller, device);
            return device.AccountId;
        }, stop);
        if (!result.Is(out var account, out var refusal)) return refusal;
        await identity.ReachEveryNode(account.Value);
        return new Done();
    }

    private static async Task Lock(Transaction tx, IdentityParts identity, Caller caller, Denied device)
    {
        await tx.Change("update identity.sessions set ended_at = @now, ended_why = 'not_me' where device_id = @Id and ended_at is null", new { device.Id, now = tx.Now });
        await tx.ChangeOne("update identity.accounts set must_change_password = password_hash is not null, changed_at = @now where id = @AccountId", new { device.AccountId, now = tx.Now });
        await EndAllSessions.Bump(tx, device.AccountId);
        await KnownDevices.TrustNone(tx, device.AccountId);
        await tx.Audit(caller, "device.not_me", "device", device.Id.ToString(), after: new { revoked = true, sessions = "ended", password = "to be changed" },
            personal: (device.AccountId.Value, new { address = caller.Address?.ToString() }));
        await Notify.Person(tx, device.AccountId.Value, "account_secured", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = $"{identity.Options.Issuer}/forgot-password" }, uniqueKey: device.Id.ToString());
        await tx.Enqueue(new MailPasswordReset(device.AccountId.Value));
    }

    private const string Deny = """
        update identity.devices set not_me_at = @now, revoked_at = coalesce(revoked_at, @now), trusted_until = null
        where not_me_hash = @hash and not_me_at is null and created_at > @since returning id, account_id
        """;
}
