using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payments;

/// <summary>What a gateway says and our rows contradict: kept for a person, never booked, noted once however often it is said.</summary>
internal static class Quarantined
{
    public static async Task OfPayment(Transaction tx, Caller source, PaymentId payment, string reason, string expected, string reported, PaymentFact? fact = null)
    {
        if (await tx.ChangeNow(Insert, new
        {
            payment, payout = (PayoutId?)null, reason, expected, reported, state = fact?.State, currency = fact?.Amount.Currency, minor = fact?.Amount.Minor, fact?.GatewayPayment,
            source = source.Name ?? "", now = tx.Now,
        }) == 0) return;
        await Timeline.Note(tx, source, payment, "quarantined", new { reason, expected, reported });
        await tx.Audit(source, "payment.quarantined", "payment", payment.ToString(), before: new { expected }, after: new { reported }, why: reason);
    }

    /// <summary>A proven message about something of ours that cannot be read.</summary>
    public static async Task<Refusal?> OfUnreadable(Transaction tx, Caller source, UnreadableFact fact)
    {
        var found = await tx.Find<Found>("""
            select p.id, p.currency, p.amount_minor from money.payments p
            where p.gateway = @gateway and (p.id = @Payment or p.id = (select payment_id from money.refunds where id = @Refund)) limit 1
            """, new { gateway = source.Name, fact.Payment, fact.Refund });
        if (found is null) return MoneyRefusals.PaymentNotFound;
        await OfPayment(tx, source, found.Id, "unknown_currency", new Amount(found.AmountMinor, found.Currency).ToString(), fact.Reported);
        return null;
    }

    private sealed record Found(PaymentId Id, Currency Currency, long AmountMinor);

    public static async Task OfPayout(Transaction tx, Caller source, PayoutId payout, WithdrawalId withdrawal, string reason, string expected, string reported)
    {
        if (await tx.ChangeNow(Insert, new
        {
            payment = (PaymentId?)null, payout, reason, expected, reported, state = (FactState?)null, currency = (Currency?)null, minor = (long?)null, GatewayPayment = (string?)null,
            source = source.Name ?? "", now = tx.Now,
        }) == 0) return;
        await tx.Audit(source, "payout.quarantined", "withdrawal", withdrawal.ToString(), before: new { expected }, after: new { reported }, why: reason);
    }

    private const string Insert = """
        insert into money.quarantine (payment_id, payout_id, reason, expected, reported, fact_state, currency, minor, gateway_payment, source, at)
        values (@payment, @payout, @reason, @expected, @reported, @state, @currency, @minor, @GatewayPayment, @source, @now) on conflict do nothing
        """;
}
