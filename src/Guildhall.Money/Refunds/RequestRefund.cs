using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Fees;
using Guildhall.Money.Ledger;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Refunds;

public enum RefundState { Pending, Completed, Failed, Unknown }

/// <summary>A refund as the API shows it.</summary>
public sealed record RefundView(RefundId Id, PaymentId PaymentId, RefundState State, Amount Amount, string Reason, DateTimeOffset InitiatedAt, DateTimeOffset? CompletedAt, string? FailureText);

/// <summary>Takes money back out of escrow (after the release from provider and platform by the frozen fee and its tax; of a payment that paid nothing, from the
/// unapplied money) and queues the gateway call. What was released in parts stays with the provider until the order was released as a whole. The
/// sum of refunds never exceeds the capture: one guard row, locked, with a CHECK. The fee given back is that of all refunds so far less what
/// was given back before, so that parts add up to the whole in any order.</summary>
public static class RequestRefund
{
    /// <summary>Amount in the payment's currency; all that is left when absent.</summary>
    public sealed record Body(string Reason, Amount? Amount = null);

    private sealed record Locked(PaymentId Id, OrderId OrderId, Guid ProviderId, string Purpose, Guid SubjectId, Currency Currency, long TotalMinor, long FeeMinor, long FeeTaxMinor,
        DateTimeOffset? ReleasedAt, bool Applied, long StepMinor, bool CanRefundPart, long CapturedMinor, long RefundedMinor, long FeeBackMinor, long FeeTaxBackMinor,
        long DisputedMinor, long DisputedFeeMinor, long DisputedTaxMinor, long PartedMinor, long PartedFeeMinor, long PartedTaxMinor)
    {
        // Where the money lies: a payment that did not pay its order is no part of the escrow.
        public string Source => !Applied ? "unapplied" : ReleasedAt is null ? "escrow" : "provider";
    }

    internal static void Map(IEndpointRouteBuilder payments) => payments
        .MapPost("/{id}/refunds", async (PaymentId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Ask(database, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(RequestRefund)).Requires(MoneyPermissions.PaymentRefund).Idempotent().Produces<RefundView>(202);

    private sealed record Whose(OrderId Id, Guid CustomerId);

    /// <summary>A refund asked for by staff; nobody gives their own money back to themselves.</summary>
    public static async Task<Result<RefundView>> Ask(Database database, Caller caller, PaymentId payment, Body body, CancellationToken stop)
    {
        if (caller.OperationId is { } operation && await ReadRefunds.Find(database, new RefundId(operation), stop) is { } earlier) return earlier;
        var asked = await database.InTransaction(tx => OfPayment(tx, caller, payment, body), stop);
        return asked.Is(out var refund, out var refusal) ? (await ReadRefunds.Find(database, refund, stop))! : refusal;
    }

    /// <summary>A refund of the order's payment inside the caller's transaction; all that is left when no amount is given.</summary>
    /// <param name="part">What of the order it gives back, where the caller has to know when it fails; <see cref="OpenRefunds"/> waits until it is given instead.</param>
    public static Task<Result<RefundId>> Run(Transaction tx, Caller caller, OrderId order, Amount? amount, string reason, Guid? part = null) =>
        Of(tx, caller, tx.NewId<RefundId>(), order, payment: null, amount, reason, part);

    internal static async Task<Result<RefundId>> OfPayment(Transaction tx, Caller caller, PaymentId payment, Body body)
    {
        if (await tx.Find<bool?>("select can_refund from money.payments where id = @payment", new { payment }) == false) return MoneyRefusals.RefundNotPossible;
        if (await tx.Find<Whose>("select o.id, o.customer_id from money.payments p join money.orders o on o.id = p.order_id where p.id = @payment", new { payment }) is not { } order) return MoneyRefusals.PaymentNotFound;
        if (caller.AccountId is { } who && await Accounts.AreOnePerson(tx, who, order.CustomerId)) return MoneyRefusals.RefundOwn;
        return await Of(tx, caller, RefundIdOf(tx, caller), order.Id, payment, body.Amount, body.Reason);
    }

    private static RefundId RefundIdOf(Transaction tx, Caller caller) => caller.OperationId is { } operation ? new RefundId(operation) : tx.NewId<RefundId>();

    private static async Task<Result<RefundId>> Of(Transaction tx, Caller caller, RefundId id, OrderId order, PaymentId? payment, Amount? wanted, string reason, Guid? part = null)
    {
        if (reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        await Orders.Orders.Lock(tx, order);
        var locked = await tx.Find<Locked>(Lock, new { order, payment });
        if (locked is null || locked.CapturedMinor == 0) return MoneyRefusals.PaymentNotCaptured;
        var left = new Amount(locked.CapturedMinor - locked.RefundedMinor - locked.DisputedMinor - locked.PartedMinor, locked.Currency);
        if (wanted is { } asked && asked.Currency != locked.Currency) return MoneyRefusals.WrongCurrency;
        var amount = wanted ?? left;
        if (!amount.IsPositive) return wanted is null ? MoneyRefusals.RefundTooLarge.With(("left", left)) : MoneyRefusals.AmountNotPositive;
        if (amount > left) return MoneyRefusals.RefundTooLarge.With(("left", left));
        if (amount < left && !locked.CanRefundPart) return MoneyRefusals.RefundPartNotPossible.With(("left", left));
        if (amount.Minor % locked.StepMinor != 0) return MoneyRefusals.AmountNotRepresentable.With(("step", new Amount(locked.StepMinor, amount.Currency)));

        var (feeBack, taxBack) = FeeBack(locked, amount);
        await Write(tx, caller, id, locked.Id, order, amount, feeBack, taxBack, locked.Source, reason, part);
        await tx.ChangeOne("update money.payment_guards set refunded_minor = refunded_minor + @minor, fee_back_minor = fee_back_minor + @fee, fee_tax_back_minor = fee_tax_back_minor + @tax where payment_id = @Id",
            new { locked.Id, minor = amount.Minor, fee = feeBack.Minor, tax = taxBack.Minor });
        if (locked.Applied) await tx.Publish(new OrderRefunded(order, locked.Purpose, locked.SubjectId, amount, InFull: amount == left));
        // Last, since it may lock the provider's balance.
        await (locked.Source switch
        {
            "escrow" => new Journal($"refund:{id}", "refund", order).Move(amount, debit: Book.Escrow, credit: Book.RefundsInTransit),
            "unapplied" => new Journal($"refund:{id}", "refund_unapplied", order).Move(amount, debit: Book.Unapplied, credit: Book.RefundsInTransit),
            _ => new Journal($"refund:{id}", "refund_after_release", order)
                .Move(amount - feeBack - taxBack, debit: Book.Available(locked.ProviderId), credit: Book.RefundsInTransit)
                .Move(feeBack, debit: Book.PlatformFee, credit: Book.RefundsInTransit)
                .Move(taxBack, debit: Book.Platform(AccountKind.FeeTax), credit: Book.RefundsInTransit),
        }).Post(tx);
        return id;
    }

    /// <summary>Money that paid nothing goes back whole.</summary>
    internal static async Task OfUnapplied(Transaction tx, Caller caller, OrderId order, PaymentId payment, string reason) =>
        (await Of(tx, caller, tx.NewId<RefundId>(), order, payment, wanted: null, reason)).OrThrow();

    // What is given back after this refund, less what was given back before; a refund that failed took its part with it.
    private static (Amount Fee, Amount Tax) FeeBack(Locked order, Amount amount)
    {
        Amount Of(long minor) => new(minor, order.Currency);
        if (!order.Applied) return (Of(0), Of(0));
        var sale = new SaleFee(Of(order.TotalMinor), Of(order.FeeMinor), Of(order.FeeTaxMinor));
        return FeeShare.Of(sale, order.RefundedMinor + order.DisputedMinor + order.PartedMinor, order.FeeBackMinor + order.DisputedFeeMinor + order.PartedFeeMinor,
            order.FeeTaxBackMinor + order.DisputedTaxMinor + order.PartedTaxMinor, amount);
    }

    private static async Task Write(Transaction tx, Caller caller, RefundId id, PaymentId payment, OrderId order, Amount amount, Amount fee, Amount tax, string source, string reason, Guid? part)
    {
        await tx.ChangeOne(Insert, new { id, payment, order, currency = amount.Currency, minor = amount.Minor, fee = fee.Minor, tax = tax.Minor, source, reason, part, by = caller.AccountId, now = tx.Now });
        await Timeline.Note(tx, caller, payment, "refund_requested", new { refund = id, amount, reason });
        await tx.Publish(new RefundChanged(id, payment, order, amount, RefundState.Pending, reason));
        await tx.Audit(caller, "refund.requested", "payment", payment.ToString(), after: new { refund = id, amount, fee, tax, source }, why: reason);
        await tx.Enqueue(new SendRefund(id), uniqueKey: id.ToString());
        tx.Hint($"order:{order}");
    }

    private const string Lock = """
        select p.id, p.order_id, o.provider_id, o.purpose, o.subject_id, o.currency, o.total_minor, o.fee_minor, o.fee_tax_minor, o.released_at,
            p.id is not distinct from o.paid_payment_id as applied, p.step_minor, p.can_refund_part, g.captured_minor, g.refunded_minor, g.fee_back_minor, g.fee_tax_back_minor,
            g.disputed_minor, g.disputed_fee_minor, g.disputed_tax_minor, g.parted_minor, g.parted_fee_minor, g.parted_tax_minor
        from money.orders o join money.payments p on p.order_id = o.id join money.payment_guards g on g.payment_id = p.id
        where o.id = @order and p.id = coalesce(@payment, o.paid_payment_id) for update of o, p, g
        """;

    private const string Insert = """
        insert into money.refunds (id, payment_id, order_id, state, currency, minor, fee_minor, fee_tax_minor, source, reason, part_id, requested_by, created_at)
        values (@id, @payment, @order, 'pending', @currency, @minor, @fee, @tax, @source, @reason, @part, @by, @now)
        """;
}
