using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Tokens;

/// <summary>Staff let the next signing key sign from now on, without waiting for its term. Tokens of the one before stay good until they run out; no request fails.</summary>
public static class RotateKeysNow
{
    // Every node reads the keys once a minute, also when it missed the word: a key as old as this is known everywhere.
    private static readonly TimeSpan KnownEverywhere = TimeSpan.FromMinutes(5);

    public sealed record Body(string Why);

    /// <param name="State">next, active or retired.</param>
    /// <param name="WrappedBy">master or pkcs11.</param>
    public sealed record KeyView(string Kid, string State, string Algorithm, string WrappedBy, DateTimeOffset CreatedAt, DateTimeOffset? ActiveFrom, DateTimeOffset? RetiredAt);

    public sealed record Answer(IReadOnlyList<KeyView> Items);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/admin/signing-keys", async (Database database, CancellationToken stop) => ((Result<Answer>)await List(database, stop)).ToHttp())
            .WithName("ListSigningKeys").Requires(IdentityPermissions.KeyRotate).Produces<Answer>();
        api.MapPost("/admin/signing-keys/actions/rotate", async (Body body, Caller caller, IdentityParts identity, KeyMaker maker, CancellationToken stop) => (await Run(identity, maker, caller, body.Why, stop)).ToHttp())
            .WithName(nameof(RotateKeysNow)).Requires(IdentityPermissions.KeyRotate).RequiresStepUp().Produces<Answer>();
    }

    private static async Task<Result<Answer>> Run(IdentityParts identity, KeyMaker maker, Caller caller, string why, CancellationToken stop)
    {
        if (ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal) return refusal;
        var database = identity.Database;
        if (await database.Find<string>("select kid from identity.signing_keys where state = 'next' and created_at < @before", new { before = database.Clock.GetUtcNow() - KnownEverywhere }, stop) is null)
            return IdentityRefusals.KeyTooYoung;
        if (!await SigningKeys.Rotate(database, maker, stop, force: true)) return IdentityRefusals.KeyTooYoung;
        await database.InTransaction(tx => tx.Audit(caller, "signing_key.rotated", "signing_key", "active", why: why), stop);
        await identity.Channel.Broadcast(SigningKeys.Topic, "");
        return await List(database, stop);
    }

    private static async Task<Answer> List(Database database, CancellationToken stop) => new(await database.List<KeyView>("""
        select kid, state, algorithm, sealed_by as wrapped_by, created_at, active_from, retired_at from identity.signing_keys order by created_at desc, kid limit 50
        """, stop: stop));
}
