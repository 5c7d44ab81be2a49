using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Methods;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;
using Guildhall.Money.Settlements;

namespace Guildhall.Money.Payments;

/// <summary>The only way into a payment's states after it was opened, whoever brings the fact: webhook, return page, poll, reconciliation.
/// Captured money is never refused: it pays the order, or, when the order was paid by another attempt, goes back by itself. A wrong amount or
/// currency, a second capture by another intent, or money that paid another order, is quarantined and never booked. The second time is a no-op.</summary>
public static class SettlePayment
{
    private sealed record Locked(PaymentId Id, OrderId OrderId, PaymentState State, Currency Currency, long AmountMinor, string Gateway, string Purpose, Guid SubjectId,
        Guid CustomerId, OrderState OrderState, string? LastDecline, string? GatewayPayment, bool CancelAsked, long AuthorizedMinor, long CapturingMinor, long CapturedMinor,
        long TotalMinor, bool PaysOrder, bool KeepMethod, TimeSpan HoldLasts, bool PaysAnother)
    {
        // PaysAnother: the gateway's name for the money stands on another payment of ours. A unique index says so too.
        public Amount Amount => new(AmountMinor, Currency);
        public Amount Total => new(TotalMinor, Currency);

        // What the gateway has taken once it has done what it was asked to: all, or the parts asked for so far.
        public Amount Expected => Amount with { Minor = CapturedMinor + CapturingMinor is > 0 and var parts ? parts : AmountMinor };

        public bool IsLive => State is PaymentState.Created or PaymentState.RequiresAction or PaymentState.Authorized or PaymentState.Capturing or PaymentState.Unknown;
    }

    /// <summary>Records the fact in the caller's transaction. Answers the state the payment has then; not_found for a payment that is not ours.</summary>
    public static async Task<Result<PaymentState>> Run(Transaction tx, Caller source, PaymentFact fact)
    {
        var payment = await tx.Find<Locked>(Lock, new { id = fact.Payment, fact.GatewayPayment });
        if (payment is null || source.Kind == CallerKind.Gateway && source.Name != payment.Gateway) return MoneyRefusals.PaymentNotFound; // a gateway tells of its own only
        if (payment.State == PaymentState.Captured) return await Again(tx, source, payment, fact);
        if (fact.State is FactState.Captured or FactState.Authorized && payment.PaysAnother)
            return await Quarantine(tx, source, payment, "pays_another", payment.Amount.ToString(), fact);
        var expected = fact.State == FactState.Captured ? payment.Expected : payment.Amount;
        if (fact.State is FactState.Captured or FactState.Authorized && fact.Amount != expected)
            return await Quarantine(tx, source, payment, fact.Amount.Currency == payment.Currency ? "wrong_amount" : "wrong_currency", expected.ToString(), fact);
        if (fact.State == FactState.Captured) return await Captured(tx, source, payment, fact);
        if (!payment.IsLive) return payment.State; // it has ended; only money can still change that

        return fact.State switch
        {
            FactState.Authorized => await Authorized(tx, source, payment, fact),
            FactState.Failed => await Ended(tx, source, payment, PaymentState.Failed, fact),
            FactState.Cancelled => await Ended(tx, source, payment, PaymentState.Cancelled, fact),
            FactState.Expired => await Ended(tx, source, payment, payment.CancelAsked ? PaymentState.Cancelled : PaymentState.Expired, fact),
            FactState.Open when fact.Declined => await Declined(tx, source, payment, fact),
            _ => payment.State,
        };
    }

    // Money has come before: a repeat, or one more part that was asked for, or something nobody asked for.
    private static async Task<Result<PaymentState>> Again(Transaction tx, Caller source, Locked payment, PaymentFact fact)
    {
        if (fact.State != FactState.Captured) return PaymentState.Captured;
        if (fact.GatewayPayment is { } intent && payment.GatewayPayment is { } known && !string.Equals(intent, known, StringComparison.Ordinal))
            return await Quarantine(tx, source, payment, "second_capture", $"{payment.Amount} by {known}", fact);
        if (fact.Amount == payment.Amount with { Minor = payment.CapturedMinor } && payment.GatewayPayment is null && fact.GatewayPayment is not null)
            return payment.PaysAnother ? await Quarantine(tx, source, payment, "pays_another", payment.Amount.ToString(), fact) : await Named(tx, payment, fact);
        if (fact.Amount.Currency == payment.Currency && fact.Amount.Minor <= payment.CapturedMinor) return PaymentState.Captured;
        return payment.CapturingMinor > 0 && fact.Amount == payment.Expected
            ? await Captured(tx, source, payment, fact)
            : await Quarantine(tx, source, payment, fact.Amount.Currency == payment.Currency ? "wrong_amount" : "wrong_currency", payment.Expected.ToString(), fact);
    }

    // The gateway said that it was paid before it said by what: what is asked for back needs the name.
    private static async Task<Result<PaymentState>> Named(Transaction tx, Locked payment, PaymentFact fact)
    {
        await tx.ChangeOne("update money.payments set gateway_payment = @GatewayPayment where id = @Id and gateway_payment is null", new { payment.Id, fact.GatewayPayment });
        return PaymentState.Captured;
    }

    /// <summary>Books a capture that was quarantined for its amount and that a person accepted: less than was asked, in the same currency.</summary>
    internal static async Task<Result<PaymentState>> Accept(Transaction tx, Caller caller, PaymentId id, Amount amount, string? gatewayPayment)
    {
        var payment = (await tx.Find<Locked>(Lock, new { id, gatewayPayment }))!;
        if (payment.State == PaymentState.Captured || payment.CapturingMinor > 0 || amount.Currency != payment.Currency || amount > payment.Amount) return MoneyRefusals.QuarantineNotAcceptable;
        return await Captured(tx, caller, payment, new PaymentFact(id, FactState.Captured, amount, gatewayPayment));
    }

    private static async Task<Result<PaymentState>> Captured(Transaction tx, Caller source, Locked payment, PaymentFact all)
    {
        var pays = payment.OrderState != OrderState.Paid || payment.PaysOrder;
        var fact = all with { Amount = all.Amount with { Minor = all.Amount.Minor - payment.CapturedMinor } };
        if (payment.KeepMethod) await tx.Enqueue(new KeepMethod(payment.Id), uniqueKey: payment.Id.ToString());
        await tx.ChangeOne(payment.State == PaymentState.Captured ? MarkCapturedMore : MarkCaptured, new { payment.Id, all.GatewayPayment, now = tx.Now });
        await tx.ChangeOne(Count, new { payment.Id, minor = all.Amount.Minor });
        var part = payment.CapturingMinor > 0 ? await tx.Get<CaptureId>(EndCapture, new { payment.Id, now = tx.Now }) : (CaptureId?)null;
        if (pays && all.Amount != payment.Total) await CutOrder.To(tx, payment.OrderId, all.Amount);
        await new Journal($"capture:{part?.ToString() ?? payment.Id.ToString()}", "capture", payment.OrderId)
            .Move(fact.Amount, debit: HeldBy.Account(payment.Gateway), credit: pays ? Book.Escrow : Book.Unapplied).Post(tx);
        await Timeline.Note(tx, source, payment.Id, "captured", new { fact.Amount, fact.GatewayPayment });
        await tx.Audit(source, "payment.captured", "payment", payment.Id.ToString(), before: new { payment.State }, after: new { fact.Amount, order = payment.OrderId });
        await tx.Publish(new PaymentChanged(payment.Id, payment.OrderId, fact.Amount, PaymentState.Captured, payment.Gateway));
        tx.Hint($"order:{payment.OrderId}");
        if (payment.State == PaymentState.Captured && pays) return PaymentState.Captured; // the order was paid by the first part
        if (!pays)
        {
            await RequestRefund.OfUnapplied(tx, source, payment.OrderId, payment.Id, "The order had been paid by another attempt.");
            return PaymentState.Captured;
        }
        await tx.ChangeOne(MarkOrderPaid, new { payment.OrderId, payment.Id, now = tx.Now });
        await tx.Publish(new OrderPaid(payment.OrderId, payment.Purpose, payment.SubjectId, payment.Id, fact.Amount));
        return PaymentState.Captured;
    }

    private static async Task<Result<PaymentState>> Authorized(Transaction tx, Caller source, Locked payment, PaymentFact fact)
    {
        if (payment.State is PaymentState.Authorized or PaymentState.Capturing) return payment.State;
        if (payment.KeepMethod) await tx.Enqueue(new KeepMethod(payment.Id), uniqueKey: payment.Id.ToString());
        await tx.ChangeOne(MarkAuthorized, new { payment.Id, fact.GatewayPayment, now = tx.Now });
        await tx.ChangeOne("update money.payment_guards set authorized_minor = @minor where payment_id = @Id", new { payment.Id, minor = payment.AmountMinor });
        await Timeline.Note(tx, source, payment.Id, "authorized", new { fact.Amount });
        await tx.Audit(source, "payment.authorized", "payment", payment.Id.ToString(), before: new { payment.State }, after: new { fact.Amount });
        await tx.Publish(new PaymentChanged(payment.Id, payment.OrderId, fact.Amount, PaymentState.Authorized, payment.Gateway));
        await tx.Publish(new OrderAuthorized(payment.OrderId, payment.Purpose, payment.SubjectId, payment.Id, fact.Amount, tx.Now + payment.HoldLasts));
        tx.Hint($"order:{payment.OrderId}");
        return PaymentState.Authorized;
    }

    private static async Task<Result<PaymentState>> Ended(Transaction tx, Caller source, Locked payment, PaymentState end, PaymentFact fact)
    {
        await tx.ChangeOne(MarkEnded, new { payment.Id, end, fact.Code, fact.Text, fact.GatewayPayment, now = tx.Now });
        await AskOnce.ADayAfter(tx, payment.Id);
        if (payment.CapturingMinor > 0) await SettleCapture.Undo(tx, payment.Id, $"The payment is {Names.Of(end)}.");
        await Timeline.Note(tx, source, payment.Id, Names.Of(end), new { fact.Code, fact.Text });
        await tx.Audit(source, "payment." + Names.Of(end), "payment", payment.Id.ToString(), before: new { payment.State }, after: new { state = end, fact.Code });
        await tx.Publish(new PaymentChanged(payment.Id, payment.OrderId, payment.Amount, end, payment.Gateway));
        if (payment.State is PaymentState.Authorized or PaymentState.Capturing)
            await tx.Publish(new OrderAuthorizationEnded(payment.OrderId, payment.Purpose, payment.SubjectId, payment.Id, payment.Amount, end));
        tx.Hint($"order:{payment.OrderId}");
        return end;
    }

    private static async Task<Result<PaymentState>> Declined(Transaction tx, Caller source, Locked payment, PaymentFact fact)
    {
        var reason = fact.Text ?? fact.Code ?? "The card was refused.";
        if (string.Equals(payment.LastDecline, reason, StringComparison.Ordinal)) return payment.State;
        await tx.ChangeOne("update money.payments set failure_code = @Code, failure_text = @reason, changed_at = @now where id = @Id", new { payment.Id, fact.Code, reason, now = tx.Now });
        await Timeline.Note(tx, source, payment.Id, "declined", new { fact.Code, reason });
        await tx.Publish(new OrderPaymentFailed(payment.OrderId, payment.Purpose, payment.SubjectId, payment.CustomerId, reason, payment.Gateway));
        tx.Hint($"order:{payment.OrderId}");
        return payment.State;
    }

    private static async Task<Result<PaymentState>> Quarantine(Transaction tx, Caller source, Locked payment, string reason, string expected, PaymentFact fact)
    {
        await Quarantined.OfPayment(tx, source, payment.Id, reason, expected, fact.GatewayPayment is { } intent ? $"{fact.Amount} by {intent}" : $"{fact.Amount}", fact);
        return payment.State;
    }

    // The lock order of the module: order, then payment, then its guard.
    private const string Lock = """
        select p.id, p.order_id, p.state, p.currency, p.amount_minor, p.gateway, o.purpose, o.subject_id, o.customer_id, o.state as order_state, p.failure_text as last_decline, p.keep_method, p.hold_lasts, p.gateway_payment, p.cancel_asked,
            g.authorized_minor, g.capturing_minor, g.captured_minor, o.total_minor, p.id is not distinct from o.paid_payment_id as pays_order,
            exists (select 1 from money.payments x where x.gateway = p.gateway and x.gateway_payment = @GatewayPayment and x.id <> p.id) as pays_another
        from money.orders o join money.payments p on p.order_id = o.id join money.payment_guards g on g.payment_id = p.id
        where p.id = @id for update of o, p, g
        """;

    // Of a charge without a page, the payment is all that the gateway has; its answer may have been lost.
    private const string OfCharge = "coalesce(gateway_ref, case when method_id is not null then @GatewayPayment end)";

    private const string MarkCaptured = $"""
        update money.payments set state = 'captured', captured_at = @now, changed_at = @now, gateway_payment = coalesce(@GatewayPayment, gateway_payment), gateway_ref = {OfCharge},
            failure_code = null, failure_text = null where id = @Id and state <> 'captured'
        """;

    private const string MarkCapturedMore = "update money.payments set changed_at = @now where id = @Id and state = 'captured'";

    private const string Count = """
        update money.payment_guards set authorized_minor = greatest(authorized_minor, @minor), captured_minor = @minor, capturing_minor = 0 where payment_id = @Id
        """;

    private const string EndCapture = """
        with done as (update money.captures set state = 'completed', ended_at = @now where payment_id = @Id and state in ('pending', 'unknown') returning id, final),
            held as (update money.payments set hold_over = done.final from done where payments.id = @Id)
        select id from done
        """;

    private const string MarkAuthorized = $"""
        update money.payments set state = 'authorized', gateway_payment = @GatewayPayment, gateway_ref = {OfCharge}, authorized_at = @now, authorized_until = @now + hold_lasts, changed_at = @now
        where id = @Id and state in ('created', 'requires_action', 'unknown')
        """;

    private const string MarkOrderPaid = """
        update money.orders set state = 'paid', paid_payment_id = @Id, paid_at = @now, cancel_reason = null where id = @OrderId and state in ('open', 'cancelled')
        """;

    private const string MarkEnded = $"""
        update money.payments set state = @end, failure_code = @Code, failure_text = @Text, gateway_ref = {OfCharge}, changed_at = @now
        where id = @Id and state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown')
        """;
}
