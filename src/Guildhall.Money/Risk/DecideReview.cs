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

namespace Guildhall.Money.Risk;

/// <summary>waiting → approved (the customer is told where to pay, and has half an hour) or rejected (and why). Decided twice is decided once: the second is told
/// what the first decided. Nobody decides on an order of their own.</summary>
public static class DecideReview
{
    private static readonly TimeSpan TimeToPay = TimeSpan.FromMinutes(30);

    /// <param name="Reason">Kept; of a rejection the customer reads it.</param>
    public sealed record Body(string Reason);

    private sealed record Row(RiskReviewState State, DateTimeOffset PayUntil);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapPost("/risk/reviews/{order}/actions/approve", async (OrderId order, Body body, Caller caller, Database database, CancellationToken stop) =>
                (await Run(database, caller, order, RiskReviewState.Approved, body.Reason, stop)).ToHttp())
            .WithName("ApproveReview").Requires(MoneyPermissions.RiskReview).Produces<RiskReviewView>();
        admin.MapPost("/risk/reviews/{order}/actions/reject", async (OrderId order, Body body, Caller caller, Database database, CancellationToken stop) =>
                (await Run(database, caller, order, RiskReviewState.Rejected, body.Reason, stop)).ToHttp())
            .WithName("RejectReview").Requires(MoneyPermissions.RiskReview).Produces<RiskReviewView>();
    }

    public static async Task<Result<RiskReviewView>> Run(Database database, Caller caller, OrderId order, RiskReviewState decision, string reason, CancellationToken stop)
    {
        var decided = await database.InTransaction(tx => Decide(tx, caller, order, decision, reason.Trim()), stop);
        return decided.Is(out _, out var refusal) ? (await ListReviews.Find(database, order, stop))! : refusal;
    }

    private static async Task<Result<Done>> Decide(Transaction tx, Caller caller, OrderId id, RiskReviewState decision, string reason)
    {
        if (reason.Length is 0 or > 500) return MoneyRefusals.ReasonMissing;
        var order = await Orders.Orders.Lock(tx, id);
        var review = order is null ? null : await tx.Find<Row>("select state, pay_until from money.risk_reviews where order_id = @id for update", new { id });
        if (order is null || review is null) return MoneyRefusals.ReviewNotFound;
        if (review.State == decision) return default(Done);
        if (review.State != RiskReviewState.Waiting) return MoneyRefusals.ReviewDecided.With(("state", Names.Of(review.State)));
        if (order.State != OrderState.Open) return MoneyRefusals.OrderNotOpen;
        foreach (var party in new[] { order.CustomerId, order.ProviderId })
            if (caller.AccountId is { } me && await Accounts.AreOnePerson(tx, me, party)) return MoneyRefusals.ReviewOwn;

        var payUntil = decision == RiskReviewState.Approved && tx.Now + TimeToPay > order.ExpiresAt ? tx.Now + TimeToPay : order.ExpiresAt;
        await tx.ChangeOne(Mark, new { id, decision, reason, payUntil, by = caller.AccountId, now = tx.Now });
        await tx.ChangeOne("update money.orders set expires_at = @payUntil where id = @id and state = 'open'", new { id, payUntil });
        await tx.Audit(caller, decision == RiskReviewState.Approved ? "review.approved" : "review.rejected", "order", id.ToString(), why: reason);
        await tx.Publish(new OrderReviewed(id, order.Purpose, order.SubjectId, order.CustomerId, decision, payUntil, reason));
        tx.Hint($"order:{id}");
        return default(Done);
    }

    private const string Mark = """
        update money.risk_reviews set state = @decision, reason = @reason, pay_until = @payUntil, decided_by = @by, decided_at = @now where order_id = @id and state = 'waiting'
        """;
}
