using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Escrow;

/// <summary>A complaint of the customer, or staff on their behalf, keeps the order's money in escrow. The order's lock decides a race with the release:
/// who commits first wins, and the other is told so.</summary>
public static class HoldOrder
{
    public sealed record Body(string Reason);

    public sealed record View(HoldId Id, OrderId Order, string Reason, DateTimeOffset HeldAt, DateTimeOffset? EndedAt, string? Outcome);

    private const int Most = 500;

    internal static void Map(IEndpointRouteBuilder orders)
    {
        orders.MapPost("/{id}/hold", async (OrderId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body.Reason, stop)).ToHttp(success: 201))
            .WithName(nameof(HoldOrder)).RequiresSignIn().Idempotent().Produces<View>(201);
        orders.MapPost("/{id}/hold/end", async (OrderId id, Body body, Caller caller, Database database, CancellationToken stop) => (await End(database, caller, id, body.Reason, stop)).ToHttp())
            .WithName("EndHold").Requires(MoneyPermissions.OrderHold).Idempotent().Produces<View>();
    }

    public static Task<Result<View>> Run(Database database, Caller caller, OrderId id, string reason, CancellationToken stop) => database.InTransaction(tx => Hold(tx, caller, id, reason), stop);

    /// <summary>Holds the order in the caller's transaction; holding it again answers the hold that stands.</summary>
    public static async Task<Result<View>> Hold(Transaction tx, Caller caller, OrderId id, string reason)
    {
        if (reason is not { Length: >= 1 and <= Most }) return MoneyRefusals.ReasonMissing;
        var order = await Orders.Orders.Lock(tx, id);
        if (order is null || !(caller.Is(order.CustomerId) || caller.May(MoneyPermissions.OrderHold))) return MoneyRefusals.OrderNotFound;
        if (order.State != OrderState.Paid) return MoneyRefusals.OrderNotPaid;
        if (order.ReleasedAt is not null) return MoneyRefusals.OrderReleased;
        if (await tx.Find<View>($"{Select} where order_id = @id and ended_at is null", new { id }) is { } standing) return standing;
        var hold = new View(tx.NewId<HoldId>(), id, reason, tx.Now, null, null);
        await tx.ChangeOne("insert into money.order_holds (id, order_id, reason, held_by, held_at) values (@Id, @Order, @Reason, @by, @HeldAt)",
            new { hold.Id, hold.Order, hold.Reason, by = caller.AccountId, hold.HeldAt });
        await tx.Audit(caller, "order.held", "order", id.ToString(), after: new { hold = hold.Id }, why: reason);
        tx.Hint($"order:{id}");
        return hold;
    }

    /// <summary>Staff end a hold and say how it was settled, but never the provider it is about; the money may then be released or refunded.</summary>
    public static Task<Result<View>> End(Database database, Caller caller, OrderId id, string outcome, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        if (outcome is not { Length: >= 1 and <= Most }) return MoneyRefusals.ReasonMissing;
        if (await Orders.Orders.Lock(tx, id) is not { } order) return MoneyRefusals.OrderNotFound;
        if (caller.AccountId is { } who && await Accounts.AreOnePerson(tx, who, order.ProviderId)) return MoneyRefusals.HoldOwn;
        if (await tx.Find<View>($"{Select} where order_id = @id and ended_at is null", new { id }) is not { } hold) return MoneyRefusals.HoldNotFound;
        await tx.ChangeOne("update money.order_holds set ended_at = @now, ended_by = @by, outcome = @outcome where id = @Id and ended_at is null", new { hold.Id, by = caller.AccountId, outcome, now = tx.Now });
        await tx.Audit(caller, "order.hold_ended", "order", id.ToString(), before: new { hold = hold.Id }, why: outcome);
        tx.Hint($"order:{id}");
        return hold with { EndedAt = tx.Now, Outcome = outcome };
    }, stop);

    /// <summary>The hold that stands, or null.</summary>
    public static Task<View?> Standing(Database database, OrderId id, CancellationToken stop) => database.Find<View>($"{Select} where order_id = @id and ended_at is null", new { id }, stop);

    /// <summary>Why the money of a locked order may not be released now, or null.</summary>
    internal static async Task<Refusal?> Objection(Transaction tx, OrderId id)
    {
        if (await tx.Find<HoldId?>("select id from money.order_holds where order_id = @id and ended_at is null", new { id }) is not null) return MoneyRefusals.OrderHeld;
        return await IsDisputed(tx, id) ? MoneyRefusals.OrderDisputed : null;
    }

    /// <summary>Whether a dispute about the order is open. The order is locked by the caller.</summary>
    public static Task<bool> IsDisputed(Transaction tx, OrderId id) => tx.Get<bool>("select exists (select 1 from money.disputes where order_id = @id and closed_at is null)", new { id });

    private const string Select = """select id, order_id as "order", reason, held_at, ended_at, outcome from money.order_holds""";
}
