using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Refunds;

namespace Guildhall.Money.Reconciliation;

/// <summary>What a row of a report claims is asked of the gateway itself and settled on the path that its messages go; the row's own word settles nothing.</summary>
internal static class AskGateway
{
    private static readonly Caller Source = Caller.System("reconciliation");

    private sealed record Named(string? Payment, string? Refund);

    private sealed record Sent(PayoutState State, string Account, Currency Currency, long Minor, string? GatewayRef, DateTimeOffset SentAt);

    /// <param name="Answered">False when the gateway may know more than it said now.</param>
    /// <param name="Change">What became of ours, when something did.</param>
    internal readonly record struct Outcome(bool Answered, string? Change = null);

    public static async Task<Outcome> About(JobContext context, string gateway, string kind, Guid? about, string? reference) => (kind, about) switch
    {
        ("charge", { } id) when context.Get<GatewayBook>().Find(gateway) is { } found => new(true, await Payment(context, found, new PaymentId(id))),
        ("refund" or "refund_back", { } id) when context.Get<GatewayBook>().Find(gateway) is { } found => new(true, await Refund(context, found, new RefundId(id))),
        ("payout" or "payout_back", { } id) => new(true, await Payout(context, gateway, new PayoutId(id))),
        ("dispute" or "dispute_back", _) => await Dispute(context, gateway, about, reference),
        _ => new(true),
    };

    private static async Task<string?> Payment(JobContext context, IGateway gateway, PaymentId id)
    {
        if (await Payments.Payments.Find(context.Database, id, context.Stop) is not { } payment || payment.State == PaymentState.Captured || !string.Equals(payment.Gateway, gateway.Name, StringComparison.Ordinal)) return null;
        if (payment.GatewayRef is null && !payment.IsLive) return null; // it was never opened there: its page must not be opened by a report
        var then = await CheckPayment.Ask(context.Database, context.Get<GatewayBook>(), payment, context.Stop);
        return Change(Names.Of(payment.State), Names.Of(then.State));
    }

    private static async Task<string?> Refund(JobContext context, IGateway gateway, RefundId id)
    {
        if (await ReadRefunds.Find(context.Database, id, context.Stop) is not { } refund) return null;
        var named = await context.Database.Find<Named>("""
            select p.gateway_payment as payment, r.gateway_ref as refund from money.payments p join money.refunds r on r.payment_id = p.id where r.id = @id and p.gateway = @Name
            """, new { id, gateway.Name }, context.Stop);
        if (named?.Payment is not { } payment) return null;
        var found = await gateway.FindRefund(new RefundSought(id, payment, refund.Amount, named.Refund, refund.InitiatedAt), context.Stop);
        if (found is not GatewayAnswer<RefundFact?>.Accepted { Value: { } fact }) return null;
        var then = await context.Database.InTransaction(tx => SettleRefund.Run(tx, Source, fact), context.Stop);
        return then.Is(out var state, out _) ? Change(Names.Of(refund.State), Names.Of(state)) : null;
    }

    // A payout that was never given to the rail has no destination there, and nothing to ask for.
    private static async Task<string?> Payout(JobContext context, string gateway, PayoutId id)
    {
        if (context.Get<Rails>().Find(gateway) is not ICalledRail rail || await Stands(context, gateway, id) is not { } before) return null;
        if (await rail.FindPayout(new PayoutSought(id, before.Account, new Amount(before.Minor, before.Currency), before.GatewayRef, before.SentAt), context.Stop) is not GatewayAnswer<PayoutFact?>.Accepted { Value: { } fact }) return null;
        await context.Database.InTransaction(tx => SettlePayout.Run(tx, Source, fact), context.Stop);
        return await Stands(context, gateway, id) is { } then ? Change(Names.Of(before.State), Names.Of(then.State)) : null;
    }

    private static Task<Sent?> Stands(JobContext context, string gateway, PayoutId id) => context.Database.Find<Sent>("""
        select p.state, a.account, w.currency, w.minor - w.fee_minor as minor, p.gateway_ref, p.sent_at from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id
            join money.destination_accounts a on a.destination_id = w.destination_id and a.rail = p.gateway and a.currency = w.currency
        where p.id = @id and p.gateway = @gateway and p.sent_at is not null
        """, new { id, gateway }, context.Stop);

    private static async Task<Outcome> Dispute(JobContext context, string gateway, Guid? about, string? reference)
    {
        if (about is { } id) reference = await context.Database.Find<string>("select gateway_ref from money.disputes where id = @id and gateway = @gateway", new { id, gateway }, context.Stop);
        if (reference is null) return new(true);
        var before = await Totals(context, gateway, reference);
        var asked = await CheckDispute.Ask(context.Database, context.Get<DisputeDesks>(), context.Get<GatewayBook>(), gateway, reference, context.Stop);
        return new(asked is CheckDispute.Outcome.Settled or CheckDispute.Outcome.NotOurs, Change(before, await Totals(context, gateway, reference)));
    }

    private static async Task<string> Totals(JobContext context, string gateway, string reference) => await context.Database.Find<string>("""
        select state || ', ' || withdrawn_minor || ' taken, ' || reinstated_minor || ' given back' from money.disputes where gateway = @gateway and gateway_ref = @reference
        """, new { gateway, reference }, context.Stop) ?? "unknown";

    private static string? Change(string before, string after) => string.Equals(before, after, StringComparison.Ordinal) ? null : $"The gateway was asked: {before} became {after}.";
}
