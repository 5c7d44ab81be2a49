using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Risk;

/// <summary>An order that waits or waited for a person, with the score and its reasons.</summary>
public sealed record RiskReviewView(OrderId Order, RiskDecisionId Decision, Guid CustomerId, Guid ProviderId, Amount Amount, RiskReviewState State, OrderState OrderState, int Score,
    IReadOnlyList<RiskReason> Reasons, DateTimeOffset OpenedAt, DateTimeOffset PayUntil, DateTimeOffset? DecidedAt, Guid? DecidedBy, string? Reason);

/// <summary>The queue, oldest first; with <c>state</c> also what was decided, newest first.</summary>
public static class ListReviews
{
    private const int PageSize = 100;

    private sealed record Row(OrderId Id, RiskDecisionId DecisionId, Guid CustomerId, Guid ProviderId, Currency Currency, long TotalMinor, RiskReviewState State, OrderState OrderState, int Score,
        string Reasons, DateTimeOffset OpenedAt, DateTimeOffset PayUntil, DateTimeOffset? DecidedAt, Guid? DecidedBy, string? Reason)
    {
        public RiskReviewView ToView() => new(Id, DecisionId, CustomerId, ProviderId, new Amount(TotalMinor, Currency), State, OrderState, Score,
            JsonSerializer.Deserialize<RiskReason[]>(Reasons, JsonRules.Options)!, OpenedAt, PayUntil, DecidedAt, DecidedBy, Reason);
    }

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/risk/reviews", async (Database database, CancellationToken stop, string? state = null) => TypedResults.Json(await Run(database, state, stop), JsonRules.Options))
        .WithName(nameof(ListReviews)).Requires(MoneyPermissions.RiskReview).Produces<IReadOnlyList<RiskReviewView>>();

    /// <summary>Those that wait and can still be paid; or the last hundred of a state.</summary>
    public static async Task<IReadOnlyList<RiskReviewView>> Run(Database database, string? state, CancellationToken stop)
    {
        var rows = state is null or "waiting"
            ? await database.List<Row>($"{Select} where r.state = 'waiting' and o.state = 'open' and o.expires_at > @now order by r.opened_at, r.order_id limit @limit", new { now = database.Clock.GetUtcNow(), limit = PageSize }, stop)
            : await database.List<Row>($"{Select} where r.state = @state order by r.opened_at desc limit @limit", new { state, limit = PageSize }, stop);
        return [.. rows.Select(r => r.ToView())];
    }

    public static async Task<RiskReviewView?> Find(Database database, OrderId order, CancellationToken stop) =>
        (await database.Find<Row>($"{Select} where r.order_id = @order", new { order }, stop))?.ToView();

    /// <summary>How the review of an order stands, for those who may see the order; null when there is none.</summary>
    public static Task<RiskReviewState?> StateOf(Database database, OrderId order, CancellationToken stop) =>
        database.Find<RiskReviewState?>("select state from money.risk_reviews where order_id = @order", new { order }, stop);

    private const string Select = """
        select o.id, r.decision_id, o.customer_id, o.provider_id, o.currency, o.total_minor, r.state, o.state as order_state, d.score, d.reasons, r.opened_at, r.pay_until, r.decided_at,
            r.decided_by, r.reason
        from money.risk_reviews r join money.orders o on o.id = r.order_id join money.risk_decisions d on d.id = r.decision_id
        """;
}
