using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Risk;

/// <summary>Networks from which a right password of an unknown device is not enough: kept by staff, until when and why.</summary>
public static class NetworkBlocks
{
    private const int MaxListed = 500, MinBits = 8;

    /// <param name="Network">An address, or a network of at least /8.</param>
    /// <param name="ExpiresAt">Never when absent.</param>
    public sealed record Body(string Network, string Reason, DateTimeOffset? ExpiresAt = null);

    public sealed record Removal(string Reason);

    public sealed record View(NetworkBlockId Id, string Network, string Reason, Guid CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RemovedAt, Guid? RemovedBy);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/risk/networks", async (Database database, CancellationToken stop, bool all = false) => TypedResults.Json(await List(database, all, stop), JsonRules.Options))
            .WithName("ListNetworkBlocks").Requires(IdentityPermissions.SignInRisk).Produces<IReadOnlyList<View>>();
        admin.MapPost("/risk/networks", async (Body body, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Add(tx, caller, body), stop)).ToHttp(success: 201))
            .WithName("BlockNetwork").Requires(IdentityPermissions.SignInRisk).Produces<View>(201);
        admin.MapPost("/risk/networks/{id}/actions/remove", async (NetworkBlockId id, Removal body, Caller caller, Database database, CancellationToken stop) =>
                (await database.InTransaction(tx => Remove(tx, caller, id, body.Reason), stop)).ToHttp())
            .WithName("UnblockNetwork").Requires(IdentityPermissions.SignInRisk).Produces<View>();
    }

    public static async Task<Result<View>> Add(Transaction tx, Caller caller, Body body)
    {
        var network = ClientAddress.TryNetwork(body.Network.Trim(), MinBits, out var asked) ? asked.ToString() : null;
        if (ProfileRules.Refuse(
            ("network", network is null ? "An address, or a network of at least /8 such as 203.0.113.0/24." : null),
            ("reason", StaffReason.Objection(body.Reason)),
            ("expiresAt", body.ExpiresAt <= tx.Now ? "The end lies in the future." : null)) is { } refusal) return refusal;
        var (id, reason) = (tx.NewId<NetworkBlockId>(), body.Reason.Trim());
        var free = await tx.Attempt(() => tx.ChangeOne(Insert, new { id, network, reason, by = caller.AccountId ?? Guid.Empty, body.ExpiresAt, now = tx.Now }), "network_blocks_living");
        if (!free) return IdentityRefusals.NetworkBlockExists;
        await tx.Audit(caller, "network_block.added", "network_block", id.ToString(), after: new { network, body.ExpiresAt }, why: reason);
        return await tx.Get<View>($"{Select} where id = @id", new { id });
    }

    /// <summary>What is removed stays in the list of all; removing it again changes nothing.</summary>
    public static async Task<Result<View>> Remove(Transaction tx, Caller caller, NetworkBlockId id, string reason)
    {
        if (ProfileRules.Refuse(("reason", StaffReason.Objection(reason))) is { } refusal) return refusal;
        var block = await tx.Find<View>($"{Select} where id = @id for update", new { id });
        if (block is null) return FoundationRefusals.NotFound;
        if (block.RemovedAt is not null) return block;
        await tx.ChangeOne("update identity.network_blocks set removed_at = @now, removed_by = @by where id = @id and removed_at is null", new { id, by = caller.AccountId ?? Guid.Empty, now = tx.Now });
        await tx.Audit(caller, "network_block.removed", "network_block", id.ToString(), before: new { block.Network, block.ExpiresAt }, after: new { removedAt = tx.Now }, why: reason.Trim());
        return await tx.Get<View>($"{Select} where id = @id", new { id });
    }

    /// <summary>Those in force, or all, the newest first; at most 500.</summary>
    public static Task<IReadOnlyList<View>> List(Database database, bool all, CancellationToken stop) => database.List<View>($"""
        {Select} where @all or (removed_at is null and (expires_at is null or expires_at > @now)) order by created_at desc, id desc limit @limit
        """, new { all, now = database.Clock.GetUtcNow(), limit = MaxListed }, stop);

    private const string Select = "select id, network::text as network, reason, created_by, created_at, expires_at, removed_at, removed_by from identity.network_blocks";

    private const string Insert = """
        insert into identity.network_blocks (id, network, reason, created_by, created_at, expires_at) values (@id, @network::cidr, @reason, @by, @now, @ExpiresAt)
        """;
}
