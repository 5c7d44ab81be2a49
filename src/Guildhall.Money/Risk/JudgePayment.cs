using System.Net;
using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;

namespace Guildhall.Money.Risk;

/// <summary>Scores an attempt under the lock of its order, before the gateway is asked, and keeps the decision with all it rests on. An order that a person has
/// decided on is not scored again; an attempt is scored once, however often it is asked for.</summary>
internal static class JudgePayment
{
    private static readonly Caller Judge = Caller.System("risk");

    private sealed record Seen(RiskReviewState? ReviewState, DateTimeOffset? PayUntil, RiskOutcome? Earlier, long CustomerStartedHour, long CustomerFailedDay, long CustomerPaid,
        long? LargestPaidMinor, long ProviderStartedHour, long AddressStartedHour, string[] Blocked);

    /// <summary>Null: go on. Otherwise what the customer is told; the decision is kept all the same, so the caller commits.</summary>
    public static async Task<Refusal?> Run(Transaction tx, Caller caller, Order order, PaymentId payment)
    {
        var person = await Accounts.Known(tx, order.CustomerId);
        var mailbox = person is null ? null : Accounts.Mailbox(person.Email);
        var address = caller.Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : caller.Address;
        var publicAddress = address is not null && PublicConnect.IsPublic(address) ? address : null;
        var seen = await tx.Get<Seen>(Look, new
        {
            order = order.Id, payment, customer = order.CustomerId, provider = order.ProviderId, currency = order.Currency, address, publicAddress,
            customerText = order.CustomerId.ToString(), mail = mailbox is null ? null : RiskBlocks.Hash(mailbox), hour = tx.Now.AddHours(-1), day = tx.Now.AddDays(-1), now = tx.Now,
        });
        if (seen.ReviewState is { } state)
        {
            if (state == RiskReviewState.Approved) await Timeline.Note(tx, Judge, payment, "review_approved");
            return OfReview(state, seen.PayUntil!.Value);
        }
        if (seen.Earlier is { } earlier) return earlier == RiskOutcome.Allow ? null : MoneyRefusals.PaymentNotAccepted;

        var inputs = new RiskInputs(order.Total, seen.CustomerStartedHour, seen.CustomerFailedDay, seen.CustomerPaid, seen.LargestPaidMinor, seen.ProviderStartedHour,
            publicAddress is null ? null : seen.AddressStartedHour, person is null ? null : (long)(tx.Now - person.CreatedAt).TotalHours, mailbox?[(mailbox.IndexOf('@', StringComparison.Ordinal) + 1)..],
            Country: null, seen.Blocked);
        var rules = await tx.Setting(MoneySettings.Risk);
        var verdict = RiskScore.Of(inputs, rules);
        var decision = await Keep(tx, order, payment, publicAddress, inputs, rules, verdict);
        await Timeline.Note(tx, Judge, payment, "risk_scored", new { verdict.Score, verdict.Outcome, reasons = verdict.Reasons.Select(r => r.Code) });
        return verdict.Outcome switch
        {
            RiskOutcome.Allow => null,
            RiskOutcome.Review => await OpenReview(tx, order, decision, verdict, tx.Now.AddHours(rules.ReviewHours)),
            RiskOutcome.Block => await Blocked(tx, order, decision, verdict),
        };
    }

    private static Refusal? OfReview(RiskReviewState state, DateTimeOffset until) => state switch
    {
        RiskReviewState.Approved => null,
        RiskReviewState.Waiting => MoneyRefusals.PaymentInReview.With(("until", until)),
        RiskReviewState.Rejected => MoneyRefusals.PaymentNotAccepted,
    };

    private static async Task<RiskDecisionId> Keep(Transaction tx, Order order, PaymentId payment, IPAddress? address, RiskInputs inputs, RiskRules rules, RiskVerdict verdict)
    {
        var id = tx.NewId<RiskDecisionId>();
        await tx.ChangeOne(Insert, new
        {
            id, order = order.Id, payment, order.CustomerId, order.ProviderId, address, verdict.Outcome, verdict.Score, RiskScore.Version, now = tx.Now,
            inputs = Json(inputs), rules = Json(rules), reasons = Json(verdict.Reasons),
        });
        return id;
    }

    private static async Task<Refusal> OpenReview(Transaction tx, Order order, RiskDecisionId decision, RiskVerdict verdict, DateTimeOffset until)
    {
        await tx.ChangeOne(InsertReview, new { order = order.Id, decision, until, now = tx.Now });
        await tx.ChangeOne(KeepOpen, new { order = order.Id, until });
        await tx.Audit(Judge, "payment.held_for_review", "order", order.Id.ToString(), after: new { decision, verdict.Score, reasons = verdict.Reasons.Select(r => r.Code) });
        await tx.Publish(new OrderReviewed(order.Id, order.Purpose, order.SubjectId, order.CustomerId, RiskReviewState.Waiting, until, null));
        tx.Hint($"order:{order.Id}");
        return MoneyRefusals.PaymentInReview.With(("until", until));
    }

    private static async Task<Refusal> Blocked(Transaction tx, Order order, RiskDecisionId decision, RiskVerdict verdict)
    {
        await tx.Audit(Judge, "payment.blocked", "order", order.Id.ToString(), after: new { decision, verdict.Score, reasons = verdict.Reasons.Select(r => r.Code) });
        return MoneyRefusals.PaymentNotAccepted;
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonRules.Options);

    private const string Look = """
        with tried as (
            select p.created_at, p.state, p.failure_code, p.currency, p.amount_minor
            from (select o.id from money.orders o where o.customer_id = @customer order by o.id desc limit 200) mine join money.payments p on p.order_id = mine.id)
        select
            (select r.state from money.risk_reviews r where r.order_id = @order) as review_state,
            (select r.pay_until from money.risk_reviews r where r.order_id = @order) as pay_until,
            (select d.outcome from money.risk_decisions d where d.payment_id = @payment) as earlier,
            (select count(*) from tried where created_at > @hour) as customer_started_hour,
            (select count(*) from tried where created_at > @day and (state = 'failed' or failure_code is not null)) as customer_failed_day,
            (select count(*) from tried where state = 'captured') as customer_paid,
            (select max(amount_minor) from tried where state = 'captured' and currency = @currency) as largest_paid_minor,
            (select count(*) from (select 1 from money.risk_decisions d where d.provider_id = @provider and d.at > @hour limit 1000) x) as provider_started_hour,
            (select count(*) from (select 1 from money.risk_decisions d where d.address = @publicAddress and d.at > @hour limit 1000) x) as address_started_hour,
            array(select distinct b.kind from money.risk_blocks b where b.removed_at is null and (b.expires_at is null or b.expires_at > @now)
                and ((b.kind = 'customer' and b.value = @customerText) or (b.kind = 'email' and b.value = @mail) or (b.kind = 'address' and b.network >>= @address)) order by b.kind) as blocked
        """;

    private const string Insert = """
        insert into money.risk_decisions (id, order_id, payment_id, customer_id, provider_id, address, outcome, score, version, inputs, rules, reasons, at)
        values (@id, @order, @payment, @CustomerId, @ProviderId, @address, @Outcome, @Score, @Version, @inputs, @rules, @reasons, @now)
        """;

    private const string InsertReview = """
        insert into money.risk_reviews (order_id, decision_id, state, pay_until, opened_at) values (@order, @decision, 'waiting', @until, @now)
        """;

    private const string KeepOpen = "update money.orders set expires_at = greatest(expires_at, @until) where id = @order and state = 'open'";
}
