using System.Net;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Risk;

public enum RiskBlockKind { Customer, Email, Address, Card }

/// <summary>Who is not served, until when and why. Of an e-mail address only the hash of its mailbox is kept.</summary>
public static class RiskBlocks
{
    /// <param name="Value">An account's id, an e-mail address, or an address or network.</param>
    /// <param name="ExpiresAt">Never when absent.</param>
    public sealed record Body(RiskBlockKind Kind, string Value, string Reason, DateTimeOffset? ExpiresAt = null);

    public sealed record Removal(string Reason);

    public sealed record View(RiskBlockId Id, RiskBlockKind Kind, string Value, string Reason, Guid CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RemovedAt, Guid? RemovedBy);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/risk/blocks", async (Database database, CancellationToken stop, bool all = false) => TypedResults.Json(await List(database, all, stop), JsonRules.Options))
            .WithName("ListRiskBlocks").Requires(MoneyPermissions.RiskReview).Produces<IReadOnlyList<View>>();
        admin.MapPost("/risk/blocks", async (Body body, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Add(tx, caller, body), stop)).ToHttp(success: 201))
            .WithName("AddRiskBlock").Requires(MoneyPermissions.RiskReview).Produces<View>(201);
        admin.MapPost("/risk/blocks/{id}/actions/remove", async (RiskBlockId id, Removal body, Caller caller, Database database, CancellationToken stop) =>
                (await database.InTransaction(tx => Remove(tx, caller, id, body.Reason.Trim()), stop)).ToHttp())
            .WithName("RemoveRiskBlock").Requires(MoneyPermissions.RiskReview).Produces<View>();
    }

    public static async Task<Result<View>> Add(Transaction tx, Caller caller, Body body)
    {
        var reason = body.Reason.Trim();
        if (reason.Length is 0 or > 500) return MoneyRefusals.ReasonMissing;
        if (body.ExpiresAt <= tx.Now || Normal(body.Kind, body.Value.Trim()) is not { } value) return MoneyRefusals.BlockInvalid;
        var id = tx.NewId<RiskBlockId>();
        var free = await tx.Attempt(() => tx.ChangeOne(Insert, new
        {
            id, body.Kind, value, network = body.Kind == RiskBlockKind.Address ? value : null, reason, by = caller.AccountId ?? Guid.Empty, body.ExpiresAt, now = tx.Now,
        }), "risk_blocks_living");
        if (!free) return MoneyRefusals.BlockExists;
        await tx.Audit(caller, "risk_block.added", "risk_block", id.ToString(), after: new { body.Kind, value, body.ExpiresAt }, why: reason);
        return await tx.Get<View>($"{Select} where id = @id", new { id });
    }

    /// <summary>What is removed stays in the list of all.</summary>
    public static async Task<Result<View>> Remove(Transaction tx, Caller caller, RiskBlockId id, string reason)
    {
        if (reason.Length is 0 or > 500) return MoneyRefusals.ReasonMissing;
        var block = await tx.Find<View>($"{Select} where id = @id for update", new { id });
        if (block is null) return MoneyRefusals.BlockNotFound;
        if (block.RemovedAt is not null) return block;
        await tx.ChangeOne("update money.risk_blocks set removed_at = @now, removed_by = @by where id = @id and removed_at is null", new { id, by = caller.AccountId ?? Guid.Empty, now = tx.Now });
        await tx.Audit(caller, "risk_block.removed", "risk_block", id.ToString(), before: new { block.Kind, block.Value }, why: reason);
        return await tx.Get<View>($"{Select} where id = @id", new { id });
    }

    /// <summary>Those in force, or all, the newest first; at most 500.</summary>
    public static Task<IReadOnlyList<View>> List(Database database, bool all, CancellationToken stop) => database.List<View>($"""
        {Select} where @all or (removed_at is null and (expires_at is null or expires_at > @now)) order by created_at desc, id desc limit 500
        """, new { all, now = database.Clock.GetUtcNow() }, stop);

    internal static string Hash(string mailbox) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("risk:" + mailbox)));

    private static string? Normal(RiskBlockKind kind, string value) => kind switch
    {
        RiskBlockKind.Customer => Guid.TryParse(value, out var account) ? account.ToString() : null,
        RiskBlockKind.Email => EmailAddress.TryParse(value, out var email) ? Hash(Accounts.Mailbox(email.Key)) : null,
        RiskBlockKind.Address => Network(value),
        _ => null, // a card has no fingerprint here yet
    };

    private static string? Network(string value)
    {
        if (IPAddress.TryParse(value, out var one)) return $"{(one.IsIPv4MappedToIPv6 ? one.MapToIPv4() : one)}/{(one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || one.IsIPv4MappedToIPv6 ? 32 : 128)}";
        return IPNetwork.TryParse(value, out var network) && network.PrefixLength >= 8 ? network.ToString() : null;
    }

    private const string Select = "select id, kind, value, reason, created_by, created_at, expires_at, removed_at, removed_by from money.risk_blocks";

    private const string Insert = """
        insert into money.risk_blocks (id, kind, value, network, reason, created_by, created_at, expires_at) values (@id, @Kind, @value, @network::cidr, @reason, @by, @now, @ExpiresAt)
        """;
}
