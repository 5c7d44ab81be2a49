using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Approvals;
using Guildhall.Money.Gateways;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Settlements;

/// <summary>A refund of money that came by hand goes back by hand: one member of staff records that it was handed over or sent, another approves.
/// Until then the refund is pending.</summary>
public static class RecordRefundPaid
{
    public sealed record Body(string Document, string Reason);

    internal sealed record Facts(RefundId Refund, string Document);

    private sealed record Row(OrderId OrderId, string Gateway, RefundState State, Currency Currency, long Minor);

    internal const string Kind = "refund_paid";

    internal static readonly ApprovalKind Approval = ApprovalKind.Of<Facts>(Kind, MoneyPermissions.SettlementRecord, Act);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/refunds/{id}/settlements", async (RefundId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(RecordRefundPaid)).Requires(MoneyPermissions.SettlementRecord).Idempotent().Produces<ApprovalView>(202);

    public static async Task<Result<ApprovalView>> Run(Database database, Caller caller, RefundId id, Body body, CancellationToken stop)
    {
        if (HeldBy.Document(body.Document) is not { } document) return MoneyRefusals.DocumentMissing;
        return await ProposeApproval.In(database, async tx =>
        {
            var found = await Waiting(tx, id);
            return found.Is(out var refund, out var no)
                ? await ProposeApproval.Run(tx, caller, Kind, id.ToString(), new Facts(id, document), new Amount(refund.Minor, refund.Currency), body.Reason)
                : no;
        }, stop);
    }

    /// <summary>A refund that waits to be handed over.</summary>
    public sealed record ToHandOver(RefundId Refund, OrderId Order, Amount Amount, string Reason, DateTimeOffset AskedAt);

    private sealed record HandRow(RefundId Id, OrderId OrderId, Currency Currency, long Minor, string Reason, DateTimeOffset CreatedAt);

    /// <summary>Those that wait, oldest first, at most 100.</summary>
    public static async Task<IReadOnlyList<ToHandOver>> Waiting(Database database, CancellationToken stop) => [.. (await database.List<HandRow>("""
        select r.id, r.order_id, r.currency, r.minor, r.reason, r.created_at from money.refunds r join money.payments p on p.id = r.payment_id
        where r.state = 'pending' and p.gateway in ('cash', 'bank_transfer') order by r.created_at limit 100
        """, stop: stop)).Select(r => new ToHandOver(r.Id, r.OrderId, new Amount(r.Minor, r.Currency), r.Reason, r.CreatedAt))];

    private static async Task<Result<Done>> Act(Transaction tx, Caller caller, Approval approval, Facts facts)
    {
        var found = await Waiting(tx, facts.Refund);
        if (!found.Is(out var refund, out var refusal)) return refusal;
        await Orders.Orders.Lock(tx, refund.OrderId);
        var unused = await tx.Attempt(() => tx.ChangeOne("update money.refunds set handed_over = @paper where id = @Refund", new { facts.Refund, paper = $"{refund.Gateway} {facts.Document}" }), "refunds_handed_over");
        if (!unused) return MoneyRefusals.DocumentUsed;
        var settled = await SettleRefund.Run(tx, caller, new RefundFact(facts.Refund, RefundFactState.Completed, new Amount(refund.Minor, refund.Currency), facts.Document));
        return settled.Is(out _, out var no) ? default(Done) : no;
    }

    private static async Task<Result<Row>> Waiting(Transaction tx, RefundId id)
    {
        var row = await tx.Find<Row>("""
            select r.order_id, p.gateway, r.state, r.currency, r.minor from money.refunds r join money.payments p on p.id = r.payment_id where r.id = @id
            """, new { id });
        if (row is null) return MoneyRefusals.RefundNotFound;
        if (!HeldBy.IsByHand(row.Gateway)) return MoneyRefusals.RefundAtGateway;
        return row.State == RefundState.Pending ? row : MoneyRefusals.RefundEnded;
    }
}
