using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Approvals;
using Guildhall.Money.Gateways;
using Guildhall.Money.Settlements;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Refunds;

/// <summary>What became of a refund that the gateway has told nothing about for a day: one member of staff looks where the gateway shows it and proposes, another approves. Then
/// it is settled as if the gateway had said so; should the gateway later take back that it was given back, that is believed.</summary>
public static class RecordRefundOutcome
{
    /// <summary>The gateway itself is asked for so long before people may say it.</summary>
    public static readonly TimeSpan AskedFor = TimeSpan.FromDays(1);

    /// <param name="GivenBack">The customer has got it, or will; otherwise it surely never left and may be refunded again.</param>
    /// <param name="Document">The gateway's reference of it, or what shows that there is none.</param>
    public sealed record Body(bool GivenBack, string Document, string Reason);

    internal sealed record Facts(RefundId Refund, bool GivenBack, string Document);

    private sealed record Row(OrderId OrderId, Guid CustomerId, string Gateway, RefundState State, Currency Currency, long Minor, DateTimeOffset CreatedAt);

    internal const string Kind = "refund_outcome";

    internal static readonly ApprovalKind Approval = ApprovalKind.Of<Facts>(Kind, MoneyPermissions.SettlementRecord, Act);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/refunds/{id}/outcomes", async (RefundId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(RecordRefundOutcome)).Requires(MoneyPermissions.SettlementRecord).Idempotent().Produces<ApprovalView>(202);

    public static async Task<Result<ApprovalView>> Run(Database database, Caller caller, RefundId id, Body body, CancellationToken stop)
    {
        if (HeldBy.Document(body.Document) is null) return MoneyRefusals.DocumentMissing;
        return await ProposeApproval.In(database, async tx =>
        {
            var found = await Silent(tx, caller, id);
            return found.Is(out var refund, out var no)
                ? await ProposeApproval.Run(tx, caller, Kind, id.ToString(), new Facts(id, body.GivenBack, body.Document.Trim()), new Amount(refund.Minor, refund.Currency), body.Reason)
                : no;
        }, stop);
    }

    /// <summary>A refund that nobody has told the outcome of.</summary>
    public sealed record Unanswered(RefundId Refund, OrderId Order, string Gateway, Amount Amount, DateTimeOffset AskedAt);

    private sealed record SilentRow(RefundId Id, OrderId OrderId, string Gateway, Currency Currency, long Minor, DateTimeOffset CreatedAt);

    /// <summary>Those that people may say it of, oldest first, at most 100.</summary>
    public static async Task<IReadOnlyList<Unanswered>> Waiting(Database database, CancellationToken stop) => [.. (await database.List<SilentRow>("""
        select r.id, r.order_id, p.gateway, r.currency, r.minor, r.created_at from money.refunds r join money.payments p on p.id = r.payment_id
        where r.state = 'unknown' and r.created_at <= @until order by r.created_at limit 100
        """, new { until = database.Clock.GetUtcNow() - AskedFor }, stop)).Select(r => new Unanswered(r.Id, r.OrderId, r.Gateway, new Amount(r.Minor, r.Currency), r.CreatedAt))];

    private static async Task<Result<Done>> Act(Transaction tx, Caller caller, Approval approval, Facts facts)
    {
        var found = await Silent(tx, caller, facts.Refund);
        if (!found.Is(out var refund, out var refusal)) return refusal;
        await Orders.Orders.Lock(tx, refund.OrderId);
        var settled = await SettleRefund.Run(tx, caller, new RefundFact(facts.Refund, facts.GivenBack ? RefundFactState.Completed : RefundFactState.Failed,
            new Amount(refund.Minor, refund.Currency), facts.Document, facts.GivenBack ? null : $"Staff found that it was not given back: {facts.Document}"));
        return settled.Is(out _, out var no) ? default(Done) : no;
    }

    private static async Task<Result<Row>> Silent(Transaction tx, Caller caller, RefundId id)
    {
        var row = await tx.Find<Row>("""
            select r.order_id, o.customer_id, p.gateway, r.state, r.currency, r.minor, r.created_at
            from money.refunds r join money.payments p on p.id = r.payment_id join money.orders o on o.id = r.order_id where r.id = @id
            """, new { id });
        if (row is null) return MoneyRefusals.RefundNotFound;
        if (caller.AccountId is { } who && await Accounts.AreOnePerson(tx, who, row.CustomerId)) return MoneyRefusals.RefundOwn;
        if (row.State is RefundState.Completed or RefundState.Failed) return MoneyRefusals.RefundEnded;
        return row.State == RefundState.Unknown && row.CreatedAt <= tx.Now - AskedFor ? row : MoneyRefusals.RefundStillAsked;
    }
}
